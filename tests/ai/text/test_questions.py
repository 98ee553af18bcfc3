"""A model fills in a form of a question, and sees no more than names."""

from __future__ import annotations

from datetime import date
from typing import Any

from ai.text.questions import GptQuestionReader
from ledger.inquiries.wire import load_query, query_fields
from ports.external_ai import AskableNames
from tests.cloud import openai_stub as stubs
from tests.cloud.openai_stub import open_stub
from tests.cloud.purse import open_model

BLANK: dict[str, Any] = dict.fromkeys(
    ("period", "category", "merchant", "words", "tag", "min", "max", "by", "compare_to", "limit")
)


async def test_a_question_becomes_the_fields_of_a_query() -> None:
    period = {"first": "2026-10-01", "last": "2026-10-31"}
    form = BLANK | {"op": "total", "type": "expense", "words": "coffee", "period": period}
    async with open_stub() as stub, open_model(stub) as model:
        reader = GptQuestionReader(model)
        names = AskableNames(("groceries",), ("Lidl",), ("work",))
        asked: dict[str, Any] = {
            "today": date(2026, 11, 20),
            "language": "en",
            "names": names,
            "chat_id": 5,
        }
        stub.says(stubs.well(form | {"ascending": False}))
        fields = await reader.read_question("caffeine in october?", **asked)
        stub.says(stubs.well(BLANK | {"op": "none", "type": "expense", "ascending": False}))
        assert await reader.read_question("tell me a joke", **asked) is None
        assert not stub.faults
        assert "Lidl" in stub.calls[0].words
    assert fields is not None
    query = load_query(fields)
    assert query_fields(query)["filter"]["words"] == "coffee"
    assert query.filter.period is not None
    assert query.filter.period.days == 31
