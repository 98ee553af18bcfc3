"""When a draft may be booked without a question.

The thresholds are chosen by `bench/training/receipts.py` on held-out folds of the development sets,
so that of a hundred receipts booked unasked at least ninety-nine have the right total.
"""

from __future__ import annotations

from ledger.receipt.draft import Field, ReceiptDraft
from ledger.receipt.fields.ranking import load_weights


def find_open_fields(draft: ReceiptDraft) -> tuple[Field, ...]:
    """Return the fields that need the person's eye, the most important first."""
    limits = load_weights()["sure"]
    if draft.kind not in {"receipt", "refund"}:
        return ("total",)
    asks: list[Field] = []
    if (
        draft.total is None
        or draft.confidence.get("total", 0) < limits["total"]
        or _contradicted(draft)
    ):
        asks.append("total")
    if draft.on is None or draft.confidence.get("date", 0) < limits["date"]:
        asks.append("date")
    if draft.currency is None or draft.confidence.get("currency", 0) < limits["currency"]:
        asks.append("currency")
    if draft.merchant is None:
        asks.append("merchant")
    return tuple(asks)


def _contradicted(draft: ReceiptDraft) -> bool:
    """Say whether sums that are printed speak against the total and none for it."""
    failed = any(not check.passed for check in draft.checks)
    return failed and not any(check.passed for check in draft.checks)


def is_sure(draft: ReceiptDraft, asks: tuple[Field, ...]) -> bool:
    """Say whether the draft may be booked unasked; a missing merchant alone is no reason to ask."""
    return draft.kind == "receipt" and not set(asks) - {"merchant"}
