"""Words, categories and voices through a model: bound to a form, believed only as far as it fits."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ai.categories.gpt import GptLineCategoriser
from ai.speech import OpenAiSpeechToText
from ai.text.gpt import GptTextExtractor
from ai.text.phrasing import GptPhraser
from ledger.errors import UnavailableError
from ports.external_ai import LINES_MAX, ExtractedEntry, Line
from tests.cloud import openai_stub as stubs
from tests.cloud.openai_stub import Stub, open_stub
from tests.cloud.purse import open_model

TODAY = date(2026, 11, 20)
CATEGORIES = {"groceries": "groceries", "eating_out": "eating out", "Own thing": "Own thing"}


@pytest.fixture
async def stub() -> AsyncIterator[Stub]:
    async with open_stub() as server:
        yield server
        assert not server.faults


def said(amount: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 -- any field
    blank = {"type": "expense", "currency": None, "note": "lunch", "date": None}
    return {**blank, "amount": amount, **fields}


async def ask_words(
    stub: Stub, *entries: dict[str, Any], text: str = "x 1"
) -> tuple[ExtractedEntry, ...]:
    stub.says(stubs.well({"entries": list(entries)}))
    async with open_model(stub) as model:
        return await GptTextExtractor(model).read(
            text, today=TODAY, currency="EUR", language="en", chat_id=5
        )


@pytest.mark.parametrize(
    ("entry", "understood"),
    [
        # what a model says, and what of it is believed
        (said("12.50"), ExtractedEntry("expense", Decimal("12.50"), "lunch")),
        (said("1200", type="income"), ExtractedEntry("income", Decimal(1200), "lunch")),
        (said("5", currency="usd"), ExtractedEntry("expense", Decimal(5), "lunch", "USD")),
        (said("5", currency="XXX-no"), ExtractedEntry("expense", Decimal(5), "lunch")),
        (
            said("5", date="2026-11-19"),
            ExtractedEntry("expense", Decimal(5), "lunch", None, date(2026, 11, 19)),
        ),
        (said("5", date="2026-12-24"), ExtractedEntry("expense", Decimal(5), "lunch")),  # not yet
        (
            said("5", date="1999-01-01"),
            ExtractedEntry("expense", Decimal(5), "lunch"),
        ),  # too long ago
        (said("5", date="soon"), ExtractedEntry("expense", Decimal(5), "lunch")),
        (
            said("5", note="a\nb " * 100),
            ExtractedEntry("expense", Decimal(5), ("a b " * 100)[:100].rstrip()),
        ),
        (said("0"), None),
        (said("-5"), None),
        (said("1e9"), None),
        (said("NaN"), None),
        (said("12,50"), None),
        (said("9" * 30), None),
        (said("٥"), None),
    ],
)
async def test_an_entry_is_what_it_claims_to_be(
    stub: Stub, entry: dict[str, Any], understood: ExtractedEntry | None
) -> None:
    found = await ask_words(stub, entry)
    if understood and understood.note != "lunch":
        assert len(found[0].note) <= 100
    else:
        assert found == ((understood,) if understood else ())


async def test_words_are_cut_and_masked(stub: Stub) -> None:
    await ask_words(stub, text="paid with 4111 1111 1111 1111 " + "x" * 9000)
    assert "4111" not in stub.calls[0].words
    assert len(stub.calls[0].words) < 4000


async def test_lines_are_filed_under_the_chats_own_categories(stub: Stub) -> None:
    choices = [{"line": 1, "category": "Own thing"}, {"line": 3, "category": None}]
    stub.says(stubs.well({"choices": choices}))
    async with open_model(stub) as model:
        found = await GptLineCategoriser(model).categorise(
            [Line("gear"), Line("milk", "Lidl"), Line("?")], CATEGORIES, language="en", chat_id=5
        )
    assert found == ["Own thing", None, None]
    [call] = stub.calls
    assert call.schema is not None
    assert "milk (shop: Lidl)" in call.words
    assert "'Own thing'" in str(call.schema), "the form allows these categories only"


async def test_a_category_of_its_own_making_is_refused(stub: Stub) -> None:
    stub.says(stubs.raw('{"choices": [{"line": 1, "category": "salary"}]}'))
    async with open_model(stub) as model:
        with pytest.raises(UnavailableError):
            await GptLineCategoriser(model).categorise(
                [Line("x")], CATEGORIES, language="en", chat_id=5
            )


async def test_a_full_batch_keeps_to_the_limits(stub: Stub) -> None:
    stub.says(stubs.well({"choices": []}))
    lines = [Line("word " * 50, "shop " * 50)] * LINES_MAX
    names = {f"category {n}": "n" * 40 for n in range(40)}
    async with open_model(stub) as model:
        found = await GptLineCategoriser(model).categorise(lines, names, language="en", chat_id=5)
    assert found == [None] * LINES_MAX


async def test_what_is_heard_is_one_bounded_line(stub: Stub) -> None:
    stub.says(stubs.well("coffee\n four fifty " + "la " * 2000))
    async with open_model(stub) as model:
        words = await OpenAiSpeechToText(model).transcribe(b"OggS", seconds=3, chat_id=5)
    assert words.startswith("coffee four fifty la")
    assert len(words) <= 1000


async def test_facts_are_phrased_in_the_chats_style_and_without_card_numbers(stub: Stub) -> None:
    stub.says(stubs.well({"text": " Fuel was dear. "}))
    facts = "1. €310.00 fuel, card 4111 1111 1111 1111"
    async with open_model(stub) as model:
        text = await GptPhraser(model).phrase(facts, "be brief", language="de", chat_id=5)
    assert text == "Fuel was dear."
    asked = str(stub.calls[-1].body)
    assert "be brief" in asked
    assert "€310.00 fuel" in asked
    assert "4111 1111" not in asked
