"""What a period is compared with: the one before of its kind, over as many days as have passed."""

from __future__ import annotations

from datetime import date, timedelta

from ledger.period import Period, month_of, week_of
from ledger.settings import Settings

_DAY = timedelta(days=1)


def previous_of(period: Period, settings: Settings) -> Period:
    """Return the period of the same kind that ends where this one starts.

    A custom period is preceded by as many days.
    """
    last = period.start - _DAY
    if period.kind == "day":
        return Period(last, period.start, "day")
    if period.kind == "week":
        return week_of(last, settings.week_start)
    if period.kind == "month":
        return month_of(last, settings.month_start)
    if period.kind == "year":
        return Period(_year_before(period.start), period.start, "year")
    # The calendar begins on 1 January of year 1.
    start = date.fromordinal(max(1, 2 * period.start.toordinal() - period.end.toordinal()))
    return Period(start, period.start)


def through_of(period: Period, today: date) -> date | None:
    """Return today while the period runs, None before its first and after its last day."""
    return today if period.start <= today < period.end else None


def compared_with(period: Period, settings: Settings, *, today: date) -> Period:
    """Return the days to compare a period with, so that the comparison is fair.

    While the period runs these are as many days of the one before as have begun of this one: on
    20 March the first 20 days of February, on the 31st all of February.
    """
    before = previous_of(period, settings)
    through = through_of(period, today)
    if through is None:
        return before
    end = min(before.end, before.start + (through - period.start) + _DAY)
    return Period(before.start, end, before.kind)


def _year_before(start: date) -> date:
    # 29 February begins no year: `parse_period` makes years from the chat's month start.
    return (
        start.replace(year=start.year - 1)
        if (start.month, start.day) != (2, 29)
        else (date(start.year - 1, 2, 28))
    )
