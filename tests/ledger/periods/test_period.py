"""Periods: their borders, and the words that name them. Today is Sunday, 20 September 2026."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.periods.period import (
    Calendar,
    Period,
    day_period,
    month_of,
    parse_period,
    quarter_of,
    week_of,
    year_of,
)

TODAY = date(2026, 9, 20)

WORDS = [
    ("en", "", "2026-09-01", "2026-10-01"),  # nothing: this month
    ("en", "month", "2026-09-01", "2026-10-01"),
    ("en", "this month", "2026-09-01", "2026-10-01"),
    ("en", "last month", "2026-08-01", "2026-09-01"),
    ("en", "week", "2026-09-14", "2026-09-21"),
    ("en", "last week", "2026-09-07", "2026-09-14"),
    ("en", "today", "2026-09-20", "2026-09-21"),
    ("en", "yesterday", "2026-09-19", "2026-09-20"),
    ("en", "year", "2026-01-01", "2027-01-01"),
    ("en", "last year", "2025-01-01", "2026-01-01"),
    ("en", "2025", "2025-01-01", "2026-01-01"),
    ("en", "2026-09", "2026-09-01", "2026-10-01"),
    ("en", "9/2026", "2026-09-01", "2026-10-01"),
    ("en", "september", "2026-09-01", "2026-10-01"),  # it runs
    ("en", "october", "2025-10-01", "2025-11-01"),  # the most recent one
    ("en", "in march 2025", "2025-03-01", "2025-04-01"),
    ("en", "q3", "2026-07-01", "2026-10-01"),
    ("en", "q4 2025", "2025-10-01", "2026-01-01"),
    ("en", "2026-Q3", "2026-07-01", "2026-10-01"),
    ("en", "2025 q4", "2025-10-01", "2026-01-01"),
    ("en", "quarter", "2026-07-01", "2026-10-01"),
    ("en", "last quarter", "2026-04-01", "2026-07-01"),
    ("en", "fortnight", "2026-09-07", "2026-09-21"),
    ("en", "last fortnight", "2026-08-24", "2026-09-07"),
    ("en", "trip 3.12.-14.12.", "2026-12-03", "2026-12-15"),  # the nearest, not the last
    ("en", "trip 1 Sep to 4 Sep", "2026-09-01", "2026-09-05"),
    ("en", "trip 28.12.-5.1.", "2026-12-28", "2027-01-06"),
    ("en", "trip 14.12.-3.12.", "2026-12-03", "2026-12-15"),  # typed the wrong way round
    ("en", "14.12.2025-3.12.2025", "2025-12-03", "2025-12-15"),
    ("en", "20.12.-5.1.2026", "2025-12-20", "2026-01-06"),
    ("en", "3.12.2024-14.12.", "2024-12-03", "2024-12-15"),
    ("de", "20.12.-5.1.", "2025-12-20", "2026-01-06"),
    ("en", "trip 3.12.2025-14.12.2025", "2025-12-03", "2025-12-15"),
    ("en", "last 7 days", "2026-09-14", "2026-09-21"),
    ("en", "2 weeks", "2026-09-07", "2026-09-21"),
    ("en", "3 months", "2026-06-21", "2026-09-21"),
    ("en", "12 march", "2026-03-12", "2026-03-13"),
    ("en", "monday", "2026-09-14", "2026-09-15"),
    ("en", "1 sep to 15 sep", "2026-09-01", "2026-09-16"),
    ("en", "from 1 sep to 15 sep", "2026-09-01", "2026-09-16"),
    ("en", "1-15 sep", "2026-09-01", "2026-09-16"),
    ("en", "2026-09-01 2026-09-15", "2026-09-01", "2026-09-16"),
    ("en", "2026-09-01..2026-09-15", "2026-09-01", "2026-09-16"),
    ("en", "2026-09-01 – 2026-09-15", "2026-09-01", "2026-09-16"),
    ("en", "1.9.-15.9.", "2026-09-01", "2026-09-16"),
    ("en", "1.9.-15.9", "2026-09-01", "2026-09-16"),  # a stop left out
    ("en", "1.9-15.9", "2026-09-01", "2026-09-16"),
    ("de", "1.9.-15.9.", "2026-09-01", "2026-09-16"),
    ("de", "1.9.-30.9.", "2026-09-01", "2026-10-01"),  # it may end after today
    ("de", "12.12.-5.1.", "2025-12-12", "2026-01-06"),  # over the year's edge
    ("de", "01.09.2026 bis 15.09.2026", "2026-09-01", "2026-09-16"),
    ("de", "letzte Woche", "2026-09-07", "2026-09-14"),
    ("de", "letzten Monat", "2026-08-01", "2026-09-01"),
    ("de", "gestern", "2026-09-19", "2026-09-20"),
    ("de", "im März", "2026-03-01", "2026-04-01"),
    ("de", "Quartal", "2026-07-01", "2026-10-01"),
    ("de", "letztes Quartal", "2026-04-01", "2026-07-01"),
    ("de", "3. Quartal 2025", "2025-07-01", "2025-10-01"),
    ("de", "Doppelwoche", "2026-09-07", "2026-09-21"),
    ("de", "letztes Jahr", "2025-01-01", "2026-01-01"),
    ("de", "Reise 3.12.-14.12.", "2026-12-03", "2026-12-15"),
    ("es", "la semana pasada", "2026-09-07", "2026-09-14"),
    ("es", "mes pasado", "2026-08-01", "2026-09-01"),
    ("es", "1/9-15/9", "2026-09-01", "2026-09-16"),
    ("fr", "le mois dernier", "2026-08-01", "2026-09-01"),
    ("fr", "cette semaine", "2026-09-14", "2026-09-21"),
    ("fr", "hier", "2026-09-19", "2026-09-20"),
    ("it", "settimana scorsa", "2026-09-07", "2026-09-14"),
    ("it", "settembre", "2026-09-01", "2026-10-01"),
    ("pt", "mês passado", "2026-08-01", "2026-09-01"),
    ("pt", "ano", "2026-01-01", "2027-01-01"),
    ("ru", "прошлый месяц", "2026-08-01", "2026-09-01"),
    ("ru", "за неделю", "2026-09-14", "2026-09-21"),
    ("ru", "30 дней", "2026-08-22", "2026-09-21"),
    ("ru", "с 1 сентября по 15 сентября", "2026-09-01", "2026-09-16"),
    ("uk", "минулий тиждень", "2026-09-07", "2026-09-14"),
    ("uk", "вересень", "2026-09-01", "2026-10-01"),
    ("pl", "zeszły miesiąc", "2026-08-01", "2026-09-01"),
    ("pl", "tydzień", "2026-09-14", "2026-09-21"),
    ("tr", "geçen ay", "2026-08-01", "2026-09-01"),
    ("tr", "bu hafta", "2026-09-14", "2026-09-21"),
    ("zh", "上个月", "2026-08-01", "2026-09-01"),
    ("zh", "上周", "2026-09-07", "2026-09-14"),
    ("zh", "今年", "2026-01-01", "2027-01-01"),
    ("ja", "先月", "2026-08-01", "2026-09-01"),
    ("ja", "今週", "2026-09-14", "2026-09-21"),
    ("ja", "去年", "2025-01-01", "2026-01-01"),
    ("hi", "पिछले महीने", "2026-08-01", "2026-09-01"),
    ("hi", "आज", "2026-09-20", "2026-09-21"),
    ("ar", "الشهر الماضي", "2026-08-01", "2026-09-01"),
    ("ar", "هذا الأسبوع", "2026-09-14", "2026-09-21"),
    ("ar", "أمس", "2026-09-19", "2026-09-20"),
]


@pytest.mark.parametrize(("language", "text", "start", "end"), WORDS)
def test_words_name_a_period(language: str, text: str, start: str, end: str) -> None:
    found = parse_period(text, TODAY, language=language)
    assert found is not None
    assert (found.start.isoformat(), found.end.isoformat()) == (start, end)


@pytest.mark.parametrize(
    "text",
    [
        "blah",
        "food",
        "32.13.",
        "2026-13",
        "month of cheese",
        "x" * 500,
        "0 days",
        # A word that is not the period's is not passed over.
        "coffee last month",
        "taxi month",
        "lunch september",
        "trip",  # there is none
        "2026-Q5",
        "2026 q3 2026",
        "quarter of beef",
        "trip to Rome",
    ],
)
def test_other_words_name_none(text: str) -> None:
    assert parse_period(text, TODAY) is None


def test_weeks_and_months_start_as_the_chat_wants() -> None:
    week = parse_period("week", TODAY, calendar=Calendar(week_start=6))
    pay_day = Calendar(month_start=25)
    month = parse_period("month", TODAY, calendar=pay_day)
    named = parse_period("september", TODAY, calendar=pay_day)
    assert week == Period(date(2026, 9, 20), date(2026, 9, 27), "week")
    assert month is not None
    assert (month.start, month.end) == (date(2026, 8, 25), date(2026, 9, 25))
    assert named is not None
    assert (named.start, named.end) == (date(2026, 9, 25), date(2026, 10, 25))


def test_a_month_that_starts_on_the_31st_clamps() -> None:
    january = month_of(date(2026, 2, 15), 31)
    assert (january.start, january.end) == (date(2026, 1, 31), date(2026, 2, 28))
    february = month_of(date(2026, 2, 28), 31)
    assert (february.start, february.end) == (date(2026, 2, 28), date(2026, 3, 31))
    assert Calendar(month_start=31).previous(february) == january


def test_the_last_working_day_is_brought_forward_over_weekends() -> None:
    # 31 October 2026 is a Saturday, 30 November a Monday, 31 January 2027 a Sunday.
    november = month_of(date(2026, 11, 10), 31, workday=True)
    assert (november.start, november.end) == (date(2026, 10, 30), date(2026, 11, 30))
    assert month_of(date(2027, 1, 29), 31, workday=True).start == date(2027, 1, 29)
    # 1 August 2026 is a Saturday: that month begins on the last day of July.
    assert month_of(date(2026, 7, 31), 1, workday=True).start == date(2026, 7, 31)
    named = parse_period("august", TODAY, calendar=Calendar(month_workday=True))
    assert named is not None
    assert named.start == date(2026, 7, 31)


def test_quarters_and_years_start_on_any_day() -> None:
    tax = Calendar(year_start=(4, 6))
    assert tax.year_named(2026) == Period(date(2026, 4, 6), date(2027, 4, 6), "year")
    assert tax.of("quarter", TODAY) == Period(date(2026, 7, 6), date(2026, 10, 6), "quarter")
    assert tax.quarter_named(2026, 4) == Period(date(2027, 1, 6), date(2027, 4, 6), "quarter")
    assert parse_period("q4", TODAY, calendar=tax) == tax.quarter_named(2025, 4)
    own = Calendar(year_start=(4, 6), quarter_start=(2, 29))
    assert own.of("quarter", date(2028, 2, 29)).start == date(2028, 2, 29)
    assert own.of("quarter", date(2027, 2, 28)).start == date(2027, 2, 28)


def test_the_trip_is_the_one_that_runs_else_the_last_else_the_next() -> None:
    autumn = Period(date(2026, 9, 1), date(2026, 9, 5), "trip")
    now = Period(date(2026, 9, 18), date(2026, 9, 25), "trip")
    winter = Period(date(2026, 12, 3), date(2026, 12, 15), "trip")
    assert Calendar(trips=(winter, now, autumn)).trip(TODAY) == now
    assert Calendar(trips=(winter, autumn)).trip(TODAY) == autumn
    assert Calendar(trips=(winter,)).trip(TODAY) == winter
    assert Calendar().trip(TODAY) is None
    assert parse_period("trip", TODAY, calendar=Calendar(trips=(winter,))) == winter
    assert (
        parse_period("Urlaub", TODAY, calendar=Calendar(trips=(winter,)), language="de") == winter
    )


PREVIOUS = [
    (day_period(TODAY), day_period(date(2026, 9, 19))),
    (week_of(TODAY), week_of(date(2026, 9, 13))),
    (month_of(TODAY), month_of(date(2026, 8, 1))),
    (year_of(TODAY), year_of(date(2025, 1, 1))),
    (quarter_of(TODAY), quarter_of(date(2026, 6, 30))),
    (
        Period(date(2026, 7, 1), date(2026, 10, 1)),  # three whole months
        Period(date(2026, 4, 1), date(2026, 7, 1)),
    ),
    (
        # A month from before the chat moved its start follows days of its own number.
        Period(date(2026, 8, 25), date(2026, 9, 25), "month"),
        Period(date(2026, 7, 25), date(2026, 8, 25)),
    ),
    (
        Period(date(2026, 9, 5), date(2026, 9, 15)),  # ten days
        Period(date(2026, 8, 26), date(2026, 9, 5)),
    ),
]


@pytest.mark.parametrize(("period", "before"), PREVIOUS)
def test_the_previous_period_is_of_the_same_kind(period: Period, before: Period) -> None:
    assert Calendar().previous(period) == before


DAYS = st.dates(date(1990, 1, 1), date(2090, 1, 1))


@settings(deadline=None)
@given(DAYS, st.integers(0, 6))
def test_every_day_lies_in_exactly_one_week(day: date, week_start: int) -> None:
    week = week_of(day, week_start)
    assert week.contains(day)
    assert week.days == 7
    assert week.start.weekday() == week_start
    assert week_of(week.end, week_start).start == week.end


@settings(deadline=None)
@given(DAYS, st.integers(1, 31))
def test_every_day_lies_in_exactly_one_month(day: date, month_start: int) -> None:
    month = month_of(day, month_start)
    assert month.contains(day)
    assert 28 <= month.days <= 31 or month_start > 28
    assert month_of(month.end, month_start).start == month.end
    assert month_of(month.last, month_start) == month


@settings(deadline=None)
@given(st.text(max_size=40), DAYS)
def test_no_words_break_it(text: str, today: date) -> None:
    found = parse_period(text, today)
    assert found is None or found.start < found.end <= today + timedelta(days=800)
