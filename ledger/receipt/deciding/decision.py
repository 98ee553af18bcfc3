"""Decide to book a draft, to book it with fields marked as doubtful, or to ask.

A wrong amount or currency costs more than a question, so these are asked when in doubt. Days and
shops are not: most people photograph at once, and a name is easily corrected. They are booked and
marked. The limits (`[sure]` of weights.toml) are chosen on held-out folds of the development sets,
so that of a hundred receipts booked unasked at least ninety-nine have the right total.
"""

from __future__ import annotations

from dataclasses import replace

from ledger.receipt.draft import Field, ReceiptDraft
from ledger.receipt.fields.ranking import load_weights

_READABLE = frozenset({"receipt", "refund"})


def decide(draft: ReceiptDraft) -> ReceiptDraft:
    """Return the draft with what to ask, what to mark, and whether it may be booked unasked."""
    asks = find_open_fields(draft)
    return replace(draft, asks=asks, marks=find_doubtful_fields(draft), sure=may_book(draft, asks))


def find_open_fields(draft: ReceiptDraft) -> tuple[Field, ...]:
    """Return the fields to ask about before the draft is booked, the most important first."""
    limits = load_weights()["sure"]
    if draft.kind not in _READABLE:
        return ("total",)
    asks: list[Field] = []
    doubtful = draft.confidence.get("total", 0) < limits["total"]
    if draft.total is None or doubtful or _is_contradicted(draft) or _is_bare(draft):
        asks.append("total")
    if draft.currency is None or draft.confidence.get("currency", 0) < limits["currency"]:
        asks.append("currency")
    return tuple(asks)


def find_doubtful_fields(draft: ReceiptDraft) -> tuple[Field, ...]:
    """Return the fields that are booked unasked and shown as doubtful."""
    limits = load_weights()["sure"]
    if draft.kind not in _READABLE:
        return ()
    marks: list[Field] = []
    if draft.on is None or draft.confidence.get("date", 0) < limits["date"]:
        marks.append("date")
    if draft.merchant is None or draft.confidence.get("merchant", 0) < limits["merchant"]:
        marks.append("merchant")
    if draft.currency_source == "chat":
        marks.append("currency")
    return tuple(marks)


def may_book(draft: ReceiptDraft, asks: tuple[Field, ...]) -> bool:
    """Return whether the draft may be booked unasked; a refund is confirmed in any case."""
    return draft.kind == "receipt" and not asks


def _is_bare(draft: ReceiptDraft) -> bool:
    """Return whether a paper shows an amount and hardly anything else of a receipt."""
    limits = load_weights()["sure"]
    shop = draft.confidence.get("merchant", 0) >= limits["merchant"]
    if draft.on is not None or any(check.passed for check in draft.checks):
        return False
    return not shop or draft.confidence.get("total", 0) < limits["total of a bare paper"]


def _is_contradicted(draft: ReceiptDraft) -> bool:
    """Return whether printed sums contradict the total and none supports it."""
    failed = any(not check.passed for check in draft.checks)
    return failed and not any(check.passed for check in draft.checks)
