"""Read the CSV that `/export` writes; every cell comes back as it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import get_args

from ledger.entries.entry import EntryType
from ledger.formats.table import COLUMNS, TEXT_COLUMNS, unguard
from ledger.imports.rows import ImportRow
from ledger.money import AMOUNT_MAX, Money, is_currency
from ledger.statements import UnreadableRow, Why
from ledger.statements.dialects import Dialect, Row

DIALECT = Dialect(",", '"')
"""The separator and quote that the export writes."""
_TYPES: frozenset[str] = frozenset(get_args(EntryType))


def begins_kvitto_csv(text: str) -> bool:
    """Return whether the first line is the one that Kvitto's export writes."""
    return text.lstrip("\ufeff").partition("\n")[0].rstrip("\r") == ",".join(COLUMNS)


def is_kvitto_csv(rows: Sequence[Row]) -> bool:
    """Return whether the first row names the columns of Kvitto's own export."""
    return bool(rows) and rows[0].cells == COLUMNS


def read_kvitto_csv(rows: Sequence[Row]) -> list[ImportRow | UnreadableRow]:
    """Return the entries of an export; a row that was edited into something else is unreadable."""
    return [_read(row) for row in rows[1:]]


def _read(row: Row) -> ImportRow | UnreadableRow:
    if len(row.cells) != len(COLUMNS):
        return UnreadableRow(row.line, row.text, "cells")
    cells = {
        # The export puts an apostrophe in front of words that a spreadsheet would calculate.
        name: unguard(cell) if name in TEXT_COLUMNS else cell
        for name, cell in zip(COLUMNS, row.cells, strict=True)
    }
    if why := _find_fault(cells):
        return UnreadableRow(row.line, row.text, why)
    kind: EntryType = cells["type"]  # type: ignore[assignment]  # checked above
    return ImportRow(
        line=row.line,
        on=date.fromisoformat(cells["date"]),
        type=kind,
        money=Money(Decimal(cells["amount"]), cells["currency"]),
        merchant=cells["merchant"],
        note=cells["note"],
        category=cells["category"],
        tags=tuple(cells["tags"].split()),
        paid_by=cells["paid_by"],
        reference=cells["id"],
    )


def _find_fault(cells: Mapping[str, str]) -> Why | None:
    try:
        date.fromisoformat(cells["date"])
    except ValueError:
        return "no_date"
    try:
        amount = Decimal(cells["amount"])
    except InvalidOperation:
        return "no_amount"
    if cells["type"] not in _TYPES or not is_currency(cells["currency"]):
        return "cells"
    # `Decimal` also reads NaN and Infinity.
    if not amount.is_finite() or not 0 < amount <= AMOUNT_MAX:
        return "no_amount"
    return None
