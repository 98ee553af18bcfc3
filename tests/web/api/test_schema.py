"""The document is valid, and no generated request gets an answer that it does not describe."""

from __future__ import annotations

import os
import random
from pathlib import Path

from openapi_spec_validator import OpenAPIV31SpecValidator

from storage import open_database
from tests.web.api.fuzzing import Fuzzer
from tests.web.api.stage import open_stage
from web.api.openapi import build_document
from web.api.table import ROUTES

EXAMPLES = 2


def test_the_document_is_valid_and_describes_every_route() -> None:
    document = build_document(ROUTES)
    OpenAPIV31SpecValidator(document).validate()
    described = {
        (method.upper(), path)
        for path, operations in document["paths"].items()
        for method in operations
    }
    assert described == {(route.method, route.path) for route in ROUTES}
    names = [route.name for route in ROUTES]
    assert len(set(names)) == len(names)


async def test_the_document_is_served_without_a_login(sqlite_url: str, tmp_path: Path) -> None:
    async with open_database(sqlite_url) as database, open_stage(database, tmp_path) as api:
        answer = await api.call("GET", "/openapi.json", as_="")
        assert answer.status == 200
        assert answer.json == build_document(ROUTES)


async def test_no_generated_request_is_answered_outside_the_document(
    sqlite_url: str, tmp_path: Path
) -> None:
    number = int(os.environ.get("API_FUZZ_SEED", random.randrange(10**6)))
    print(f"API_FUZZ_SEED={number}")
    async with open_database(sqlite_url) as database, open_stage(database, tmp_path) as api:
        await Fuzzer(api, number, EXAMPLES).run()
