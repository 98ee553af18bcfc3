"""Define insights: facts about a ledger that code has computed, with what lies behind them.

An insight is named by its kind, its object and its month. A person refuses a kind of an object forever; the
bucket says roughly how large the fact is, so that the same fact with another last digit is not news.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from ledger.entries.entry import Entry
from ledger.entries.queries import EntryFilter
from ledger.insights.forecast import Forecast
from ledger.money import Money
from ledger.periods.period import Period
from ledger.recurring.rules import Unit

Kind = Literal["forecast", "change", "unusual", "step", "fixed", "budget", "price", "habit"]
KINDS: tuple[Kind, ...] = (
    "forecast", "change", "unusual", "step", "fixed", "budget", "price", "habit",
)  # fmt: skip
ONCE: frozenset[Kind] = frozenset({"unusual", "step", "budget", "price", "fixed"})
"""Kinds that are not news in another month either, unless they are of another size."""

_BUCKET_MINOR = 25_000
_BUCKET_PERCENT = 10


@dataclass(frozen=True, slots=True)
class ForecastFact:
    """The sum that the running period is expected to reach."""

    forecast: Forecast


@dataclass(frozen=True, slots=True)
class ChangeFact:
    """A category that costs more or less than usual, and the parts of that difference.

    The parts add up to the difference: of shops that are new, of more or fewer purchases, and of dearer
    or cheaper ones.
    """

    category: str
    period: Period
    """The days that are compared."""
    periods: int
    """Earlier periods, whose same days are the usual."""
    total: Money
    usual: Money
    by_shops: Money
    by_number: Money
    by_price: Money
    number: int
    """Purchases without those at new shops, as is their mean amount."""
    usual_number: Decimal
    mean: Money
    usual_mean: Money
    shops: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnusualFact:
    """An entry that is far larger than others of its name."""

    entry: Entry
    usual: Money
    count: int
    """Earlier entries of the name."""


@dataclass(frozen=True, slots=True)
class StepFact:
    """A subscription whose price has changed."""

    title: str
    money: Money
    before: Money
    on: date
    a_year: Money
    """The difference in a year; negative where it got cheaper."""


@dataclass(frozen=True, slots=True)
class FixedCost:
    """One amount that comes again."""

    title: str
    money: Money
    unit: Unit
    every: int


@dataclass(frozen=True, slots=True)
class FixedCostsFact:
    """Everything with a fixed price that comes again."""

    found: tuple[FixedCost, ...]
    """The dearest first."""
    a_month: Money


@dataclass(frozen=True, slots=True)
class BudgetFact:
    """A limit that a category has kept to in most periods."""

    category: str
    limit: Money
    usual: Money
    periods: int


@dataclass(frozen=True, slots=True)
class PriceFact:
    """An item whose price at a shop has changed, by receipt lines."""

    item: str
    shop: str
    money: Money
    before: Money
    on: date
    since: date
    """Day of the earliest receipt that is compared."""
    count: int
    """Receipts that are compared."""


@dataclass(frozen=True, slots=True)
class HabitFact:
    """Small purchases of one name that add up."""

    title: str
    total: Money
    number: int
    period: Period


Fact = (
    ForecastFact | ChangeFact | UnusualFact | StepFact | FixedCostsFact | BudgetFact | PriceFact | HabitFact
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Insight:
    """A fact with its name and the entries that it is made of."""

    kind: Kind
    object: str
    """Names a category, an entry, a series or an item; empty for everything."""
    month: str
    """First day of the period in which it was found, as ISO text."""
    bucket: str
    fact: Fact
    weight: int
    """Minor units a month that it is about; the heaviest are told."""
    behind: EntryFilter | None = None
    entry_ids: tuple[str, ...] = ()
    is_news: bool = True
    """Worth telling unasked."""

    @property
    def key(self) -> tuple[str, str]:
        """Return what a person refuses."""
        return self.kind, self.object


@dataclass(frozen=True, slots=True)
class InsightMark:
    """That an insight was told; without a month, that it was refused."""

    kind: str
    object: str
    month: str
    bucket: str


def choose(found: list[Insight], marks: list[InsightMark], limit: int) -> list[Insight]:
    """Return what may be told unasked, the heaviest first: news that were neither told nor refused."""
    told = {(one.kind, one.object, one.month) for one in marks}
    # A refusal has no month, and its empty bucket is not a size that was told.
    sizes = {(one.kind, one.object, one.bucket) for one in marks if one.month}
    news = [
        one
        for one in without_refused(found, marks)
        if one.is_news
        and (one.kind, one.object, one.month) not in told
        # A price that has changed stays changed, so next month it is old news.
        and not (one.kind in ONCE and (one.kind, one.object, one.bucket) in sizes)
    ]
    return sorted(news, key=lambda one: -one.weight)[:limit]


def pick(found: list[Insight], limit: int) -> list[Insight]:
    """Return what is shown where it is asked for: of each kind the heaviest first, then the next ones."""
    order = {kind: place for place, kind in enumerate(KINDS)}
    ranks: dict[Kind, int] = dict.fromkeys(KINDS, 0)
    ranked: list[tuple[int, Insight]] = []
    for one in sorted(found, key=lambda one: -one.weight):
        ranked.append((ranks[one.kind], one))
        ranks[one.kind] += 1
    ranked.sort(key=lambda pair: (pair[0], order[pair[1].kind]))
    # Chosen by rank, so that one kind cannot fill the list, and shown by kind.
    shown = ranked[:limit]
    return [one for _, one in sorted(shown, key=lambda pair: (order[pair[1].kind], pair[0]))]


def without_refused(found: list[Insight], marks: list[InsightMark]) -> list[Insight]:
    """Return the insights that nobody has refused."""
    refused = {(one.kind, one.object) for one in marks if not one.month}
    return [one for one in found if one.key not in refused]


def bucket_of(minor: int) -> str:
    """Return the size of an amount, in steps of 250 units of a currency with two digits."""
    # One step for all currencies, since a bucket only has to be coarse.
    return f"a{minor // _BUCKET_MINOR}"


def bucket_of_share(part: int, whole: int) -> str:
    """Return the size of a share, in steps of ten percent."""
    return f"p{part * 100 // (whole * _BUCKET_PERCENT)}" if whole else "p"
