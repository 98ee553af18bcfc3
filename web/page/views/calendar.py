"""Lay the spending of days out as a calendar, the darker the more was spent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from ledger.entries.queries import EntryFilter
from ledger.money import Money
from ledger.periods.period import Period, day_period
from ledger.summary import Summary
from presentation.pictures.summary import scale_of
from web.page.views.parts import Context

_LEVELS = 4
_WEEKS_MAX = 10
"""Weeks up to which every week is a row; longer periods have a row for each month."""
_WEEK = 7
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cell:
    """One day."""

    number: int
    level: int
    """0 without spending, up to 4."""
    label: str
    """Day and sum, for whoever does not see the colour."""
    url: str
    """Opens the day's entries; empty where there are none."""
    is_today: bool
    is_ahead: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A week, or a month; a place without a day of the period is None."""

    name: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """Weeks with a column for each weekday, or months with one for each of up to 31 days."""

    by_week: bool
    heads: tuple[tuple[str, str], ...]
    """Short and whole name of each column; empty for months."""
    rows: tuple[Row, ...]


def calendar_part(sums: Summary, context: Context) -> CalendarPart | None:
    """Return the calendar of a period; None for a single day and for several years."""
    period = sums.period
    if period.days == 1 or period.days > 370:  # noqa: PLR2004  # a year with its leap day
        return None
    spent = dict(sums.days)
    full = scale_of([money.minor for money in spent.values()])
    cells = _Cells(spent, full, sums.currency, context)
    if period.days <= _WEEKS_MAX * _WEEK:
        return _by_week(period, cells)
    return _by_month(period, cells)


@dataclass(frozen=True, slots=True)
class _Cells:
    spent: Mapping[date, Money]
    full: float
    currency: str
    context: Context

    def cell(self, day: date) -> Cell:
        context, money = self.context, self.spent.get(day)
        minor = money.minor if money else 0
        level = 0
        if minor > 0:
            # The full size, and a day far above all others, would be one level too many.
            level = min(_LEVELS, 1 + int(minor / self.full * _LEVELS))
        shown = money or Money.of_minor(0, self.currency)
        which = EntryFilter(period=day_period(day))
        return Cell(
            day.day,
            level,
            f"{context.t.dated(day, context.today)}: {context.t.money(shown)}",
            context.links.entries(which) if money is not None else "",
            day == context.today,
            day > context.today,
        )


def _by_week(period: Period, cells: _Cells) -> CalendarPart:
    t = cells.context.t
    start = t.settings.calendar.of("week", period.start).start
    rows: list[Row] = []
    while start < period.end:
        days = [start + timedelta(days=number) for number in range(_WEEK)]
        found = tuple(cells.cell(day) if period.contains(day) else None for day in days)
        rows.append(Row("", found))
        start += timedelta(days=_WEEK)
    order = [(t.settings.calendar.week_start + number) % _WEEK for number in range(_WEEK)]
    heads = tuple((t.weekday(one, "abbreviated"), t.weekday(one)) for one in order)
    return CalendarPart(by_week=True, heads=heads, rows=tuple(rows))


def _by_month(period: Period, cells: _Cells) -> CalendarPart:
    t = cells.context.t
    rows: dict[tuple[int, int], Row] = {}
    day = period.start
    while day < period.end:
        key = (day.year, day.month)
        row = rows.get(key) or Row(t.month_name(day.month, "abbreviated"), ())
        if not row.cells:
            row = replace(row, cells=(None,) * (day.day - 1))
        rows[key] = replace(row, cells=(*row.cells, cells.cell(day)))
        day += _DAY
    return CalendarPart(by_week=False, heads=(), rows=tuple(rows.values()))
