"""Occurrences never drift, are never skipped and never come twice."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.recurring.rules import Plan, Rule, Unit, Weekend
from ledger.recurring.series import Contract

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
RULES = st.builds(
    Rule,
    st.sampled_from(["day", "week", "month"]),
    st.integers(1, 24),
    DAYS,
    st.none() | st.integers(1, 31),
    st.booleans(),
    st.sampled_from(["keep", "before", "after"]),
)


def first(plan: Plan, start: date, count: int) -> list[str]:
    found = plan.occurrences(start, date(2040, 1, 1))
    return [day.isoformat() for day, _ in zip(found, range(count), strict=False)]


def test_a_rent_on_the_31st_comes_back_to_the_31st() -> None:
    plan = Plan(Rule("month", 1, date(2027, 1, 31)))
    assert first(plan, date(2027, 1, 1), 4) == [
        "2027-01-31",
        "2027-02-28",
        "2027-03-31",
        "2027-04-30",
    ]


def test_a_leap_day_is_the_last_of_february_in_other_years() -> None:
    plan = Plan(Rule("month", 12, date(2024, 2, 29)))
    assert first(plan, date(2024, 1, 1), 5)[::4] == ["2024-02-29", "2028-02-29"]
    assert first(plan, date(2025, 1, 1), 1) == ["2025-02-28"]


@pytest.mark.parametrize(
    ("weekend", "booked"),
    [("keep", "2027-05-01"), ("before", "2027-04-30"), ("after", "2027-05-03")],
)
def test_a_weekend_moves_the_booking_and_not_the_occurrence(weekend: Weekend, booked: str) -> None:
    rule = Rule("month", 1, date(2027, 5, 1), weekend=weekend)
    assert rule.nominal(0) == date(2027, 5, 1)
    assert rule.booked_on(rule.nominal(0)).isoformat() == booked


def test_skipped_ones_count_and_the_last_day_is_included() -> None:
    rule = Rule("week", 1, date(2026, 12, 4))
    skipped = frozenset({date(2026, 12, 11)})
    assert first(Plan(rule, count=3, skipped=skipped), rule.start, 9) == [
        "2026-12-04",
        "2026-12-18",
    ]
    assert first(Plan(rule, until=date(2026, 12, 11)), rule.start, 9) == [
        "2026-12-04",
        "2026-12-11",
    ]
    assert Plan(rule, until=date(2026, 12, 11)).next_from(date(2026, 12, 12)) is None


def _enumerate(rule: Rule, end: date) -> list[date]:
    """Return every nominal day before a day, one after the other."""
    found: list[date] = []
    while not found or found[-1] < end:
        found.append(rule.nominal(len(found)))
    return found


@settings(deadline=None)
@given(rule=RULES, start=DAYS, days=st.integers(0, 900))
def test_occurrences_are_those_of_a_slow_enumeration(rule: Rule, start: date, days: int) -> None:
    end = start + timedelta(days=days)
    slow = [day for day in _enumerate(rule, end) if start <= day < end]
    assert list(Plan(rule).occurrences(start, end)) == slow
    assert slow == sorted(set(slow))


@settings(deadline=None)
@given(rule=RULES, number=st.integers(0, 200))
def test_months_keep_their_day_where_they_have_it(rule: Rule, number: int) -> None:
    day = rule.nominal(number)
    if rule.unit == "month" and not rule.last_workday:
        wanted = rule.month_day or rule.start.day
        assert day.day == min(wanted, monthrange(day.year, day.month)[1])
    elif rule.unit == "month":
        assert day.weekday() < 5
        assert monthrange(day.year, day.month)[1] - day.day < 3


@settings(deadline=None)
@given(unit=st.sampled_from(["day", "week", "month"]), start=DAYS)
def test_a_rule_ends_with_the_calendar(unit: Unit, start: date) -> None:
    plan = Plan(Rule(unit, 120, start))
    assert sum(1 for _ in plan.occurrences(date(9990, 1, 1), date.max)) >= 0


def test_notice_is_due_before_each_renewal() -> None:
    contract = Contract(ends=date(2026, 12, 31), notice_days=30, renews_months=12)
    assert contract.notice_by(date(2026, 11, 30)) == date(2026, 12, 1)
    # The day is over: the contract renews itself, and the next notice is a year later.
    assert contract.notice_by(date(2026, 12, 2)) == date(2027, 12, 1)
    assert contract.term_end(date(2027, 6, 1)) == date(2027, 12, 31)
    assert Contract(ends=date(2026, 12, 31)).notice_by(date(2027, 1, 1)) is None
