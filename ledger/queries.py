"""Define filters, cursors and sums for reading the entries of a ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ledger.entry import EntryType
from ledger.period import Period


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """A filter of entries. All given conditions must hold; deleted entries never match."""

    period: Period | None = None
    type: EntryType | None = None
    categories: tuple[str, ...] = ()
    words: str = ""
    """Found in note, merchant or tags, in any case; `%` and `_` are plain characters."""
    merchant: str = ""
    paid_by: int | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place after which a page goes on: newest first by day, then by id."""

    spent_on: date
    entry_id: str


@dataclass(frozen=True, slots=True)
class Total:
    """A sum made in SQL. `minor` is in the ledger's currency, or in `currency` when unconverted."""

    category: str
    type: EntryType
    minor: int
    count: int
    currency: str | None = None
    """Set for amounts without a known rate: they are summed per currency, apart."""
