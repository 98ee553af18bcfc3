"""What a budget brings into a period, against a walk over its periods that adds up by hand."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.budgets.budget import Budget, BudgetState, Carry, LimitStep, carry_into
from ledger.money import Money
from ledger.periods.period import Calendar, Period, RecurringKind, month_of

CALENDAR = Calendar()
DAY = timedelta(days=1)


def euros(minor: int) -> Money:
    return Money.of_minor(minor, "EUR")


def budget(carry: Carry, minor: int = 400_00, began: str = "2026-08-01") -> Budget:
    start = date.fromisoformat(began)
    return Budget("b", 1, "groceries", euros(minor), "month", carry, start)


def into(one: Budget, month: int, spent: dict[str, int]) -> int:
    days = {date.fromisoformat(day): minor for day, minor in spent.items()}
    return carry_into(one, CALENDAR.month_named(2026, month), CALENDAR, days).minor


def test_the_rest_adds_up_over_months() -> None:
    """Cumulative, where firefly-iii#7286 carries only the last month."""
    spent = {"2026-08-03": 300_00, "2026-09-03": 250_00}
    assert into(budget("both"), 9, spent) == 100_00
    assert into(budget("both"), 10, spent) == 250_00
    # It stands on the first day, and after months without an entry (#6203, #8035).
    assert into(budget("both"), 12, spent) == 250_00 + 2 * 400_00


def test_a_new_limit_leaves_earlier_months_as_they_were() -> None:
    """firefly-iii#8636, #9114: each month counts by the limit that held in it."""
    one = budget("both")
    raised = replace(
        one, limit=euros(500_00), steps=(LimitStep(date(2026, 10, 1), 400_00, "both"),)
    )
    spent = {"2026-08-03": 300_00, "2026-09-03": 400_00, "2026-10-03": 600_00}
    assert into(raised, 10, spent) == 100_00
    assert into(raised, 11, spent) == 100_00 - 100_00


def test_nothing_new_may_come_in_and_the_rest_still_goes_on() -> None:
    """firefly-iii#3713: a rest without new money."""
    one = budget("both")
    steps = (LimitStep(date(2026, 9, 1), 400_00, "both"),)
    spent = {"2026-08-03": 300_00, "2026-09-03": 30_00}
    dry = replace(one, limit=euros(0), steps=steps)
    assert into(dry, 9, spent) == 100_00
    assert into(dry, 10, spent) == 70_00


def test_overspending_goes_on_below_zero() -> None:
    """we-promise/sure#3544: a debt must not vanish at zero."""
    spent = {"2026-08-03": 450_00, "2026-09-03": 420_00, "2026-10-03": 100_00}
    assert into(budget("overspend"), 10, spent) == -70_00
    # It is paid back by the month that spends less, and no more than that.
    assert into(budget("overspend"), 11, spent) == 0
    assert into(budget("surplus"), 10, spent) == 0
    assert into(budget("surplus"), 11, spent) == 300_00
    assert into(budget("both"), 11, spent) == -70_00 + 300_00


def test_a_new_carry_holds_from_its_period_on() -> None:
    one = budget("surplus")
    steps = (LimitStep(date(2026, 10, 1), 400_00, "surplus"),)
    spent = {"2026-08-03": 500_00, "2026-10-03": 500_00}
    both = replace(one, carry="both", steps=steps)
    # August's debt was dropped then and stays dropped.
    assert into(both, 10, spent) == 400_00
    assert into(both, 11, spent) == 300_00


def test_a_budget_without_carry_brings_nothing() -> None:
    plain = Budget("b", 1, "groceries", euros(400_00), "month")
    assert into(plain, 12, {"2026-08-03": 10_00}) == 0


@pytest.mark.parametrize("carry", ["surplus", "overspend", "both"])
@pytest.mark.parametrize("per", ["day", "week", "fortnight", "month", "quarter", "year"])
@given(seed=st.integers(0, 2**32 - 1))
def test_any_history_adds_up_as_by_hand(carry: Carry, per: RecurringKind, seed: int) -> None:
    dice = random.Random(seed)  # printed by hypothesis
    calendar = Calendar(
        week_start=dice.randrange(7), month_start=dice.randint(1, 31), month_workday=True
    )
    first = calendar.of(per, date(2026, 1, 1) + DAY * dice.randrange(400))
    one = Budget("b", 1, "", euros(100_00), per, carry, first.start)
    rest, period = 0, first
    spent: dict[date, int] = {}
    for _ in range(dice.randint(1, 6)):
        here = 0
        for _ in range(dice.randrange(4)):
            day, minor = period.start + DAY * dice.randrange(period.days), dice.randint(-50, 200_00)
            spent[day] = spent.get(day, 0) + minor
            here += minor
        rest += 100_00 - here
        rest = rest if carry == "both" else max(rest, 0) if carry == "surplus" else min(rest, 0)
        period = calendar.next(period)
    # What is spent in the period itself never changes what came into it.
    spent[period.start] = 77_77
    assert carry_into(one, period, calendar, spent).minor == rest


def state(limit: int, carried: int, spent: int) -> BudgetState:
    one = budget("both", limit)
    period = month_of(date(2026, 11, 20))
    return BudgetState(one, period, euros(spent), date(2026, 11, 21), carried=euros(carried))


def test_a_state_counts_what_was_carried() -> None:
    more = state(400_00, 100_00, 250_00)
    assert (more.available, more.left, more.percent) == (euros(500_00), euros(250_00), 50)
    assert more.per_day == euros(25_00)
    less = state(400_00, -100_00, 250_00)
    assert (less.available, less.left, less.percent) == (euros(300_00), euros(50_00), 83)
    # A debt beyond the limit leaves nothing, so it is over from the first day on.
    gone = state(400_00, -500_00, 0)
    assert (gone.left, gone.percent, gone.per_day.amount) == (euros(-100_00), 125, Decimal(0))
    assert state(400_00, -500_00, 40_00).percent == 135


def test_days_left_of_a_trip_to_come_are_its_days() -> None:
    trip = Period(date(2026, 12, 3), date(2026, 12, 15), "trip")
    one = Budget("b", 1, "", euros(1200_00), "trip", trip=trip)
    ahead = BudgetState(one, trip, euros(0), date(2026, 11, 30))
    assert (ahead.days_left, ahead.per_day) == (12, euros(100_00))
    assert BudgetState(one, trip, euros(0), date(2026, 12, 14)).days_left == 1
    assert BudgetState(one, trip, euros(0), date(2026, 12, 20)).days_left == 0
