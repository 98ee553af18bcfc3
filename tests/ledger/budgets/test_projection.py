"""The sum at the end of a period, beside a straight line through what was spent."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from ledger.budgets.budget import Budget, BudgetState
from ledger.budgets.projection import LARGEST_COUNT, Payment, project
from ledger.money import Money
from ledger.periods.period import month_of

NOVEMBER = month_of(date(2026, 11, 1))
DAY = timedelta(days=1)


def state(payments: list[Payment], today: date) -> BudgetState:
    spent = sum(minor for on, minor in payments if on <= today)
    budget = Budget("b1", 1, "", Money(Decimal(2000), "EUR"), "month")
    return BudgetState(budget, NOVEMBER, Money.of_minor(spent, "EUR"), today)


def projected(payments: list[Payment], today: date) -> int | None:
    so_far = sorted((p for p in payments if p[0] <= today), key=lambda p: -p[1])
    found = project(state(payments, today), so_far[:LARGEST_COUNT])
    return found.minor if found else None


def every(days: int, minor: int, first: int = 1) -> list[Payment]:
    return [(date(2026, 11, day), minor) for day in range(first, 31, days)]


@pytest.mark.parametrize("day", [1, 7, 30])
def test_the_first_quarter_and_the_last_day_project_nothing(day: int) -> None:
    assert projected(every(1, 1000), date(2026, 11, day)) is None


def test_nothing_spent_projects_nothing() -> None:
    assert projected([], date(2026, 11, 20)) is None


@pytest.mark.parametrize(
    ("payments", "total"),
    [
        # An even pace is a straight line.
        (every(1, 1000), 30_000),
        # Rent on the first day is paid once.
        ([*every(1, 1000), (date(2026, 11, 1), 85_000)], 115_000),
        # Rent and an insurance, two days apart.
        ([*every(1, 1000), (date(2026, 11, 1), 85_000), (date(2026, 11, 3), 50_000)], 165_000),
        # A large purchase in the middle.
        ([*every(1, 1000), (date(2026, 11, 9), 60_000)], 90_000),
    ],
)
def test_a_single_large_payment_is_not_multiplied(payments: list[Payment], total: int) -> None:
    for day in range(9, 30):
        assert projected(payments, date(2026, 11, day)) == total


def test_a_weekly_shopping_goes_on() -> None:
    found = projected(every(7, 9000), date(2026, 11, 14))
    # Two of five so far.
    assert found == 18_000 * 30 // 14


def household(dice: random.Random) -> list[Payment]:
    """Make a month of a household: rent, a bill or two, weekly shopping, daily small things."""
    payments = [(date(2026, 11, dice.choice((1, 1, 2, 3))), dice.randint(60_000, 120_000))]
    payments += [
        (date(2026, 11, dice.randint(1, 30)), dice.randint(8_000, 30_000))
        for _ in range(dice.randint(0, 2))
    ]
    payments += every(7, dice.randint(6_000, 12_000), dice.randint(1, 7))
    day = NOVEMBER.start
    while day < NOVEMBER.end:
        payments += [(day, int(dice.lognormvariate(6.8, 0.7))) for _ in range(dice.randint(0, 3))]
        day += DAY
    return payments


def test_it_is_nearer_to_the_end_than_a_straight_line() -> None:
    seed = random.randrange(2**32)
    dice = random.Random(seed)
    own, straight = [], []
    for _ in range(300):
        payments = household(dice)
        end = sum(minor for _, minor in payments)
        for day in (8, 12, 16, 22):
            today = date(2026, 11, day)
            found = projected(payments, today)
            assert found is not None
            own.append(abs(found - end) / end)
            line = state(payments, today).spent.minor * 30 // day
            straight.append(abs(line - end) / end)
    mean_own, mean_straight = sum(own) / len(own), sum(straight) / len(straight)
    print(f"mean error {mean_own:.3f}, straight line {mean_straight:.3f}, seed {seed}")
    assert mean_own * 4 < mean_straight, f"seed {seed}"


def test_a_foreign_budget_keeps_its_currency() -> None:
    dollars = Budget("b1", 1, "", Money(Decimal(100), "USD"), "month")
    today = date(2026, 11, 15)
    half = replace(state([], today), budget=dollars, spent=Money(Decimal(50), "USD"))
    assert project(half, ()) == Money(Decimal(100), "USD")
