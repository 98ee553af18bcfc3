"""Figures of a summary: shares and changes are exact fractions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.money import Money
from ledger.periods.period import Period
from ledger.summary import CategoryTotal, Summary

NOVEMBER = Period(date(2026, 11, 1), date(2026, 12, 1), "month")
OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1), "month")


def summary(
    minors: list[int], *, spent_before: int = 0, income: int = 0, currency: str = "EUR"
) -> Summary:
    zero = Money.of_minor(0, currency)
    return Summary(
        period=NOVEMBER,
        before=OCTOBER,
        currency=currency,
        spent=Money.of_minor(sum(minors), currency),
        spent_before=Money.of_minor(spent_before, currency),
        income=Money.of_minor(income, currency),
        income_before=zero,
        count=len(minors),
        categories=tuple(
            CategoryTotal(f"c{n}", Money.of_minor(minor, currency), zero, 1)
            for n, minor in enumerate(minors)
        ),
        days=(),
    )


@pytest.mark.parametrize(
    ("spent", "before", "change"),
    [
        # a quarter more, half of it, the same
        (12500, 10000, Decimal("0.25")),
        (5000, 10000, Decimal("-0.5")),
        (10000, 10000, Decimal(0)),
        # nothing to compare with
        (10000, 0, None),
        # everything gone
        (0, 10000, Decimal(-1)),
    ],
)
def test_the_change_is_against_the_period_before(
    spent: int, before: int, change: Decimal | None
) -> None:
    figures = summary([spent], spent_before=before)
    assert figures.change == change
    euros = CategoryTotal("x", Money.of_minor(spent, "EUR"), Money.of_minor(before, "EUR"), 1)
    assert euros.change == change


def test_what_is_saved_may_be_negative() -> None:
    assert summary([900], income=1000).saved == Money(Decimal("1.00"), "EUR")
    assert summary([900]).saved == Money(Decimal("-9.00"), "EUR")


def test_an_empty_period_has_no_shares() -> None:
    empty = summary([])
    nothing = CategoryTotal("x", Money.of_minor(0, "EUR"), Money.of_minor(0, "EUR"), 0)
    assert empty.share(nothing) == 0
    assert empty.change is None


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=30))
def test_the_shares_of_all_categories_are_one(minors: list[int]) -> None:
    figures = summary(minors)
    total = sum((figures.share(category) for category in figures.categories), Decimal(0))
    assert abs(total - 1) < Decimal("1e-20")
