"""Write entries as rows of text for CSV and JSON.

Amounts are decimal text at the currency's minor digits, times UTC with `Z`. Cells that a spread
sheet could take for a formula are guarded in CSV, and only there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from ledger.entries.entry import Entry
from ledger.money import plain
from ledger.periods.days import utc

COLUMNS: tuple[str, ...] = (
    "id",
    "date",
    "type",
    "amount",
    "currency",
    "category",
    "merchant",
    "note",
    "tags",
    "paid_by",
    "source",
    "base_amount",
    "base_currency",
    "rate",
    "rate_date",
    "created_at",
    "updated_at",
)

TEXT_COLUMNS: frozenset[str] = frozenset({"category", "merchant", "note", "tags", "paid_by"})
"""Columns that hold people's words; all others are written by us and need no guard."""

_TEXT_POSITIONS = tuple(at for at, name in enumerate(COLUMNS) if name in TEXT_COLUMNS)
# Spread sheets run formulas that begin with the full-width forms as well.
_GUARDED = frozenset("=+-@＝＋－＠\t\r\n'")


def row_of(
    entry: Entry,
    *,
    currency: str,
    members: Mapping[int, str],
    categories: Mapping[str, str],
) -> tuple[str, ...]:
    """Return an entry's cells in the order of `COLUMNS`, unguarded.

    `currency` is the ledger's, `members` maps user ids to display names and `categories` the ids of
    the chat's own categories to their names.
    """
    money, base = entry.money, entry.base
    created = _instant(entry.created_at)
    return (
        entry.id,
        entry.spent_on.isoformat(),
        entry.type,
        plain(money.amount, money.currency),
        money.currency,
        categories.get(entry.category, entry.category),
        entry.merchant or "",
        entry.note,
        " ".join(tag.removeprefix("#") for tag in entry.tags),
        members.get(entry.paid_by, ""),
        entry.source,
        plain(base.money.amount, base.money.currency) if base else "",
        base.money.currency if base else currency,
        ("1" if base.rate == 1 else f"{base.rate:f}") if base else "",
        base.rate_on.isoformat() if base else "",
        created,
        # Most entries were never changed.
        created if entry.updated_at == entry.created_at else _instant(entry.updated_at),
    )


def guard(cell: str) -> str:
    """Put `'` before a cell that a spread sheet would run, and before one that begins with `'`."""
    return "'" + cell if cell[:1] in _GUARDED else cell


def unguard(cell: str) -> str:
    """Take the guard off again: `unguard(guard(cell)) == cell` for every text."""
    return cell.removeprefix("'")


def guarded(row: tuple[str, ...]) -> tuple[str, ...]:
    """Return a row with its text cells guarded."""
    if _GUARDED.isdisjoint([row[position][:1] for position in _TEXT_POSITIONS]):
        return row
    cells = list(row)
    for position in _TEXT_POSITIONS:
        cells[position] = guard(cells[position])
    return tuple(cells)


def _instant(at: datetime) -> str:
    # Stored times are in UTC already, and a large export writes two of them a row.
    return (at if at.tzinfo is UTC else utc(at)).isoformat()[: -len("+00:00")] + "Z"
