"""Project a budget's sum to the end of its period, not swayed by rent.

What was spent so far is split into single large payments, which happened once, and the rest, which
goes on at its daily pace. A straight line through everything would multiply a rent of the first day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ledger.budgets.budget import BudgetState
from ledger.money import Money
from ledger.periods.period import Period

EARLIEST = 4
"""The part of a period (a quarter) that must have begun: before it, any pace is chance."""
LARGEST_COUNT = 12
"""The largest payments among which single ones are looked for."""

_TIMES_A_DAY = 4
"""A payment of so many days of the other spending may be a single one."""
_APART = 6
"""A payment of its size so far away (a sixth of the period) shows that it comes again."""

Payment = tuple[date, int]
"""The day and the minor units of one entry."""


def project(state: BudgetState, largest: Sequence[Payment]) -> Money | None:
    """Return the sum at the end of the period at this pace.

    None in the first quarter of the period, on its last day, and when nothing was spent. `largest`
    are the largest payments in the sum, the largest first.
    """
    minor = project_minor(state.period, state.today, state.spent.minor, largest)
    return None if minor is None else Money.of_minor(minor, state.spent.currency)


def project_minor(
    period: Period, today: date, spent: int, largest: Sequence[Payment]
) -> int | None:
    """Return the same in minor units, for any sum that was spent in a period up to a day."""
    begun = (today - period.start).days + 1
    ahead = period.days - begun
    if begun * EARLIEST <= period.days or ahead <= 0 or spent <= 0:
        return None
    pace = spent - sum(_list_single(largest, spent, begun, period.days))
    return spent + pace * ahead // begun


def _list_single(largest: Sequence[Payment], spent: int, begun: int, days: int) -> list[int]:
    """Return the payments that happened once, the largest first."""
    single: list[int] = []
    for place, (on, minor) in enumerate(largest):
        others = spent - sum(single) - minor
        if minor * begun < others * _TIMES_A_DAY:
            # Each smaller one is less of a surprise.
            break
        again = (
            other * 2 >= minor and abs((day - on).days) * _APART >= days
            for day, other in (*largest[:place], *largest[place + 1 :])
            if other <= minor * 2
        )
        if not any(again):
            single.append(minor)
    return single
