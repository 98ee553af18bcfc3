"""What a period is compared with, at the borders of months, years and half-run periods (M07)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.periods.comparison import compared_with, previous_of, through_of
from ledger.periods.period import Period, month_of, week_of
from ledger.settings import Settings

PLAIN = Settings(currency="EUR", timezone="UTC", language="en")
PAY_DAY = Settings(currency="EUR", timezone="UTC", language="en", month_start=25)
DAY = timedelta(days=1)


def days(start: str, end: str) -> tuple[date, date]:
    return date.fromisoformat(start), date.fromisoformat(end)


@pytest.mark.parametrize(
    ("period", "today", "settings", "expected"),
    [
        # a month that is over: all of the one before
        (month_of(date(2026, 9, 3), 1), "2026-11-20", PLAIN, days("2026-08-01", "2026-09-01")),
        # a running month: as many days
        (month_of(date(2026, 11, 3), 1), "2026-11-20", PLAIN, days("2026-10-01", "2026-10-21")),
        # its first day
        (month_of(date(2026, 11, 3), 1), "2026-11-01", PLAIN, days("2026-10-01", "2026-10-02")),
        # March is longer than February
        (month_of(date(2027, 3, 1), 1), "2027-03-31", PLAIN, days("2027-02-01", "2027-03-01")),
        # February's last day against as many days of January
        (month_of(date(2028, 2, 1), 1), "2028-02-29", PLAIN, days("2028-01-01", "2028-01-30")),
        # from pay day to pay day
        (month_of(date(2026, 11, 26), 25), "2026-12-01", PAY_DAY, days("2026-10-25", "2026-11-01")),
        # a week over new year, and on its last day
        (week_of(date(2027, 1, 1), 0), "2027-02-01", PLAIN, days("2026-12-21", "2026-12-28")),
        (week_of(date(2026, 11, 20), 0), "2026-11-22", PLAIN, days("2026-11-09", "2026-11-16")),
        # today against yesterday
        (Period(*days("2026-11-20", "2026-11-21"), "day"), "2026-11-20", PLAIN,
         days("2026-11-19", "2026-11-20")),
        # a running year on 29 February: 60 days of the year before
        (Period(*days("2028-01-01", "2029-01-01"), "year"), "2028-02-29", PLAIN,
         days("2027-01-01", "2027-03-02")),
        # a stretch of one's own: as many days before it
        (Period(*days("2026-09-01", "2026-09-16")), "2026-11-20", PLAIN,
         days("2026-08-17", "2026-09-01")),
    ],
)  # fmt: skip
def test_a_period_is_compared_with_the_one_before(
    period: Period, today: str, settings: Settings, expected: tuple[date, date]
) -> None:
    before = compared_with(period, settings, today=date.fromisoformat(today))
    assert (before.start, before.end) == expected


@given(
    st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    st.integers(0, 6),
    st.sampled_from([*range(1, 29), 31]),
    st.dates(date(2020, 1, 1), date(2040, 1, 1)),
)
def test_the_days_compared_never_overlap_and_are_never_more(
    day: date, week_start: int, month_start: int, today: date
) -> None:
    settings = Settings("EUR", "UTC", "en", week_start=week_start, month_start=month_start)
    for period in (week_of(day, week_start), month_of(day, month_start)):
        whole = previous_of(period, settings)
        assert whole.end == period.start
        assert whole.kind == period.kind
        before = compared_with(period, settings, today=today)
        assert whole.start == before.start < before.end <= whole.end
        if through_of(period, today):
            assert before.end - before.start <= today - period.start + DAY


def test_a_period_runs_from_its_first_to_its_last_day() -> None:
    november = month_of(date(2026, 11, 3), 1)
    assert through_of(november, date(2026, 10, 31)) is None
    assert through_of(november, date(2026, 11, 1)) == date(2026, 11, 1)
    assert through_of(november, date(2026, 11, 30)) == date(2026, 11, 30)
    assert through_of(november, date(2026, 12, 1)) is None
