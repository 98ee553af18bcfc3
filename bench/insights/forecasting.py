"""Compare the forecast of months with simple rules, by their absolute errors, and count what its band holds.

Each month is forecast at four points of it, by the entries up to that day alone. WAPE is the sum of absolute
errors by the sum of what the months cost; of several ledgers it is their mean, so that a rich household does not
decide. Rules that know only sums of months have no more than what is spent so far as their floor.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from bench.insights.synthetic import TODAY, write_household
from bench.recurring.finding import read_household
from ledger.entries.queries import DaySum
from ledger.insights.forecast import PERIODS_MAX, Committed, Expected, Known, expect
from ledger.insights.repeating import list_due, list_seldom
from ledger.periods.period import Period, month_of
from ledger.recurring.detection import Spending, detect

DEVELOPMENT = range(12)
"""Seeds on which the rules and their figures were chosen."""
HELD_BACK = range(100, 124)
"""Seeds on which nothing was chosen."""
HOUSEHOLD_HELD_BACK = date(2017, 1, 1)
"""The household's months from here on were not looked at while the rules were chosen."""
POINTS = (0.12, 0.33, 0.5, 0.75)
LOOKED_AT = 500
"""Entries in which the product looks for series."""
FIRST = 6
"""Months before the first that is forecast."""
BETTER_MIN = 0.10
BAND = 0.75, 0.85


@dataclass(slots=True)
class Ledger:
    """A ledger's expenses, with their sums by day and its complete months."""

    entries: Sequence[Spending]
    months: list[Period] = field(default_factory=list)
    by_day: dict[date, int] = field(default_factory=lambda: defaultdict(int))

    @classmethod
    def of(cls, entries: Sequence[Spending], last: date) -> Ledger:
        """Take the expenses of a ledger that ends on a day."""
        ledger = cls([one for one in entries if one.type == "expense"])
        for one in ledger.entries:
            ledger.by_day[one.on] += one.minor
        month = month_of(min(one.on for one in ledger.entries))
        while (month := month_of(month.end)).last <= last:
            ledger.months.append(month)
        return ledger

    def sum(self, start: date, end: date) -> int:
        """Return what was spent from a day up to another."""
        days = (end - start).days
        return sum(self.by_day.get(start + timedelta(days=day), 0) for day in range(days))


@dataclass(frozen=True, slots=True)
class Point:
    """A day of a month on which it is forecast."""

    ledger: Ledger
    number: int
    today: date

    @property
    def month(self) -> Period:
        """Return the month."""
        return self.ledger.months[self.number]

    @property
    def passed(self) -> int:
        """Return its days up to today."""
        return (self.today - self.month.start).days + 1

    @property
    def spent(self) -> int:
        """Return what it cost so far."""
        return self.ledger.sum(self.month.start, self.today + timedelta(days=1))

    @property
    def total(self) -> int:
        """Return what it will have cost."""
        return self.ledger.sum(self.month.start, self.month.end)

    def earlier(self, count: int) -> list[int]:
        """Return what the months before cost."""
        months = self.ledger.months[max(0, self.number - count) : self.number]
        return [self.ledger.sum(one.start, one.end) for one in months]

    def earlier_rests(self, count: int) -> list[int]:
        """Return what the months before cost from the same share of them on."""
        months = self.ledger.months[max(0, self.number - count) : self.number]
        return [
            self.ledger.sum(
                one.start + timedelta(days=round(self.passed * one.days / self.month.days)), one.end
            )
            for one in months
        ]


Rule = Callable[[Point], int]
NAMED: dict[str, Rule] = {
    "same period last time, scaled": lambda at: (
        at.spent + at.earlier(1)[-1] * (at.month.days - at.passed) // at.month.days
    ),
    "rest of the period last time": lambda at: at.spent + at.earlier_rests(1)[-1],
    "median of three": lambda at: max(at.spent, int(statistics.median(at.earlier(3)))),
    "linear pace": lambda at: at.spent * at.month.days // at.passed,
}
"""The rules that the forecast must beat; the first is read in both of its meanings."""
STRONGER: dict[str, Rule] = {
    "median of three rests": lambda at: at.spent + int(statistics.median(at.earlier_rests(3))),
    "median of six rests": lambda at: at.spent + int(statistics.median(at.earlier_rests(6))),
}
"""Parts of the forecast by themselves, shown next to it."""


def forecast(at: Point) -> Expected:
    """Return the product's forecast, built of what it would have seen that day."""
    seen = [one for one in at.ledger.entries if one.on <= at.today]
    looked_at = seen[-LOOKED_AT:]
    series = [one for one in detect(list_seldom(looked_at), at.today) if one.state != "stopped"]
    before = at.ledger.months[max(0, at.number - PERIODS_MAX) : at.number]
    known = Known(
        at.month,
        at.today,
        [DaySum(one.on, one.category, one.minor) for one in seen if one.on >= before[0].start],
        before,
    )
    is_whole = len(seen) <= LOOKED_AT
    found = expect(
        replace(
            known,
            looked_from=date.min if is_whole else looked_at[0].on + timedelta(days=1),
            recurring=[DaySum(e.on, e.category, e.minor) for one in series for e in one.entries],
            committed=[
                Committed(on, one.expected_minor, one.key)
                for one in series
                for on in list_due(one, at.today, at.month.end)
            ],
        )
    )
    assert found, "a month with enough before it is always forecast"
    return found


def list_points(ledger: Ledger, since: date = date.min) -> Iterator[Point]:
    """Yield the days on which the months of a ledger are forecast."""
    for number, month in enumerate(ledger.months):
        if number >= FIRST and month.start >= since:
            for share in POINTS:
                passed = max(1, round(month.days * share))
                yield Point(ledger, number, month.start + timedelta(days=passed - 1))


def wape(points: Sequence[Point], rule: Rule) -> float:
    """Return the sum of absolute errors by the sum of what was to be told."""
    return sum(abs(at.total - rule(at)) for at in points) / sum(at.total for at in points)


def measure(name: str, ledgers: Sequence[Sequence[Point]]) -> bool:
    """Print the figures of a set of ledgers; return whether the forecast is good enough on it."""
    found = [[(at, forecast(at)) for at in points] for points in ledgers]
    banded = [
        one.low_minor <= at.total <= one.high_minor
        for pairs in found
        for at, one in pairs
        if one.low_minor is not None and one.high_minor is not None
    ]
    ours = statistics.mean(
        sum(abs(at.total - one.minor) for at, one in pairs) / sum(at.total for at, _ in pairs)
        for pairs in found
    )
    print(f"{name}: {sum(map(len, ledgers))} forecasts of {len(ledgers)} ledgers")
    rules = {
        label: statistics.mean(wape(points, rule) for points in ledgers)
        for label, rule in (NAMED | STRONGER).items()
    }
    best = min(rules[label] for label in NAMED)
    held = statistics.mean(banded)
    print(f"  {'kvitto':32} WAPE {ours:.3f}  ({1 - ours / best:+.0%} against the best named rule)")
    for label, value in rules.items():
        print(f"  {label:32} WAPE {value:.3f}")
    print(f"  the 80 % band holds {held:.1%} of {len(banded)}")
    return ours <= best * (1 - BETTER_MIN) and BAND[0] <= held <= BAND[1]


def main() -> bool:
    """Measure each set; return whether the held-back ones are good enough."""
    household = read_household()
    last = max(one.on for one in household.spendings)
    home = Ledger.of(household.spendings, last)
    late = list(list_points(home, HOUSEHOLD_HELD_BACK))
    early = [at for at in list_points(home) if at.month.start < HOUSEHOLD_HELD_BACK]
    written = {
        seeds: [[*list_points(Ledger.of(write_household(seed), TODAY))] for seed in seeds]
        for seeds in (DEVELOPMENT, HELD_BACK)
    }
    measure("household, months of development", [early])
    measure("synthetic, seeds of development", written[DEVELOPMENT])
    enough = [
        measure("household, held back", [late]),
        measure("synthetic, held back", written[HELD_BACK]),
    ]
    return all(enough)
