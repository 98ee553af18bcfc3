"""Define periods, half-open stretches of days `[start, end)`, and the calendar that makes them.

Days are civil dates in a ledger's time zone, so no change of clocks or zone moves a border. A
`Calendar` cuts the days into periods of each kind: every day lies in exactly one of a kind.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

RecurringKind = Literal["day", "week", "fortnight", "month", "quarter", "year"]
"""The kinds that follow each other without a gap."""
PeriodKind = Literal[RecurringKind, "trip", "custom"]

MonthDay = tuple[int, int]
"""A month (1 to 12) and a day in it; a year without that day takes the month's last one."""

_DAY = timedelta(days=1)
_FORTNIGHT = timedelta(days=14)
_FIRST_MONDAY = date(2024, 1, 1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` up to but not including `end`."""

    start: date
    end: date
    kind: PeriodKind = "custom"

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
    def is_named(self) -> bool:
        """Return whether the calendar on the wall has a name for it: a day, a month or a year."""
        if self.days == 1:
            return True
        months = _month_number(self.end) - _month_number(self.start)
        starts_first = self.start.day == 1 and self.end.day == 1
        return starts_first and (months == 1 or (months == 12 and self.start.month == 1))  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class Calendar:
    """The rules by which a ledger cuts days into periods."""

    week_start: int = 0
    """0 is Monday, 6 Sunday."""
    month_start: int = 1
    """1 to 31; a month without that day starts on its last one."""
    month_workday: bool = False
    """A month that would start on a weekend starts on the Friday before."""
    fortnight_start: date | None = None
    """The first day of any fortnight; None: they follow the weeks."""
    quarter_start: MonthDay | None = None
    """The first day of any quarter; None: quarters follow the year."""
    year_start: MonthDay = (1, 1)
    trips: tuple[Period, ...] = ()

    def of(self, kind: RecurringKind, day: date) -> Period:
        """Return the period of a kind that holds a day."""
        match kind:
            case "day":
                return day_period(day)
            case "week":
                return week_of(day, self.week_start)
            case "fortnight":
                return fortnight_of(day, self._fortnight_anchor)
            case "month":
                return month_of(day, self.month_start, workday=self.month_workday)
            case "quarter":
                return quarter_of(day, self.quarter_start or self.year_start)
            case "year":
                return year_of(day, self.year_start)

    def previous(self, period: Period) -> Period:
        """Return the period of the same kind that ends where this one starts.

        One that the calendar does not make (a trip, chosen days, or a month from before the chat
        moved its start) follows days of its own number, or its number of whole calendar months.
        """
        kind = self._kind_of(period)
        return self.of(kind, period.start - _DAY) if kind else _stretch_before(period)

    def next(self, period: Period) -> Period:
        """Return the period of the same kind that starts where this one ends."""
        kind = self._kind_of(period)
        if kind:
            return self.of(kind, period.end)
        return Period(period.end, period.end + (period.end - period.start), "custom")

    def month_named(self, year: int, month: int) -> Period:
        """Return the period that counts as a month of a year, such as September 2026."""
        return _months_from(year * 12 + month - 1, 1, self.month_start, workday=self.month_workday)

    def quarter_named(self, year: int, quarter: int) -> Period:
        """Return a quarter (1 to 4), counted from the first one that starts in a year."""
        month, day = self.quarter_start or self.year_start
        return _months_from(year * 12 + month - 1 + 3 * (quarter - 1), 3, day)

    def year_named(self, year: int) -> Period:
        """Return the year that starts in a calendar year."""
        month, day = self.year_start
        return _months_from(year * 12 + month - 1, 12, day)

    def trip(self, today: date) -> Period | None:
        """Return the trip that runs, else the last that has begun, else the next one."""
        begun = [trip for trip in self.trips if trip.start <= today]
        if begun:
            return max(begun, key=lambda trip: (trip.contains(today), trip.start))
        return min(self.trips, key=lambda trip: trip.start, default=None)

    @property
    def _fortnight_anchor(self) -> date:
        return self.fortnight_start or _FIRST_MONDAY + timedelta(days=self.week_start)

    def _kind_of(self, period: Period) -> RecurringKind | None:
        """Return the kind of a period that this calendar makes, None for any other."""
        match period.kind:
            case "trip" | "custom":
                return None
            case kind:
                return kind if self.of(kind, period.start) == period else None


def day_period(day: date) -> Period:
    """Return the period of one day."""
    return Period(day, day + _DAY, "day")


def week_of(day: date, week_start: int = 0) -> Period:
    """Return the week that holds a day; `week_start`: 0 is Monday, 6 Sunday."""
    start = day - timedelta(days=(day.weekday() - week_start) % 7)
    return Period(start, start + timedelta(days=7), "week")


def fortnight_of(day: date, anchor: date) -> Period:
    """Return the two weeks that hold a day; `anchor` is the first day of any fortnight."""
    start = day - (day - anchor) % _FORTNIGHT
    return Period(start, start + _FORTNIGHT, "fortnight")


def month_of(day: date, month_start: int = 1, *, workday: bool = False) -> Period:
    """Return the month that holds a day, for months that start on `month_start` (1 to 31).

    A month without that day starts on its last one. With `workday` a start on a Saturday or Sunday
    moves to the Friday before, so 31 means the last working day.
    """
    return _holding(day, 1, (1, month_start), workday=workday)


def quarter_of(day: date, starts: MonthDay = (1, 1)) -> Period:
    """Return the three months that hold a day; `starts` is the first day of any quarter."""
    return _holding(day, 3, starts)


def year_of(day: date, starts: MonthDay = (1, 1)) -> Period:
    """Return the year that holds a day; `starts` is its first day."""
    return _holding(day, 12, starts)


def parse_period(
    text: str, today: date, *, calendar: Calendar | None = None, language: str = "en"
) -> Period | None:
    """Return the period that words name, None if they name none; nothing at all: this month.

    Understood in every language pack: `month`, `last week`, `today`, `yesterday`, `year`, `2026`,
    `2026-09`, `2026-Q3`, `september`, `12 march`, `1.9.-15.9.`, `from 1 to 15 september`,
    `last 7 days`; in English and German also `fortnight`, `quarter` and `trip`.
    Without a year the most recent one is meant. The ends of a range both belong to it.
    """
    # The language packs load with the first words that need them, not with every import of this.
    from ledger.text.dates.periods import read_period  # noqa: PLC0415

    return read_period(text, today, calendar or Calendar(), language)


_KINDS: dict[int, RecurringKind] = {1: "month", 3: "quarter", 12: "year"}


@lru_cache(maxsize=4096)
def _holding(day: date, months: int, starts: MonthDay, *, workday: bool = False) -> Period:
    """Return the period of so many months that holds a day.

    It is cached, because every entry of a day asks for the periods of every budget.
    """
    month, start_day = starts
    # A start on the 1st may be brought forward into the month before, hence one month more.
    number = _month_number(day) + 1
    number -= (number - (month - 1)) % months
    while _start_in(number, start_day, workday=workday) > day:
        number -= months
    return _months_from(number, months, start_day, workday=workday)


def _months_from(number: int, months: int, start_day: int, *, workday: bool = False) -> Period:
    start = _start_in(number, start_day, workday=workday)
    end = _start_in(number + months, start_day, workday=workday)
    return Period(start, end, _KINDS[months])


def _start_in(number: int, start_day: int, *, workday: bool) -> date:
    """Return the first day of the period that starts in a month, by its running number."""
    year, month = number // 12, number % 12 + 1
    shortest = 28
    day = start_day if start_day <= shortest else min(start_day, monthrange(year, month)[1])
    start = date(year, month, day)
    if workday and start.weekday() >= _SATURDAY:
        start -= timedelta(days=start.weekday() - _SATURDAY + 1)
    return start


def _stretch_before(period: Period) -> Period:
    if period.start.day == 1 and period.end.day == 1:
        number = 2 * _month_number(period.start) - _month_number(period.end)
        return Period(date(number // 12, number % 12 + 1, 1), period.start, "custom")
    return Period(period.start - (period.end - period.start), period.start, "custom")


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1
