"""Names of methods and parameters are those of the Bot API."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from demo.botapi.requests.registry import METHODS

SCHEMA = Path(__file__).parents[3] / "shared/data/botapi/api.json"


@pytest.mark.shared
@pytest.mark.skipif(not SCHEMA.exists(), reason="../shared/data/botapi is not here")
@pytest.mark.parametrize("name", sorted(METHODS))
def test_a_method_knows_the_names_of_the_schema(name: str) -> None:
    schema = json.loads(SCHEMA.read_text("utf-8"))["methods"]
    method = METHODS[name]
    official = {parameter["name"] for parameter in schema[method.name]["fields"]}
    assert method.parameters == official
