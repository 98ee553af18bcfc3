"""Find the calendar day of a number and a month, and check that an entry may have it."""

from __future__ import annotations

from datetime import date, timedelta

from ledger.text.lines.line import Day, ParseContext
from ledger.text.model import ReasonId

YEAR_MIN = 1970
"""Older days are a slip of the finger, not an expense."""
YEARS_BACK = 2
"""Years to look through for a day without a year: this one and the last."""


def is_day(day: int, month: int) -> bool:
    """Return whether a day and a month are in their ranges (31 February is)."""
    return 1 <= day <= 31 and 1 <= month <= 12


def checked_day(
    context: ParseContext, start: int, end: int, on: date, *, ambiguous: bool = False
) -> Day:
    """Return a date found in these tokens, with the reason if no entry may have it."""
    reason: ReasonId | None = None
    if on > context.latest:
        reason = "future_date"
    elif on.year < YEAR_MIN:
        reason = "bad_date"
    return Day(start, end, on, reason, ambiguous and reason is None)


def bad_day(start: int, end: int) -> Day:
    """Return a date that does not exist."""
    return Day(start, end, None, "bad_date")


def exact_day(
    context: ParseContext,
    tokens: tuple[int, int],
    day: tuple[int, int, int],
    *,
    ambiguous: bool = False,
) -> Day:
    """Return the date of year, month and day."""
    try:
        return checked_day(context, *tokens, date(*day), ambiguous=ambiguous)
    except ValueError:
        return bad_day(*tokens)


def latest_day(context: ParseContext, start: int, end: int, month: int, day: int) -> Day:
    """Return the most recent such day that is not in the future."""
    on = find_latest(context, month, day)
    return Day(start, end, on, None if on else "bad_date")


def find_latest(context: ParseContext, month: int, day: int) -> date | None:
    """Return the most recent such day that is not in the future, None if there is none."""
    for year in range(context.today.year, context.today.year - YEARS_BACK, -1):
        try:
            on = date(year, month, day)
        except ValueError:
            continue
        if on <= context.today:
            return on
    return None


def find_latest_number(context: ParseContext, day: int) -> date | None:
    """Return the most recent day with this number in its month that is not in the future."""
    year, month = context.today.year, context.today.month
    for back in range(3):
        number = year * 12 + month - 1 - back
        try:
            on = date(number // 12, number % 12 + 1, day)
        except ValueError:
            continue
        if on <= context.today:
            return on
    return None


def days_ago(context: ParseContext, start: int, end: int, days: int) -> Day:
    """Return the day so many days back."""
    if days > (context.today - date(YEAR_MIN, 1, 1)).days:
        return bad_day(start, end)
    return checked_day(context, start, end, context.today - timedelta(days=days))
