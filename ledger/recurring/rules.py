"""Compute the days on which a series is due.

Each occurrence is numbered from the start of its rule, so a month without its day does not move the
later ones: a rent on the 31st is due on 30 April and again on 31 May. The nominal day identifies an
occurrence; the weekend rule only moves the day on which it is booked.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Unit = Literal["day", "week", "month"]
"""A quarter is three months and a year twelve."""
Weekend = Literal["keep", "before", "after"]
"""A day of a weekend stays, or moves to the Friday before or the Monday after."""

EVERY_MAX = 120
"""Longest step, in units: ten years of months."""
_SATURDAY = 5
_MONTHS = 12
_DAYS: dict[Unit, int] = {"day": 1, "week": 7}


@dataclass(frozen=True, slots=True)
class Rule:
    """Repeats a day every so many units."""

    unit: Unit
    every: int = 1
    """1 to `EVERY_MAX`."""
    start: date = date.min
    """First nominal day. Its day of the month is the day of every later one."""
    month_day: int | None = None
    """1 to 31 for a rule by months whose first month lacks that day; None: that of `start`."""
    last_workday: bool = False
    """The last day of the month from Monday to Friday."""
    weekend: Weekend = "keep"

    def nominal(self, number: int) -> date:
        """Return the nominal day of an occurrence, counted from 0. Raises `OverflowError`."""
        if self.unit != "month":
            return self.start + timedelta(days=_DAYS[self.unit] * self.every * number)
        # Each occurrence is counted from the start, so a short month moves only its own day.
        months = self.start.year * _MONTHS + self.start.month - 1 + self.every * number
        year, month = months // _MONTHS, months % _MONTHS + 1
        if year > date.max.year:
            raise OverflowError
        last = monthrange(year, month)[1]
        if self.last_workday:
            # The last workday never leaves its month, since that has more than one week.
            return _before_weekend(date(year, month, last))
        return date(year, month, min(self.month_day or self.start.day, last))

    def first_from(self, day: date) -> int:
        """Return the number of the first occurrence whose nominal day is not before a day."""
        if self.unit == "month":
            months = (day.year - self.start.year) * _MONTHS + day.month - self.start.month
            number = max(0, months // self.every)
        else:
            number = max(0, (day - self.start).days // (_DAYS[self.unit] * self.every))
        # The estimate is low by one at most, where the day of the month is still ahead.
        while self.nominal(number) < day:
            number += 1
        return number

    def booked_on(self, nominal: date) -> date:
        """Return the day on which an occurrence is booked."""
        if nominal.weekday() < _SATURDAY or self.weekend == "keep":
            return nominal
        if self.weekend == "before":
            return _before_weekend(nominal)
        return nominal + timedelta(days=7 - nominal.weekday())


@dataclass(frozen=True, slots=True)
class Plan:
    """A rule with its end and the occurrences that are left out."""

    rule: Rule
    until: date | None = None
    """Last nominal day, included; None: no end."""
    count: int | None = None
    """Number of occurrences, skipped ones too; None: no end."""
    skipped: frozenset[date] = frozenset()
    """Nominal days that are left out."""

    def occurrences(self, start: date, end: date) -> Iterator[date]:
        """Yield the nominal days from `start` up to but not including `end`, skipped ones not."""
        number = self.rule.first_from(start)
        while self.count is None or number < self.count:
            try:
                day = self.rule.nominal(number)
            except OverflowError:
                # A rule without an end runs into the last year of dates.
                return
            if day >= end or (self.until is not None and day > self.until):
                return
            if day not in self.skipped:
                yield day
            number += 1

    def next_from(self, day: date) -> date | None:
        """Return the first nominal day that is not before a day; None after the end."""
        return next(self.occurrences(day, date.max), None)


def _before_weekend(day: date) -> date:
    return day - timedelta(days=max(0, day.weekday() - _SATURDAY + 1))
