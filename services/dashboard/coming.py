"""List the occurrences of series that are still to come in a period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from ledger.money import Money
from ledger.periods.period import Period
from ledger.recurring.series import Series
from services.conversion import Conversion
from services.scope import Scope

_WEEKEND = timedelta(days=2)
"""A weekend moves an occurrence by two days at most."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One occurrence of a series, with what it will count in the ledger."""

    series: Series
    on: date
    counted: Money | None
    """In the ledger's currency at today's rate; None while none is known."""


def list_coming(scope: Scope, period: Period) -> tuple[Occurrence, ...]:
    """Return what is booked, or to be paid, from tomorrow until a period ends, by day."""
    first = max(period.start, scope.today + timedelta(days=1))
    # Many series share a currency, and finding its rate costs a statement.
    conversion = Conversion().for_batch()
    found = [
        Occurrence(series, on, _count(scope, conversion, series))
        for series in scope.repositories.series.list_all(scope.ledger.id)
        if not (series.paused or series.ended)
        for nominal in series.plan.occurrences(first - _WEEKEND, period.end + _WEEKEND)
        if first <= (on := series.plan.rule.booked_on(nominal)) < period.end
    ]
    return tuple(sorted(found, key=lambda one: (one.on, one.series.id)))


def sum_committed(scope: Scope, coming: tuple[Occurrence, ...]) -> Money:
    """Return what occurrences will take; those without a known rate are not in it."""
    minor = sum(one.counted.minor for one in coming if one.counted and one.series.type == "expense")
    return Money.of_minor(minor, scope.ledger.currency)


def _count(scope: Scope, conversion: Conversion, series: Series) -> Money | None:
    return conversion.restate(scope, series.money, scope.ledger.currency, scope.today)
