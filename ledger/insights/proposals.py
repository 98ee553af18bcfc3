"""Propose budgets by what was spent, and find small purchases that add up."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from ledger.entries.queries import DaySum
from ledger.money import minor_digits
from ledger.periods.period import Period
from ledger.recurring.detection import Spending

PERIODS_MIN = 3
PERIODS_MAX = 6
_SELDOM = 3, 4
"""A category is irregular if it is in no more than three of four periods,"""
_UNEVEN = 0.49
"""or its sums have a squared coefficient of variation of at least this (Syntetos and Boylan)."""
_FIXED_PERCENT = 70
"""A category of which so much comes again by itself needs no limit."""
HABIT_MIN = 8
"""Purchases of one name in a period that are a habit."""
_HABIT_PART = 20
"""A habit makes a twentieth of all spending,"""
_SMALL_PART = 100
"""and none of its purchases more than a hundredth."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A limit for a category, and its usual sum, in minor units."""

    category: str
    limit: int
    usual: int
    periods: int


def propose_limits(
    days: Sequence[DaySum], recurring: Sequence[DaySum], periods: Sequence[Period], currency: str
) -> list[Proposal]:
    """Return a limit for each category that is bought regularly and at will, the largest first.

    It is the median of the latest periods, rounded up to a figure that one remembers.
    """
    periods = periods[-PERIODS_MAX:]
    if len(periods) < PERIODS_MIN:
        return []
    sums, fixed = sum_by_period(days, periods), sum_by_period(recurring, periods)
    found = []
    for category, minors in sums.items():
        # One holiday or one quiet month must not move the limit.
        usual = int(median(minors))
        is_fixed = sum(fixed.get(category, ())) * 100 >= sum(minors) * _FIXED_PERCENT
        if usual > 0 and not is_fixed and not is_irregular(minors):
            limit = round_up(usual, currency)
            found.append(Proposal(category, limit, usual, len(periods)))
    return sorted(found, key=lambda one: (-one.usual, one.category))


def is_irregular(sums: Sequence[int]) -> bool:
    """Return whether sums of equal periods come seldom or differ much."""
    some = [one for one in sums if one > 0]
    seldom, of = _SELDOM
    if not some or len(some) * of <= len(sums) * seldom:
        return True
    # Over periods with spending alone, as how seldom they come was tested above.
    mean = sum(some) / len(some)
    return sum((one - mean) ** 2 for one in some) / len(some) >= _UNEVEN * mean * mean


def round_up(minor: int, currency: str) -> int:
    """Round up to a figure that one remembers, in whole units: 38.20 to 40, 387 to 390, 1,214 to 1,250."""
    unit: int = 10 ** minor_digits(currency)
    whole = -(-minor // unit)
    step, factor = 5, 2
    # Steps of 5, 10, 50, 100 and so on, about a twentieth of the sum.
    while step * factor * 20 <= whole:
        # 7 - factor turns 2 into 5 and back, which makes 5, 10, 50, 100.
        step, factor = step * factor, 7 - factor
    return -(-whole // step) * step * unit


def sum_by_period(days: Iterable[DaySum], periods: Sequence[Period]) -> dict[str, list[int]]:
    """Return the sums of each category by period."""
    place = {
        one.start + timedelta(days=day): at
        for at, one in enumerate(periods)
        for day in range(one.days)
    }
    sums: dict[str, list[int]] = defaultdict(lambda: [0] * len(periods))
    for one in days:
        if one.on in place:
            sums[one.category][place[one.on]] += one.minor
    return sums


@dataclass(frozen=True, slots=True)
class Habit:
    """Purchases of one name in a period."""

    key: str
    title: str
    minor: int
    number: int


def find_habit(bought: Sequence[Spending], spent: int) -> Habit | None:
    """Return the small purchases that add up to most; `spent` is all spending of the period."""
    numbers, minors = Counter[str](), Counter[str]()
    titles: dict[str, str] = {}
    largest: dict[str, int] = {}
    for one in bought:
        numbers[one.key] += 1
        minors[one.key] += one.minor
        titles[one.key] = one.note or one.merchant
        largest[one.key] = max(largest.get(one.key, 0), one.minor)
    found = [
        key
        for key in numbers
        if key
        and numbers[key] >= HABIT_MIN
        and minors[key] * _HABIT_PART >= spent
        and largest[key] * _SMALL_PART <= spent
    ]
    if not found:
        return None
    # The key breaks a tie, so that the same habit is named each time.
    key = max(found, key=lambda key: (minors[key], key))
    return Habit(key, titles[key], minors[key], numbers[key])
