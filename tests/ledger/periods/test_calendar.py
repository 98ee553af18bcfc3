"""Every calendar against a slow walk over days, which knows each border by a rule of its own (M07)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.periods.days import day_of
from ledger.periods.period import Calendar, MonthDay, Period, RecurringKind
from ledger.periods.schedule import instant_of
from ledger.settings import Settings

KINDS: tuple[RecurringKind, ...] = get_args(RecurringKind)
DAY = timedelta(days=1)

MONTH_DAYS = st.dates(date(2024, 1, 1), date(2024, 12, 31)).map(lambda day: (day.month, day.day))
CALENDARS = st.builds(
    Calendar,
    week_start=st.integers(0, 6),
    month_start=st.integers(1, 31),
    month_workday=st.booleans(),
    fortnight_start=st.none() | st.dates(date(1990, 1, 1), date(2060, 1, 1)),
    quarter_start=st.none() | MONTH_DAYS,
    year_start=MONTH_DAYS,
)
DAYS = st.dates(date(1992, 1, 1), date(2080, 1, 1))


def is_last_of_month(day: date) -> bool:
    return (day + DAY).day == 1


def is_nominal(day: date, start_day: int) -> bool:
    return day.day == start_day or (is_last_of_month(day) and day.day < start_day)


def starts_months(day: date, starts: MonthDay, every: int, *, workday: bool = False) -> bool:
    """Tell a first day by the days behind it: a Friday also begins what a weekend would begin."""
    month, start_day = starts
    days = [day]
    if workday:
        days = {4: [day, day + DAY, day + 2 * DAY], 5: [], 6: []}.get(day.weekday(), [day])
    return any(is_nominal(one, start_day) and (one.month - month) % every == 0 for one in days)


def starts(calendar: Calendar, kind: RecurringKind, day: date) -> bool:
    quarter = calendar.quarter_start or calendar.year_start
    match kind:
        case "day":
            return True
        case "week":
            return day.weekday() == calendar.week_start
        case "fortnight":
            anchor = calendar.fortnight_start or date(2024, 1, 1) + calendar.week_start * DAY
            return abs((day - anchor).days) % 14 == 0
        case "month":
            start = (1, calendar.month_start)
            return starts_months(day, start, 1, workday=calendar.month_workday)
        case "quarter":
            return starts_months(day, quarter, 3)
        case "year":
            return starts_months(day, calendar.year_start, 12)


def walked(calendar: Calendar, kind: RecurringKind, day: date) -> Period:
    """Walk back to the first day and on to the next one."""
    start = day
    while not starts(calendar, kind, start):
        start -= DAY
    end = day + DAY
    while not starts(calendar, kind, end):
        end += DAY
    return Period(start, end, kind)


@pytest.mark.parametrize("kind", KINDS)
@given(calendar=CALENDARS, day=DAYS)
def test_a_period_is_the_one_that_a_walk_finds(
    kind: RecurringKind, calendar: Calendar, day: date
) -> None:
    assert calendar.of(kind, day) == walked(calendar, kind, day)


@pytest.mark.parametrize("kind", KINDS)
@given(calendar=CALENDARS, day=DAYS)
def test_periods_tile_the_days_and_next_and_previous_invert(
    kind: RecurringKind, calendar: Calendar, day: date
) -> None:
    period = calendar.of(kind, day)
    assert period.contains(day)
    for inside in (period.start, period.last):
        assert calendar.of(kind, inside) == period
    after, before = calendar.next(period), calendar.previous(period)
    assert (before.end, period.end) == (period.start, after.start)
    assert calendar.previous(after) == period == calendar.next(before)


@given(calendar=CALENDARS, year=st.integers(1992, 2079))
def test_named_months_and_quarters_fill_a_year_in_order(calendar: Calendar, year: int) -> None:
    months = [calendar.month_named(year, month) for month in range(1, 13)]
    quarters = [calendar.quarter_named(year, quarter) for quarter in range(1, 5)]
    for named in (months, quarters):
        ends = [period.end for period in named]
        assert ends[:-1] == [period.start for period in named[1:]]
    assert calendar.next(quarters[-1]).start == calendar.quarter_named(year + 1, 1).start
    assert calendar.next(months[-1]).start == calendar.month_named(year + 1, 1).start
    # A named month holds the start of its own calendar month, brought forward by two days at most.
    assert months[0].start <= date(year, 1, 31)
    assert calendar.year_named(year).contains(date(year, *_last_day_in(year, calendar.year_start)))


def _last_day_in(year: int, month_day: MonthDay) -> MonthDay:
    month, day = month_day
    while True:
        try:
            date(year, month, day)
        except ValueError:
            day -= 1
        else:
            return month, day


BORDERS = [
    # kind, calendar, a day before the border, the day that begins the next period
    ("week", Calendar(), date(2027, 1, 3), date(2027, 1, 4)),  # week 53 of 2026
    ("month", Calendar(), date(2028, 2, 29), date(2028, 3, 1)),  # a leap day
    ("month", Calendar(month_start=30), date(2027, 2, 27), date(2027, 2, 28)),
    ("month", Calendar(month_start=30), date(2028, 2, 28), date(2028, 2, 29)),
    ("month", Calendar(month_start=29), date(2027, 2, 27), date(2027, 2, 28)),
    ("year", Calendar(year_start=(2, 29)), date(2027, 2, 27), date(2027, 2, 28)),
    ("year", Calendar(year_start=(2, 29)), date(2028, 2, 28), date(2028, 2, 29)),
    ("fortnight", Calendar(fortnight_start=date(2026, 12, 28)), date(2027, 1, 10), date(2027, 1, 11)),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "calendar", "before", "after"), BORDERS)
def test_a_border_is_right(
    kind: RecurringKind, calendar: Calendar, before: date, after: date
) -> None:
    assert calendar.of(kind, before).end == after
    assert calendar.of(kind, after).start == after


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Australia/Lord_Howe", "America/Sao_Paulo"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_last_and_first_second_of_each_day_lie_in_their_periods(
    zone: str, kind: RecurringKind
) -> None:
    """Over two years with their changes of clocks; Sao Paulo once skipped midnight."""
    calendar = Settings("EUR", zone, "en", month_start=25, month_workday=True).calendar
    day = date(2017, 6, 1)
    while day < date(2019, 6, 1):
        midnight = instant_of(datetime.combine(day, time()), zone)
        today, yesterday = day_of(midnight, zone), day_of(midnight - timedelta(seconds=1), zone)
        assert (today, yesterday) == (day, day - DAY)
        same = calendar.of(kind, yesterday) == calendar.of(kind, today)
        assert same is not starts(calendar, kind, day)
        day += DAY
