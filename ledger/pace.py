"""Add the spending of a period up from day to day, to compare it with the period before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ledger.periods.period import Period


@dataclass(frozen=True, slots=True)
class Pace:
    """Spending up to each day of two periods, in minor units of the ledger's currency."""

    spent: tuple[int, ...]
    """Up to each day of the period that has begun."""
    before: tuple[int, ...]
    """Up to each day of the period before; empty where there is nothing to compare with."""
    days: int
    """The number of days of the period."""


def add_up(days: Sequence[tuple[date, int]], period: Period, through: date) -> tuple[int, ...]:
    """Return the sum up to each day of a period, until a day of it."""
    by_day = dict(days)
    count = (min(through, period.last) - period.start).days + 1
    sums: list[int] = []
    for number in range(max(0, count)):
        spent = by_day.get(period.start + timedelta(days=number), 0)
        sums.append((sums[-1] if sums else 0) + spent)
    return tuple(sums)
