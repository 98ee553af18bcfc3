"""Define the typed query that a question becomes, and the reasons why it may become none."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from ledger.periods.period import Period

Op = Literal[
    "total",
    "count",
    "average",
    "median",
    "list",
    "top",
    "largest",
    "smallest",
    "share",
    "compare",
    "trend",
    "last_time",
    "budget_left",
    "projection",
    "recurring",
    "owed",
    "price",
]
"""The operations; `price` follows one item across receipts, `owed` waits for splits."""
Grouping = Literal[
    "category", "merchant", "member", "item", "tag", "weekday", "day", "week", "month"
]
Compared = Literal["previous", "same_last_year", "average_n", "period"]
"""`period` compares with `Query.other`."""
QueryType = Literal["expense", "income", "both"]


@dataclass(frozen=True, slots=True)
class QueryFilter:
    """The entries that a question is about; every condition that is given must hold."""

    period: Period | None = None
    scopes: tuple[str, ...] = ()
    """Category and group ids (`ledger.budgets.scopes`); an entry matches one of them."""
    merchant: str = ""
    """As the ledger writes it."""
    words: str = ""
    """As typed; looked for in note, shop and tags."""
    item: str = ""
    """A line of receipts."""
    tag: str = ""
    member: str = ""
    """The name by which the chat knows a person."""
    least: Decimal | None = None
    most: Decimal | None = None
    """Bounds of the amount; both belong to it."""
    currency: str = ""
    """Only amounts typed in this currency; with bounds their currency."""
    without: tuple[QueryFilter, ...] = ()
    """Entries that are left out: those that meet every condition of one of these."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question as operation, filter, grouping and comparison."""

    op: Op
    type: QueryType = "expense"
    filter: QueryFilter = field(default_factory=QueryFilter)
    by: Grouping | None = None
    compare_to: Compared | None = None
    other: Period | None = None
    """The period to compare with, where it is named and follows no rule."""
    ascending: bool = False
    """The smallest group first; else the largest."""
    limit: int | None = None
    by_count: bool = False
    """Groups are ranked by their number of entries, not by their sum."""


RefusalReason = Literal["not_a_question", "advice", "private", "write", "leaves_out"]
"""Chatter; advice on investing; somebody's private ledger; a change of the ledger; a question that leaves
something out that no filter can say."""
DoubtKind = Literal["which_name", "which_person", "which_day", "which_period"]


@dataclass(frozen=True, slots=True)
class Understood:
    """A question with one meaning."""

    query: Query
    is_plain: bool
    """True where the words can be nothing but a question; else only `/ask` makes them one."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A question with several meanings; the person chooses one."""

    kind: DoubtKind
    words: str
    options: tuple[Query, ...]
    is_plain: bool


@dataclass(frozen=True, slots=True)
class Declined:
    """Words that ask for nothing, or a question that is not answered."""

    reason: RefusalReason
    is_plain: bool = False
    """True where the words ask for something all the same."""


Inquiry = Understood | Doubt | Declined
