"""Turn entries into rows and rows into entries; only this module knows the stored form of amounts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select

from ledger.entries.entry import Converted, Entry
from ledger.entries.searching import search_text
from ledger.money import Money
from storage.database.repositories.entries.filtering import CURRENCY
from storage.database.tables import entries
from storage.database.types import AnyRow, storable

_TICK = timedelta(microseconds=1)

READ = select(entries, CURRENCY.label("ledger_currency"))
"""Reads what `stated` takes."""


def entry_row(entry: Entry) -> dict[str, Any]:
    """Return an entry as a row."""
    base = entry.base
    return {
        "id": entry.id,
        "ledger_id": entry.ledger_id,
        "type": entry.type,
        "amount_minor": entry.money.minor,
        "currency": entry.money.currency,
        "base_minor": base.money.minor if base else None,
        "base_currency": base.money.currency if base else None,
        "rate": f"{base.rate:f}" if base else None,
        "rate_on": base.rate_on if base else None,
        "rate_kind": base.kind if base and base.kind != "daily" else None,
        "spent_on": entry.spent_on,
        "note": entry.note,
        "merchant": entry.merchant,
        "category": entry.category,
        "category_guessed": entry.category_guessed,
        "tags": list(entry.tags),
        "marks": list(entry.marks),
        "paid_by": entry.paid_by,
        "source": entry.source,
        "source_key": entry.source_key,
        "receipt_id": entry.receipt_id,
        "created_at": entry.created_at,
        "updated_at": _changed_at(entry),
        "deleted_at": entry.deleted_at,
        "search": storable(search_text(entry)),
    }


def stated(row: AnyRow) -> Entry:
    """Return a row as an entry, without a base amount in a former currency of its ledger.

    The row ends with the ledger's currency, and is read by position as in `entry_of`.
    """
    entry = entry_of(row)
    if entry.base is None or entry.base.money.currency == row[-1]:
        return entry
    return replace(entry, base=None)


def entry_of(row: AnyRow) -> Entry:
    """Return a row as an entry, as it is stored; the row begins with the table's columns."""
    # Unpacked at once: an export reads a hundred thousand rows, and each column by its name costs
    # as much as the entry itself.
    (
        entry_id, ledger_id, kind, minor, currency, base_minor, base_currency, rate, rate_on,
        rate_kind, spent_on, note, merchant, category, category_guessed, tags, marks, paid_by,
        source, source_key, receipt_id, created_at, updated_at, deleted_at, *_,
    ) = row  # fmt: skip
    typed, base = Money.of_minor(minor, currency), None
    if base_minor is not None:
        # Nearly every entry is in the currency of its ledger, so it is built once for both.
        is_same = base_minor == minor and base_currency == currency
        money = typed if is_same else Money.of_minor(base_minor, base_currency)
        base = Converted(money, Decimal(rate), rate_on, rate_kind or "daily")
    return Entry(
        id=entry_id,
        ledger_id=ledger_id,
        type=kind,
        money=typed,
        spent_on=spent_on,
        note=note,
        category=category,
        category_guessed=category_guessed,
        paid_by=paid_by,
        source=source,
        source_key=source_key,
        created_at=created_at,
        updated_at=updated_at,
        merchant=merchant,
        tags=tuple(tags),
        marks=tuple(marks),
        base=base,
        receipt_id=receipt_id,
        deleted_at=deleted_at,
    )


def _changed_at(entry: Entry) -> datetime:
    """Return when an entry was changed, after it was made even where the clock was set back since."""
    if entry.updated_at >= entry.created_at:
        return entry.updated_at
    # Later by the least, because equal times mean that nobody changed it.
    return entry.created_at + _TICK


def typed_day(day: date) -> ColumnElement[date]:
    """Return a day as a statement compares it with the column of days."""
    return bindparam(None, day, type_=entries.c.spent_on.type)
