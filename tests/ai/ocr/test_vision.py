"""The vision reader against a strict server: what is sent, and what becomes of the answer."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from typing import Any

import pytest
from PIL import Image

from ai.circuit_breaker import FAILURES_MAX, OPEN_SECONDS, CircuitBreaker
from ai.files.copies import clean_copy
from ai.language.masking import mask_cards
from ai.ocr.vision import HINT_CHARACTERS_MAX, VisionReader
from ledger.errors import UnavailableError
from ports.reading import FileRefusal, ReadHint, Reading
from tests.cloud import openai_stub as stubs
from tests.cloud.openai_stub import Stub, open_stub
from tests.cloud.purse import open_model


class Copier:
    async def clean_copy(
        self, data: bytes, *, side_max: int = 1600, page: int = 0
    ) -> bytes | FileRefusal:
        return clean_copy(data, side_max, page)


@pytest.fixture
async def stub() -> AsyncIterator[Stub]:
    async with open_stub() as server:
        yield server
        assert not server.faults


def photo(side: int = 3000) -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "CANARY-EXIF"
    Image.new("RGB", (side, side // 2), "white").save(out, "JPEG", exif=exif)
    return out.getvalue()


def seen(**fields: Any) -> dict[str, Any]:  # noqa: ANN401 -- any field
    names = (
        "merchant", "date", "total", "currency", "subtotal", "discount", "tip", "service",
        "rounding", "paid", "change",
    )  # fmt: skip
    blank = dict.fromkeys(names)
    return {"kind": "receipt", **blank, "taxes": [], "items": [], **fields}


@pytest.mark.parametrize("by_responses", [True, False], ids=["responses", "chat"])
async def test_a_small_clean_picture_and_masked_words_are_sent(
    stub: Stub, *, by_responses: bool
) -> None:
    stub.says(stubs.well({"receipts": [seen(merchant="CAFE", total="12,34", taxes=["2.06"])]}))
    text = "CAFE\nVISA 4111 1111 1111 1111\nTOTAL 12,34\n" + "x" * 200_000
    async with open_model(stub, by_responses=by_responses) as model:
        reader = VisionReader(model, Copier())
        hint = ReadHint("Anna's receipt.jpg", "fr", text, chat_id=123456789)
        found = await reader.read(photo(), hint)
    assert isinstance(found, Reading)
    [receipt] = found.receipts
    assert [(f.name, f.text) for f in receipt.fields] == [
        ("merchant", "CAFE"), ("total", "12,34"), ("tax", "2.06")
    ]  # fmt: skip
    [call] = stub.calls
    assert call.picture is not None
    assert b"CANARY" not in call.picture
    with Image.open(io.BytesIO(call.picture)) as sent:
        assert max(sent.size) == 1536
    assert "****1111" in call.words
    for secret in ("4111", "Anna", "123456789", "CANARY"):
        assert secret not in str(call.body)
    assert call.words.count("x") <= HINT_CHARACTERS_MAX + 100


async def test_no_receipt_is_an_answer(stub: Stub) -> None:
    stub.says(stubs.well({"receipts": []}))
    async with open_model(stub) as model:
        found = await VisionReader(model, Copier()).read(photo(), ReadHint())
    assert isinstance(found, Reading)
    assert found.receipts == ()


async def test_long_and_many_fields_are_cut(stub: Stub) -> None:
    items = [{"name": "x" * 5, "quantity": None, "unit_price": None, "price": "1.00"}] * 400
    stub.says(
        stubs.well({"receipts": [seen(merchant="A\nB" * 500, total="1.00", items=items)] * 15})
    )
    async with open_model(stub) as model:
        found = await VisionReader(model, Copier()).read(photo(), ReadHint())
    assert isinstance(found, Reading)
    assert len(found.receipts) == 10
    assert len(found.receipts[0].items) == 200
    assert len(found.receipts[0].fields[0].text) <= 120


async def test_after_a_rest_one_picture_tries_again(stub: Stub) -> None:
    now = [0.0]
    async with open_model(stub, new_breaker=lambda: CircuitBreaker(lambda: now[0])) as model:
        reader = VisionReader(model, Copier())
        stub.says(stubs.refused(400))
        for _ in range(5):
            with pytest.raises(UnavailableError):
                await reader.read(photo(), ReadHint())
        assert len(stub.calls) == FAILURES_MAX
        now[0] += OPEN_SECONDS + 1
        stub.says(stubs.well({"receipts": []}))
        assert isinstance(await reader.read(photo(), ReadHint()), Reading)


async def test_what_is_no_picture_is_not_sent(stub: Stub) -> None:
    async with open_model(stub) as model:
        with pytest.raises(UnavailableError):
            await VisionReader(model, Copier()).read(b"not a picture", ReadHint())
    assert not stub.calls


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("VISA 4111 1111 1111 1111", "VISA ****1111"),
        ("4111111111111111", "****1111"),
        ("XXXX-XXXX-XXXX-1234", "****1234"),
        ("card ************1881 ok", "card ****1881 ok"),
        ("AMEX 3782 822463 10005", "AMEX ****0005"),
        ("IBAN DE44 5001 0517 5407 3249 31", "IBAN DE44 ****4931"),
        # amounts, days and short numbers are no cards
        ("TOTAL 12.34", "TOTAL 12.34"),
        ("10.00 20.00 30.00 40.00", "10.00 20.00 30.00 40.00"),
        ("2026-11-20 18:47", "2026-11-20 18:47"),
        ("12 500 000", "12 500 000"),
    ],
)
def test_numbers_of_cards_are_masked(text: str, masked: str) -> None:
    assert mask_cards(text) == masked
