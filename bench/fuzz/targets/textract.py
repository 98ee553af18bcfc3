"""An answer of Textract, up to the drafts that would be booked or asked about."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from ai.ocr.expense import parse_expenses
from ledger.money import AMOUNT_MAX
from ledger.receipt.build import build_drafts
from ledger.receipt.draft import ReceiptContext

CONTEXT = ReceiptContext(datetime(2026, 11, 20, 12, 0, tzinfo=UTC))


def _field(kind: str, text: str) -> dict[str, Any]:
    return {
        "Type": {"Text": kind, "Confidence": 99},
        "ValueDetection": {"Text": text, "Confidence": 98},
    }


_DOCUMENT = {
    "ExpenseIndex": 1,
    "SummaryFields": [
        _field("TOTAL", "21.44"),
        _field("VENDOR_NAME", "EDEKA"),
        _field("INVOICE_RECEIPT_DATE", "19.11.2026"),
        _field("TAX", "1.40"),
    ],
    "LineItemGroups": [
        {
            "LineItems": [
                {"LineItemExpenseFields": [_field("ITEM", "Milk"), _field("PRICE", "1,29")]}
            ]
        }
    ],
}
SEEDS = (
    json.dumps([_DOCUMENT]).encode(),
    b'[{"SummaryFields": [{"Type": null, "ValueDetection": {"Text": 7}}]}, 3]',
    b'[{"Blocks": [{"BlockType": "LINE", "Text": "TOTAL 1.00", "Geometry": {"BoundingBox": {"Top": 1e9}}}]}]',
)


def enter(data: bytes) -> None:
    """Read the bytes as the list of an answer's documents."""
    try:
        documents = json.loads(data)
    except (ValueError, RecursionError):
        return
    if not isinstance(documents, list):
        return
    reading = parse_expenses(documents)
    for draft in build_drafts(reading, CONTEXT):
        if draft.sure:
            assert draft.total is not None
            assert 0 < draft.total <= AMOUNT_MAX, draft.total
