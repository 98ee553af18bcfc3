"""Refusals travel with an export, and a ledger that is forgotten or merged keeps none behind."""

from __future__ import annotations

import json

from ledger.imports.kvitto_json import read_kvitto_json
from ledger.insights.insight import InsightMark
from ports.repositories import Repositories
from services.exporting.spooling import _document
from services.importing.restoring_series import restore_series
from services.insights.finding import allow, refuse
from tests.services.setup import Run, Table


async def test_refusals_are_in_an_export_and_come_back_from_it(run: Run) -> None:
    def work(repositories: Repositories) -> tuple[list[str], list[InsightMark], list[InsightMark]]:
        scope = Table().scope(repositories)
        refuse(scope, "change", "groceries")
        refuse(scope, "price", "edeka:milch 1l")
        written = _document(scope)
        for kind, about in (("change", "groceries"), ("price", "edeka:milch 1l")):
            allow(scope, kind, about)
        gone = repositories.insight_marks.list_all(scope.ledger.id)
        document, _ = read_kvitto_json(json.dumps({**written, "entries": []}))
        restore_series(scope, {"refused_insights": document.refused_insights})
        back = repositories.insight_marks.list_all(scope.ledger.id)
        return written["refused_insights"], gone, back

    written, gone, back = await run(work)
    assert written == ["change:groceries", "price:edeka:milch 1l"]
    assert gone == []
    assert {(one.kind, one.object, one.month) for one in back} == {
        ("change", "groceries", ""),
        ("price", "edeka:milch 1l", ""),
    }


async def test_a_forgotten_ledger_leaves_no_marks(run: Run) -> None:
    def work(repositories: Repositories) -> list[InsightMark]:
        scope = Table().scope(repositories)
        refuse(scope, "change", "groceries")
        repositories.chats.forget(scope.ledger.id)
        return repositories.insight_marks.list_all(scope.ledger.id)

    assert await run(work) == []
