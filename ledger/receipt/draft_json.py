"""Write a draft as JSON, for the event from the reading job to its chat."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from ledger.receipt.draft import Check, Choices, Field, LineItem, ReceiptDraft


def dump_draft(draft: ReceiptDraft) -> dict[str, Any]:
    """Return a draft as JSON values; amounts and days become text."""
    return {
        "kind": draft.kind,
        "merchant": draft.merchant,
        "on": _dump_text(draft.on),
        "total": _dump_text(draft.total),
        "currency": draft.currency,
        "currency_source": draft.currency_source,
        "tax": _dump_text(draft.tax),
        "items": [
            [line.name, str(line.price), _dump_text(line.quantity), _dump_text(line.unit_price)]
            for line in draft.items
        ],
        "checks": [[check.name, check.passed, str(check.delta)] for check in draft.checks],
        "confidence": {name: round(value, 3) for name, value in draft.confidence.items()},
        "evidence": dict(draft.evidence),
        "sure": draft.sure,
        "asks": list(draft.asks),
        "candidates": _dump_choices(draft.candidates),
        "marks": list(draft.marks),
        "alternatives": _dump_choices(draft.alternatives),
        "text": draft.text,
        "missing": list(draft.missing),
    }


def load_draft(fields: Mapping[str, Any]) -> ReceiptDraft:
    """Restore a draft that `dump_draft` wrote."""
    return ReceiptDraft(
        kind=fields["kind"],
        merchant=fields["merchant"],
        on=_load_day(fields["on"]),
        total=_load_amount(fields["total"]),
        currency=fields["currency"],
        currency_source=fields["currency_source"],
        tax=_load_amount(fields["tax"]),
        items=tuple(
            LineItem(name, Decimal(price), _load_amount(quantity), _load_amount(unit_price))
            for name, price, quantity, unit_price in fields["items"]
        ),
        checks=tuple(
            Check(name, passed, Decimal(delta)) for name, passed, delta in fields["checks"]
        ),
        confidence=fields["confidence"],
        evidence=fields["evidence"],
        sure=fields["sure"],
        asks=tuple(fields["asks"]),
        candidates=_load_choices(fields["candidates"]),
        # Drafts that waited through an upgrade have neither.
        marks=tuple(fields.get("marks", ())),
        alternatives=_load_choices(fields.get("alternatives", {})),
        text=fields["text"],
        missing=tuple(fields["missing"]),
    )


def _dump_choices(choices: Mapping[Field, Choices]) -> dict[Field, list[str]]:
    return {name: [str(value) for value in values] for name, values in choices.items()}


def _load_choices(choices: Mapping[Field, list[str]]) -> dict[Field, Choices]:
    return {
        name: tuple(_load_value(name, value) for value in values)
        for name, values in choices.items()
    }


def _load_value(name: str, value: str) -> Any:  # noqa: ANN401 -- by field: amount, day or text
    if name in ("total", "tax"):
        return Decimal(value)
    return date.fromisoformat(value) if name == "date" else value


def _dump_text(value: object) -> str | None:
    return None if value is None else str(value)


def _load_day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _load_amount(value: str | None) -> Decimal | None:
    return Decimal(value) if value is not None else None
