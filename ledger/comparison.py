"""Compare a period with the one before of its kind, over as many days as have passed."""

from __future__ import annotations

from datetime import date, timedelta

from ledger.period import Period, month_of
from ledger.settings import Settings

_DAY = timedelta(days=1)


def previous_of(period: Period, settings: Settings) -> Period:
    """Return the period of the same kind that ends where this one starts.

    A month that does not say where it was meant to start (it came back from a button) follows the
    chat's setting: 28 February may be the start of a month that begins on the 31st.
    """
    if period.kind == "month" and not period.month_start:
        return month_of(period.start - _DAY, settings.month_start)
    return period.previous


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
    return Period(before.start, end, before.kind)
