"""Find the trip of a ledger, which its settings or its budgets name."""

from __future__ import annotations

from dataclasses import replace

from ledger.periods.period import Calendar, Period
from services.scope import Scope


def calendar_with_trips(scope: Scope) -> Calendar:
    """Return the ledger's calendar with the trips of its settings and of its budgets."""
    live = scope.repositories.budgets.list_all(scope.ledger.id)
    trips = {budget.trip for budget in live if budget.trip is not None}
    calendar = scope.settings.calendar
    return replace(calendar, trips=(*calendar.trips, *sorted(trips, key=lambda t: t.start)))


def find_trip(scope: Scope) -> Period | None:
    """Return the trip that runs, else the last that has begun, else the next one."""
    return calendar_with_trips(scope).trip(scope.today)
