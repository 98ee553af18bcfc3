"""List the occurrences of series that are still to be booked or paid in a period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from ledger.money import Money
from ledger.periods.period import Period
from ledger.recurring.series import Series
from services.conversion import Conversion
from services.recurring.bills import list_overdue, list_paid
from services.scope import Scope

AHEAD = timedelta(days=7)
"""The days behind today that a weekly summary looks ahead."""
_WEEKEND = timedelta(days=2)
"""A weekend moves an occurrence by two days at most."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One occurrence of a series, with what it will count in the ledger."""

    series: Series
    on: date
    nominal: date
    counted: Money | None
    """In the ledger's currency at today's rate; None while none is known."""


def list_upcoming(scope: Scope) -> tuple[tuple[Series, date], ...]:
    """Return what is still to be booked or paid today and in the week to come, by day."""
    ahead = Period(scope.today, scope.today + AHEAD + timedelta(days=1))
    return tuple((one.series, one.on) for one in list_coming(scope, ahead))


def list_coming(scope: Scope, period: Period) -> tuple[Occurrence, ...]:
    """Return what is still to be booked or paid until a period ends, by day.

    What is due today is booked in the morning or after quiet hours; until then no sum has it. A bill whose
    day has passed is in the period that runs until it is paid.
    """
    # Many series share a currency, and finding its rate costs a statement.
    conversion = Conversion().for_batch()
    running = [
        one
        for one in scope.repositories.series.list_all(scope.ledger.id)
        if not (one.paused or one.ended)
    ]
    bills = [one for one in running if one.remind_only]
    found = [(one, day) for one in running for day in _list_open(scope, one, period)]
    paid = list_paid(scope, [pair for pair in found if pair[0].remind_only])
    found = [(one, day) for one, day in found if (one.id, day) not in paid]
    if period.contains(scope.today):
        found += list_overdue(scope, bills)
    coming = [_occur(scope, conversion, one, nominal) for one, nominal in found]
    return tuple(sorted(coming, key=lambda one: (one.on, one.series.id)))


def _occur(scope: Scope, conversion: Conversion, series: Series, nominal: date) -> Occurrence:
    on = series.plan.rule.booked_on(nominal)
    return Occurrence(series, on, nominal, _count(scope, conversion, series))


def _list_open(scope: Scope, series: Series, period: Period) -> Iterator[date]:
    """Yield the nominal days that a series has not booked and whose day is in the period."""
    first = max(period.start, scope.today)
    # Days before `booked_to` are in the sums already, also where one of them was moved to today.
    start = max(first - _WEEKEND, series.booked_to or date.min)
    for nominal in series.plan.occurrences(start, period.end + _WEEKEND):
        if first <= series.plan.rule.booked_on(nominal) < period.end:
            yield nominal


def sum_committed(scope: Scope, coming: tuple[Occurrence, ...]) -> Money:
    """Return what occurrences will take; those without a known rate are not in it."""
    minor = sum(one.counted.minor for one in coming if one.counted and one.series.type == "expense")
    return Money.of_minor(minor, scope.ledger.currency)


def _count(scope: Scope, conversion: Conversion, series: Series) -> Money | None:
    return conversion.restate(scope, series.money, scope.ledger.currency, scope.today)
