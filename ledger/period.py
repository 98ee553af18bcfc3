"""Define periods, half-open stretches of days `[start, end)` in a ledger's time zone."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

PeriodKind = Literal["day", "week", "month", "year", "custom"]

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` up to but not including `end`."""

    start: date
    end: date
    kind: PeriodKind = "custom"
    month_start: int = 0
    """For a month: the day on which it was meant to start, which February may not have."""

    @property
    def days(self) -> int:
        """Return the number of days it holds."""
        return (self.end - self.start).days

    @property
    def last(self) -> date:
        """Return its last day."""
        return self.end - _DAY

    def contains(self, day: date) -> bool:
        """Return whether a day lies in it."""
        return self.start <= day < self.end

    @property
    def previous(self) -> Period:
        """Return the period of the same kind that ends where this one starts."""
        if self.kind == "month":
            return month_of(self.start - _DAY, self.month_start or self.start.day)
        if self.kind == "year":
            return year_of(self.start - _DAY)
        if self.start.day == 1 and self.end.day == 1:
            months = _month_number(self.end) - _month_number(self.start)
            return Period(_first_of(_month_number(self.start) - months), self.start, self.kind)
        return Period(self.start - timedelta(days=self.days), self.start, self.kind)


def day_period(day: date) -> Period:
    """Return the period of one day."""
    return Period(day, day + _DAY, "day")


def week_of(day: date, week_start: int = 0) -> Period:
    """Return the week that holds a day; `week_start`: 0 is Monday, 6 Sunday."""
    start = day - timedelta(days=(day.weekday() - week_start) % 7)
    return Period(start, start + timedelta(days=7), "week")


def month_of(day: date, month_start: int = 1) -> Period:
    """Return the month that holds a day, for months that start on `month_start` (1 to 31).

    A month without that day starts on its last one, so no day is left out and none counts twice.
    """
    number = _month_number(day)
    if day < _start_in(number, month_start):
        number -= 1
    start, end = _start_in(number, month_start), _start_in(number + 1, month_start)
    return Period(start, end, "month", month_start)


def year_of(day: date) -> Period:
    """Return the calendar year that holds a day."""
    return Period(date(day.year, 1, 1), date(day.year + 1, 1, 1), "year")


def parse_period(
    text: str, today: date, *, week_start: int = 0, month_start: int = 1, language: str = "en"
) -> Period | None:
    """Return the period that words name, None if they name none; nothing at all: this month.

    Understood in every language pack: `month`, `last week`, `today`, `yesterday`, `year`, `2026`,
    `2026-09`, `september`, `12 march`, `1.9.-15.9.`, `from 1 to 15 september`, `last 7 days`.
    Without a year the most recent one is meant. The ends of a range both belong to it.
    """
    # The language packs load with the first words that need them, not with every import of this.
    from ledger.text.dates.periods import read_period  # noqa: PLC0415

    return read_period(text, today, week_start, month_start, language)


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _first_of(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def _start_in(number: int, month_start: int) -> date:
    first = _first_of(number)
    return first.replace(day=min(month_start, monthrange(first.year, first.month)[1]))
