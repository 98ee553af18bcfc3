"""Forecast what a period will have cost when it ends, with a band that holds four times out of five.

The rest of the period is what comes again by its dates, and for everything else the median of the same
rest of earlier periods, moved towards the pace of this one as it goes on. The band is as wide as the same
rule was wrong for earlier periods (split conformal prediction: the k-th smallest of n errors, where k is
0.8 * (n + 1)). `bench/insights` compares it with simpler rules.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate
from statistics import median
from typing import Literal

from ledger.budgets.projection import Payment, project_minor
from ledger.entries.queries import DaySum
from ledger.money import Money
from ledger.periods.period import Period

PERIODS_MIN = 3
"""Complete periods before this one, without which there is only its pace."""
MEDIAN_OF = 6
"""The latest periods whose rests are compared."""
PERIODS_MAX = 12
"""Earlier periods that are looked at."""
BAND_PERCENT = 80
BAND_MIN = 4
"""Errors from which a band can be told: of four, the largest holds four times out of five."""
_PACE_HALF = 2
"""The pace counts by half the square of the passed share of the period."""


@dataclass(frozen=True, slots=True)
class Committed:
    """An amount that comes again on a day to come, in minor units."""

    on: date
    minor: int
    title: str
    category: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """The sums that a forecast is made of, all in one currency."""

    period: Period
    today: date
    """Its spending counts as complete."""
    days: Sequence[DaySum]
    """All spending of the period and of those before."""
    before: Sequence[Period] = ()
    """Complete earlier periods, the oldest first."""
    recurring: Sequence[DaySum] = ()
    """The part of `days` that belongs to what comes again."""
    committed: Sequence[Committed] = ()
    """Amounts that come again in the rest of the period."""
    looked_from: date | None = date.min
    """First day from which entries were looked at for what comes again; None: none were, so a rent is
    among the other spending."""
    largest: Sequence[Payment] = ()
    """The largest payments of the period that do not come again, the largest first."""


@dataclass(frozen=True, slots=True)
class Expected:
    """The sum that a period is expected to reach, in minor units."""

    minor: int
    spent_minor: int
    """Spent up to today."""
    low_minor: int | None
    """Ends of the band; None where too few earlier periods can be compared."""
    high_minor: int | None
    basis: Literal["history", "pace"]
    periods: int
    """Earlier periods that it is based on."""
    committed: tuple[Committed, ...] = ()
    usual_minor: int | None = None
    """Median of the last complete periods; None without a history."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """The sum that a period is expected to reach, seen on a day of it."""

    period: Period
    today: date
    currency: str
    expected: Expected

    @property
    def days_ahead(self) -> int:
        """Return the days of the period behind today; on its last day nothing is left to expect."""
        return (self.period.end - self.today).days - 1

    @property
    def total(self) -> Money:
        """Return the expected sum of the whole period."""
        return self._money(self.expected.minor)

    @property
    def spent(self) -> Money:
        """Return what is spent up to today."""
        return self._money(self.expected.spent_minor)

    @property
    def band(self) -> tuple[Money, Money] | None:
        """Return the ends between which four of five such periods end; None if none is known."""
        low, high = self.expected.low_minor, self.expected.high_minor
        return None if low is None or high is None else (self._money(low), self._money(high))

    @property
    def usual(self) -> Money | None:
        """Return what such a period usually costs; None without a history."""
        usual = self.expected.usual_minor
        return None if usual is None else self._money(usual)

    @property
    def committed(self) -> Money:
        """Return the sum of what comes again in the rest of the period."""
        return self._money(sum(one.minor for one in self.expected.committed))

    def _money(self, minor: int) -> Money:
        return Money.of_minor(minor, self.currency)


def expect(known: Known) -> Expected | None:
    """Return the expected sum of a running period; None where the history is too short."""
    passed = (known.today - known.period.start).days + 1
    if not 0 < passed <= known.period.days:
        return None
    before = known.before[-PERIODS_MAX:]
    if len(before) < PERIODS_MIN:
        return _by_pace(known)
    looked_at = [one for one in before if one.start >= (known.looked_from or date.max)]
    is_split = len(looked_at) >= PERIODS_MIN
    if not is_split:
        # Series known for a few periods only would lower the rests of some and not of others.
        known, looked_at = replace(known, recurring=(), committed=()), list(before)
    whole, split = _Sums(known), _Sums(known, known.recurring)
    # With a rent still among the sums, the pace of the first days would multiply it.
    rest = split.estimate(known.period, looked_at, passed, paced=is_split)
    rules = _Rules(whole, split, paced=is_split)
    band = _band(sorted(_list_errors(known, before, looked_at, rules)))
    spent = _spent(known)
    minor = spent + sum(one.minor for one in known.committed) + rest
    return Expected(
        minor,
        spent,
        # A period cannot end below what is spent already.
        None if band is None else max(spent, minor - band),
        None if band is None else minor + band,
        "history",
        len(before),
        tuple(known.committed),
        int(median(whole.between(one.start, one.end) for one in before[-MEDIAN_OF:])),
    )


@dataclass(frozen=True, slots=True)
class _Rules:
    """The sums by which a period is forecast, and whether its own pace counts."""

    whole: _Sums
    split: _Sums
    """Without what comes again."""
    paced: bool


def _list_errors(
    known: Known, before: Sequence[Period], looked_at: Sequence[Period], rules: _Rules
) -> Iterator[int]:
    """Yield how wrong the rule was for each earlier period.

    Its errors without what comes again are too small, since series are known by now that were not known then;
    those with it are too large. Their mean is as wide as it must be (`bench/insights`).
    """
    passed = (known.today - known.period.start).days + 1
    for at, one in enumerate(before):
        # The first periods have too few before them for the rule to be tried on them.
        if at < PERIODS_MIN:
            continue
        error = rules.whole.error(at, before, (known.period, passed), paced=rules.paced)
        place = looked_at.index(one) if one in looked_at else 0
        if place >= PERIODS_MIN:
            other = rules.split.error(place, looked_at, (known.period, passed), paced=rules.paced)
            error = (error + other) // 2
        yield error


def _by_pace(known: Known) -> Expected | None:
    """Return the sum at this pace, with single large payments counted once; it has no band."""
    # A rent on the first day would be projected onto every other day.
    own = sum(one.minor for one in known.recurring if known.period.contains(one.on))
    spent = _spent(known)
    reached = project_minor(known.period, known.today, spent - own, known.largest)
    # A pace of nothing means that every payment was a single one, which tells nothing of the rest.
    if reached is None or reached <= spent - own:
        return None
    minor = reached + own + sum(one.minor for one in known.committed)
    return Expected(minor, spent, None, None, "pace", len(known.before), tuple(known.committed))


def _spent(known: Known) -> int:
    return sum(one.minor for one in known.days if known.period.contains(one.on))


class _Sums:
    """Running sums of spending by day."""

    def __init__(self, known: Known, without: Sequence[DaySum] = ()) -> None:
        """Sum the days of all periods, without some part of them."""
        by_day: dict[date, int] = defaultdict(int)
        for sign, days in ((1, known.days), (-1, without)):
            for one in days:
                by_day[one.on] += sign * one.minor
        self.first = min(known.before[0].start, known.period.start)
        length = (known.period.end - self.first).days
        sums = (by_day.get(self.first + timedelta(days=day), 0) for day in range(length))
        self._until = [0, *accumulate(sums)]

    def between(self, start: date, end: date) -> int:
        """Return the sum of the days from `start` up to but not including `end`."""
        return self._until[(end - self.first).days] - self._until[(start - self.first).days]

    def cut(self, one: Period, period: Period, passed: int) -> date:
        """Return the day of an earlier period up to which the same share of it had passed."""
        # Half a period rounds the division, because months differ in length.
        days = (passed * one.days + period.days // 2) // period.days
        return one.start + timedelta(days=days)

    def estimate(
        self, period: Period, before: Sequence[Period], passed: int, *, paced: bool = True
    ) -> int:
        """Return the rest of a period by those before it and, where asked, by its own pace."""
        rests = [
            self.between(self.cut(one, period, passed), one.end) for one in before[-MEDIAN_OF:]
        ]
        # Refunds may make a past rest negative, but none can be counted on.
        usual = max(0, int(median(rests)))
        if not (paced and passed):
            return usual
        so_far = max(0, self.between(period.start, period.start + timedelta(days=passed)))
        pace = so_far * (period.days - passed) // passed
        # The square gives the pace of the first days, which is mostly chance, hardly any weight.
        weight, whole = passed * passed, period.days * period.days * _PACE_HALF
        return (usual * (whole - weight) + pace * weight) // whole

    def error(
        self, at: int, before: Sequence[Period], now: tuple[Period, int], *, paced: bool
    ) -> int:
        """Return how wrong the estimate was for an earlier period at the same share of it.

        `now` is the running period with the days that have passed of it.
        """
        one = before[at]
        cut = self.cut(one, *now)
        estimate = self.estimate(one, before[:at], (cut - one.start).days, paced=paced)
        return abs(self.between(cut, one.end) - estimate)


def _band(errors: Sequence[int]) -> int | None:
    """Return the half-width of the band by the sorted errors of earlier forecasts.

    Between two errors it is interpolated, since the next larger one alone would hold too often.
    """
    if len(errors) < BAND_MIN:
        return None
    rank = BAND_PERCENT * (len(errors) + 1)
    lower, part = divmod(rank, 100)
    # Of four errors the rank is the last one, which has none above it.
    upper = min(lower, len(errors) - 1)
    return errors[lower - 1] + (errors[upper] - errors[lower - 1]) * part // 100
