"""Define filters, cursors and sums for reading the entries of a ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from ledger.entries.entry import EntryType
from ledger.money import Money
from ledger.periods.period import Period


@dataclass(frozen=True, slots=True)
class AmountRange:
    """Amounts of one currency, in its minor units; both ends belong to it, None is open.

    An entry matches by its amount as typed or by its amount in the ledger's currency, whichever is
    in `currency`.
    """

    least_minor: int | None
    most_minor: int | None
    currency: str

    @property
    def least(self) -> Money | None:
        """Return the smallest amount."""
        return _money(self.least_minor, self.currency)

    @property
    def most(self) -> Money | None:
        """Return the largest amount."""
        return _money(self.most_minor, self.currency)


def _money(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money.of_minor(minor, currency)


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """A filter of entries. All given conditions must hold; deleted entries never match.

    `/list`, `/find`, `/summary`, `/export` and the API ask by it: `ledger.text.filter_words` reads it,
    `ledger.entries.filter_fields` writes it for buttons and jobs, and the database applies it in one place.
    """

    period: Period | None = None
    type: EntryType | None = None
    categories: tuple[str, ...] = ()
    """Ids; an entry matches one of them. The id of an entry without a category is empty."""
    scopes: tuple[str, ...] = ()
    """The categories and groups that were named, by which the filter is shown (`ledger.budgets.scopes`)."""
    tags: tuple[str, ...] = ()
    """An entry has all of them, without `#`; case and accents do not matter."""
    words: str = ""
    """Found in note, merchant or tags, in any case; `%` and `_` are plain characters."""
    merchant: str = ""
    paid_by: int | None = None
    amounts: AmountRange | None = None
    whole_words: bool = False
    """Each of `words` stands alone, with a short ending at most: `tea` finds teas and no steak."""
    without: tuple[EntryFilter, ...] = ()
    """Entries that meet every condition of one of these are left out."""

    @property
    def is_narrow(self) -> bool:
        """Return whether it leaves out entries of its period."""
        return any(
            (
                self.type,
                self.categories,
                self.tags,
                self.words,
                self.merchant,
                self.paid_by is not None,
                self.amounts,
                self.without,
            )
        )


EMPTY_FILTER = EntryFilter()
"""Lets every entry through."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """The spending that a budget counts. All given conditions must hold."""

    categories: tuple[str, ...] = ()
    """Empty: every category."""
    tag: str = ""
    """Folded, without `#`."""
    paid_by: int | None = None


@dataclass(frozen=True, slots=True)
class Spending:
    """Spending of a day in one currency, less refunds, in its minor units."""

    on: date
    currency: str
    minor: int


@dataclass(frozen=True, slots=True)
class DaySum:
    """Spending less refunds of a day in one category, in minor units of the ledger's currency."""

    on: date
    category: str
    minor: int


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


GroupColumn = Literal["category", "merchant", "member", "day", "tag"]
"""A column by which entries are summed up."""


@dataclass(frozen=True, slots=True)
class GroupTotal:
    """The sum of one group of entries, for one type and category."""

    key: str | int | date | None
    """A category id, a merchant, the user id of who paid, or a day."""
    total: Total
