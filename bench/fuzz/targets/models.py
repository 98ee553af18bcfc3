"""An answer of a language model: entries, a query, a receipt, other words for facts."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from pydantic import BaseModel, ValidationError

from ai.ocr.vision import SeenReceipt, SeenReceipts, reading_of
from ai.text.gpt import ModelEntries, list_entries
from ai.text.phrasing import ModelText
from ai.text.questions import ModelQuery, fields_of
from ledger.inquiries.wire import load_query, query_fields
from ledger.money import AMOUNT_MAX
from ledger.number_guard import holds
from ledger.receipt.build import build_drafts
from ledger.receipt.draft import ReceiptContext

TODAY = date(2026, 11, 20)
CONTEXT = ReceiptContext(datetime(2026, 11, 20, 12, 0, tzinfo=UTC))
FACTS = "Food €120.50 of €400, 30 %, 3 days left. Rent 850 EUR on 1 December."


def _check_entries(answer: ModelEntries) -> None:
    for entry in list_entries(answer, TODAY):
        assert 0 < entry.amount <= AMOUNT_MAX, entry.amount


def _check_query(answer: ModelQuery) -> None:
    try:
        query = load_query(fields_of(answer))
    except ValueError:
        return
    assert load_query(query_fields(query)) == query


def _check_receipts(answer: SeenReceipts) -> None:
    for draft in build_drafts(reading_of(answer), CONTEXT):
        assert not draft.sure or (draft.total and 0 < draft.total <= AMOUNT_MAX), draft.total


def _check_words(answer: ModelText) -> None:
    if holds(answer.text, FACTS):
        digits = {sign for sign in answer.text if sign.isdecimal()}
        assert digits <= set("012345680") | {d for d in digits if not d.isascii()}, digits


ANSWERS: tuple[tuple[type[BaseModel], Callable[[Any], None]], ...] = (
    (ModelEntries, _check_entries),
    (ModelQuery, _check_query),
    (SeenReceipts, _check_receipts),
    (ModelText, _check_words),
)
_ENTRY = {"type": "expense", "amount": "4.50", "currency": "EUR", "note": "coffee", "date": None}
_QUERY = dict.fromkeys(ModelQuery.model_fields) | {"op": "sum", "ascending": False}
_RECEIPT = dict.fromkeys(SeenReceipt.model_fields) | {
    "kind": "receipt",
    "merchant": "EDEKA",
    "total": "21.44",
    "taxes": ["1.40"],
    "items": [{"name": "Milk", "quantity": "1", "unit_price": None, "price": "1,29"}],
}
SEEDS = (
    b"\0" + json.dumps({"entries": [_ENTRY]}).encode(),
    b"\1" + json.dumps(_QUERY).encode(),
    b"\2" + json.dumps({"receipts": [_RECEIPT]}).encode(),
    b"\3" + json.dumps({"text": "You spent €120.50 on food, 30 % of €400."}).encode(),
)


def enter(data: bytes) -> None:
    """Read the bytes behind the first one as the answer that the first one chooses."""
    if not data:
        return
    model, check = ANSWERS[data[0] % len(ANSWERS)]
    try:
        answer = model.model_validate_json(data[1:])
    except ValidationError:
        return
    check(answer)
