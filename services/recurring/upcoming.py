"""List what comes again in the next days, for the weekly summary."""

from __future__ import annotations

from datetime import date, timedelta

from ledger.recurring.series import Series
from services.scope import Scope

AHEAD = timedelta(days=7)


def list_upcoming(scope: Scope) -> tuple[tuple[Series, date], ...]:
    """Return what is booked or to be paid in the week from tomorrow on, by day."""
    first = scope.today + timedelta(days=1)
    found = [
        (series, on)
        for series in scope.repositories.series.list_all(scope.ledger.id)
        if not (series.paused or series.ended)
        # A weekend moves a day by two at most.
        for nominal in series.plan.occurrences(first - timedelta(days=2), first + AHEAD * 2)
        if first <= (on := series.plan.rule.booked_on(nominal)) < first + AHEAD
    ]
    return tuple(sorted(found, key=lambda one: (one[1], one[0].id)))
