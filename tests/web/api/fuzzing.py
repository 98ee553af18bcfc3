"""Call every operation with generated requests, and check that each answer is one of the document's.

The suite makes a few requests; `python -m bench.fuzzing` makes as many as it is told to.
"""

from __future__ import annotations

import asyncio
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import checks as known
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks

from tests.web.api.stage import ApiStage
from web.api.openapi import build_document
from web.api.table import ROUTES

CHECKS = (
    known.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
    checks.use_after_free,
)
TIMEOUT_SECONDS = 120
"""A workbook is drawn in a process of its own, which takes long to start on a busy machine."""
THINGS: Mapping[str, tuple[str, str, Mapping[str, object]]] = {
    "expense_id": ("POST", "expenses", {"amount": "4.50", "note": "coffee"}),
    "budget_id": ("PUT", "budgets", {"amount": "100"}),
    "series_id": ("POST", "recurring", {"amount": "1", "note": "rent"}),
    "webhook_id": ("POST", "webhooks", {"url": "https://example.org/hook"}),
    "token_id": ("POST", "tokens", {"scopes": ["read"]}),
}
"""The calls that make a thing, by the name of its id in paths."""


@dataclass(slots=True)
class Fuzzer:
    """Generates calls from a seed and counts their answers."""

    api: ApiStage
    number: int
    examples: int
    ids: dict[str, str] = field(default_factory=dict)
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    """Answers by operation and status."""

    async def run(self) -> None:
        """Call every operation with right and with wrong requests."""
        self.ids["ledger_id"] = self.api.home
        for name, (method, path, body) in THINGS.items():
            made = await self.api.call(method, f"/ledgers/{self.api.home}/{path}", json=body)
            self.ids[name] = made.json["id"]
        picture = b"\xff\xd8\xff" + b"picture"
        receipt = await self.api.call("POST", f"/ledgers/{self.api.home}/receipts", data=picture)
        self.ids["receipt_id"] = receipt.json["id"]
        await asyncio.to_thread(self._call_all)

    def _call_all(self) -> None:
        for result in schemathesis.openapi.from_dict(build_document(ROUTES)).get_all_operations():
            assert isinstance(result, Ok)
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                self._call(result.ok().as_strategy(generation_mode=mode))

    def _call(self, strategy: Any) -> None:  # noqa: ANN401  # of hypothesis
        @seed(self.number)
        @settings(
            max_examples=self.examples,
            deadline=None,
            database=None,
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
        )
        @given(strategy)
        def one(case: Any) -> None:  # noqa: ANN401  # of schemathesis
            self._check(case)

        one()

    def _check(self, case: Any) -> None:  # noqa: ANN401  # of schemathesis
        asked = list(CHECKS)
        # Half of the calls are about things that are there, or nearly all would be answered 404.
        if zlib.crc32(repr(case.body).encode("utf-8", "replace")) % 2:
            # What was wrong with a call may have been its path.
            asked.remove(checks.negative_data_rejection)
            given_ids = case.path_parameters or {}
            case.path_parameters = {
                name: self.ids.get(name, value) for name, value in given_ids.items()
            }
        answer = case.call_and_validate(
            base_url=self.api.url,
            headers={"Authorization": self.api.logins["ann"]},
            checks=asked,
            timeout=TIMEOUT_SECONDS,
        )
        self.statuses[case.operation.label, answer.status_code] += 1
