"""How a budget stands, and which threshold a sum crosses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from ledger.budgets.budget import Budget, BudgetState
from ledger.money import Money
from ledger.periods.period import Period

NOVEMBER = Period(date(2026, 11, 1), date(2026, 12, 1), "month")


def state(spent: str, limit: str = "400", *, currency: str = "EUR", day: int = 20) -> BudgetState:
    budget = Budget("b", 1, "Food", Money(Decimal(limit), currency), "month")
    return BudgetState(budget, NOVEMBER, Money(Decimal(spent), currency), date(2026, 11, day))


@pytest.mark.parametrize(
    ("spent", "percent", "left", "per_day"),
    [
        # 20 November: 11 days with today
        ("248", 62, "152", "13.82"),
        ("0", 0, "400", "36.36"),
        # not quite all of it is not all of it
        ("399.99", 99, "0.01", "0.00"),
        ("400", 100, "0", "0.00"),
        # overspent: nothing a day, and the debt is told
        ("500", 125, "-100", "0.00"),
    ],
)
def test_a_budget_says_how_it_stands(spent: str, percent: int, left: str, per_day: str) -> None:
    stands = state(spent)
    assert stands.percent == percent
    assert stands.left.amount == Decimal(left)
    assert stands.per_day.amount == Decimal(per_day)
    assert stands.days_left == 11


def test_the_last_day_still_counts_and_a_past_period_has_none() -> None:
    assert state("0", day=30).days_left == 1
    past = BudgetState(state("0").budget, NOVEMBER, state("0").spent, date(2026, 12, 5))
    assert past.days_left == 0
    assert past.per_day.amount == 0


def test_yen_a_day_have_no_decimals() -> None:
    assert str(state("0", "1000", currency="JPY").per_day.amount) == "91"
