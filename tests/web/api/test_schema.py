"""The document is valid, and no generated request gets an answer that it does not describe."""

from __future__ import annotations

import asyncio
import os
import random
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis import checks as known
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks

from storage import open_database
from tests.web.api.stage import ApiStage, open_stage
from web.api.openapi import build_document
from web.api.table import ROUTES

EXAMPLES = int(os.environ.get("API_FUZZ_EXAMPLES", "2"))
CHECKS = (
    known.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
    checks.use_after_free,
)


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
        made = await api.book(amount="4.50", note="coffee")
        ids = {"ledger_id": api.home, "expense_id": made["id"]}
        await asyncio.to_thread(_fuzz, api, ids, number)


def _fuzz(api: ApiStage, ids: dict[str, str], number: int) -> None:
    schema = schemathesis.openapi.from_dict(build_document(ROUTES))
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            strategy = operation.as_strategy(generation_mode=mode)
            _try(api, strategy, ids, number)


def _try(api: ApiStage, strategy: Any, ids: dict[str, str], number: int) -> None:  # noqa: ANN401
    @seed(number)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def one(case: Any) -> None:  # noqa: ANN401
        asked = list(CHECKS)
        # Half of the calls are about things that are there, or nearly all would be answered 404.
        if hash(repr(case.body)) % 2:
            # What was wrong with a call may have been its path.
            asked.remove(checks.negative_data_rejection)
            case.path_parameters = {**(case.path_parameters or {})} | {
                name: known_id
                for name, known_id in ids.items()
                if name in (case.path_parameters or {})
            }
        case.call_and_validate(
            base_url=api.url, headers={"Authorization": api.logins["ann"]}, checks=asked
        )

    one()
