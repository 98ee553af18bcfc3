"""Define what the ledger answers to a query: figures and entries, never sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ledger.chats import Member
from ledger.entries.entry import Entry
from ledger.entries.queries import EntryFilter
from ledger.inquiries.query import DoubtKind, Grouping, Query
from ledger.money import Money
from ledger.periods.period import Period
from ledger.recurring.series import Series

Reason = str
"""`not_a_question`, `advice`, `private`, `write`, `leaves_out`, `splits_later`, `no_budgets`, `no_such_budget`, `no_series`."""


@dataclass(frozen=True, slots=True)
class Figures:
    """A sum of entries."""

    total: Money
    """In the ledger's currency; of spending less what came back."""
    count: int = 0
    """Expenses, or incomes; unconverted ones too."""
    refunds: int = 0
    apart: tuple[Money, ...] = ()
    """Amounts without a known rate, which are in no sum."""

    @property
    def is_empty(self) -> bool:
        """Return whether it is a sum of nothing."""
        return not (self.count or self.refunds)


@dataclass(frozen=True, slots=True)
class Group:
    """One of several sums."""

    key: str | int | Period
    """A category id, a shop, a tag, a person's user id, a weekday (0 is Monday) or a period."""
    figures: Figures
    which: EntryFilter | None
    """The entries that it is made of; None where no filter names them."""


@dataclass(frozen=True, slots=True)
class PricePoint:
    """The price of an item on one receipt."""

    name: str
    price: Money
    on: date
    merchant: str
    entry_id: str
    quantity: Decimal | None = None


@dataclass(frozen=True, slots=True)
class InquiryAnswer:
    """The answer to one query."""

    query: Query
    which: EntryFilter
    """The entries that were counted."""
    figures: Figures
    today: date
    members: tuple[Member, ...] = ()
    searched: str = ""
    """The words that were found instead of those that were asked for."""
    typed: tuple[Money, ...] = ()
    """The sum as it was typed, where a currency is asked for."""
    kept: tuple[str, ...] = ()
    """Words by which something was to be left out, but which no entry has."""
    before: Figures | None = None
    """The figures to compare with, or those of everything, to take a share of."""
    before_period: Period | None = None
    begun: date | None = None
    """The ledger's first day, where the period to compare with begins before it."""
    average: Money | None = None
    per: Grouping | None = None
    units: Decimal = Decimal(0)
    """Days, weeks or months over which an average was taken; fractions of running ones."""
    groups: tuple[Group, ...] = ()
    others: int = 0
    """Groups that are not shown."""
    entries: tuple[Entry, ...] = ()
    series: tuple[tuple[Series, date], ...] = ()
    prices: tuple[PricePoint, ...] = ()
    lines: Figures | None = None
    """Lines with the words that were asked for, on receipts whose entries lack them; None without any."""
    receipts: int | None = None
    """The receipts whose lines the groups are made of; None where they are made of entries."""
    latest: date | None = None
    """The day of the newest such entry of any time, where the period has none."""
    near: tuple[str, ...] = ()
    """Names of the chat that resemble words that nothing was found for."""
    categories: tuple[str, ...] = ()
    """Categories in which words that no entry has are spent, as far as that is known."""


@dataclass(frozen=True, slots=True)
class InquiryAsked:
    """A question with several meanings, each a query behind a button."""

    kind: DoubtKind
    words: str
    options: tuple[Query, ...]
    members: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class InquiryDeclined:
    """A question that is not answered, and why."""

    reason: Reason
    words: str = ""
