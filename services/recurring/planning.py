"""Compute when occurrences of a series are booked, and plan the next one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import islice

from ledger.periods.schedule import after_quiet, instant_of
from ledger.recurring.editing import next_day
from ledger.recurring.series import Series
from ledger.settings import Settings
from ledger.text import fold
from services.recurring import reminders
from services.recurring.bills import typed_words
from services.scope import Scope

KIND = "recurring"
BOOKING_HOUR = 6
"""The local hour from which the occurrences of a day are booked."""
_WEEKEND_MAX = timedelta(days=2)
"""Days by which the rule for weekends brings a booking forward at most."""


def due_at(series: Series, day: date, settings: Settings) -> datetime:
    """Return when the occurrence of a nominal day is booked.

    Bookings are told, so they wait for the end of quiet hours.
    """
    on = series.plan.rule.booked_on(day)
    at = instant_of(datetime.combine(on, time(BOOKING_HOUR)), settings.timezone)
    return after_quiet(at, settings)


def is_booked_by_itself(series: Series) -> bool:
    """Return whether occurrences of a series are booked when they are due."""
    return not (series.ended or series.paused or series.remind_only)


def list_due(
    series: Series, scope: Scope, limit: int, *, whole_day: bool = False
) -> tuple[date, ...]:
    """Return the nominal days that are due and not booked, the oldest first.

    With `whole_day` everything of today is due, whatever the hour.
    """
    if not is_booked_by_itself(series):
        return ()
    return tuple(islice(_due(series, scope, whole_day=whole_day), limit))


def _due(series: Series, scope: Scope, *, whole_day: bool) -> Iterator[date]:
    first = series.booked_to or series.plan.rule.start
    for day in series.plan.occurrences(first, scope.today + _WEEKEND_MAX + timedelta(days=1)):
        # Days rise with their nominal days, so the first that is not due ends it.
        if whole_day:
            if series.plan.rule.booked_on(day) > scope.today:
                return
        elif due_at(series, day, scope.settings) > scope.now:
            return
        yield day


def list_typed(scope: Scope, series: Series, days: Sequence[date]) -> tuple[date, ...]:
    """Return the nominal days whose entry was booked by hand: same day, amount and words."""
    on = {series.plan.rule.booked_on(day): day for day in days}
    found = scope.repositories.entries.candidates(
        scope.ledger.id, min(on), max(on) + timedelta(days=1)
    )
    language, money = scope.settings.language, series.money
    wanted = (series.type, fold(series.title))
    same = {
        one.on
        for one in found
        if (one.minor, one.currency) == (money.minor, money.currency)
        and typed_words(one, language) == wanted
    }
    return tuple(day for at, day in on.items() if at in same)


def pass_over(scope: Scope, series: Series, last: date) -> None:
    """Deal with all occurrences of a series up to a nominal day, whether they are booked or not."""
    following = last + timedelta(days=1)
    scope.repositories.series.advance(series, following)
    plan_series(scope, replace(series, booked_to=following))


def plan_series(scope: Scope, series: Series) -> None:
    """Plan the next booking and the next reminder of a series."""
    day = next_day(series, scope.today) if is_booked_by_itself(series) else None
    at = due_at(series, day, scope.settings) if day else None
    scope.repositories.schedules.plan(scope.ledger.id, KIND, at, subject_id=series.id)
    reminders.plan_next(scope, series)


def unplan(scope: Scope, series_id: str) -> None:
    """Plan nothing more for a series."""
    for kind in (KIND, reminders.KIND):
        scope.repositories.schedules.plan(scope.ledger.id, kind, None, subject_id=series_id)


def plan_all(scope: Scope) -> None:
    """Plan every series of a ledger again, after its zone or its chat has changed."""
    for series in scope.repositories.series.list_all(scope.ledger.id):
        plan_series(scope, series)
