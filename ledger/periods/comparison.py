"""Compare a period with the one before of its kind, over as many days as have passed."""

from __future__ import annotations

from datetime import date, timedelta

from ledger.periods.period import Period
from ledger.settings import Settings

_DAY = timedelta(days=1)


def previous_of(period: Period, settings: Settings) -> Period:
    """Return the period of the same kind that ends where this one starts."""
    return settings.calendar.previous(period)


def through_of(period: Period, today: date) -> date | None:
    """Return today while the period runs, None before its first and after its last day."""
    return today if period.contains(today) else None


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
    # A part of a month is not one, so it is named by its days.
    return before if end == before.end else Period(before.start, end, "custom")


def year_before(period: Period, *, today: date) -> Period:
    """Return the same days a year earlier; of a period that runs, those that have begun."""
    through = through_of(period, today)
    end = period.end if through is None else through + _DAY
    return Period(_year_before(period.start), _year_before(end))


def _year_before(day: date) -> date:
    # 29 February does not exist a year before.
    return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)  # noqa: PLR2004
