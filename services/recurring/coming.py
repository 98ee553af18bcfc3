"""List the occurrences of series that are still to be booked or paid in a period."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ledger.entries.source_keys import recurring_source, source_key
from ledger.money import Money
from ledger.periods.period import Period
from ledger.recurring.series import Series
from services.conversion import Conversion
from services.scope import Scope

AHEAD = timedelta(days=7)
"""The days behind today that a weekly summary looks ahead."""
_WEEKEND = timedelta(days=2)
"""A weekend moves an occurrence by two days at most."""
_KEYS_MAX = 1000


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One occurrence of a series, with what it will count in the ledger."""

    series: Series
    on: date
    nominal: date
    counted: Money | None
    """In the ledger's currency at today's rate; None while none is known."""

    @property
    def source_key(self) -> str:
        """Return the key of the entry that it becomes."""
        return source_key(recurring_source(self.series.id, self.nominal))


def list_upcoming(scope: Scope) -> tuple[tuple[Series, date], ...]:
    """Return what is still to be booked or paid today and in the week to come, by day."""
    ahead = Period(scope.today, scope.today + AHEAD + timedelta(days=1))
    return tuple((one.series, one.on) for one in list_coming(scope, ahead))


def list_coming(scope: Scope, period: Period) -> tuple[Occurrence, ...]:
    """Return what is still to be booked, or to be paid from today on, until a period ends, by day.

    What is due today is booked in the morning or after quiet hours; until then no sum has it.
    """
    # Many series share a currency, and finding its rate costs a statement.
    conversion = Conversion().for_batch()
    found = [
        Occurrence(series, on, nominal, _count(scope, conversion, series))
        for series in scope.repositories.series.list_all(scope.ledger.id)
        if not (series.paused or series.ended)
        for nominal, on in _list_open(scope, series, period)
    ]
    paid = _list_paid(scope, found)
    rest = (one for one in found if one.source_key not in paid)
    return tuple(sorted(rest, key=lambda one: (one.on, one.series.id)))


def _list_open(scope: Scope, series: Series, period: Period) -> Iterator[tuple[date, date]]:
    """Yield nominal days that a series has not booked, each with its day in the period."""
    first = max(period.start, scope.today)
    # Days before `booked_to` are in the sums already, also where one of them was moved to today.
    start = max(first - _WEEKEND, series.booked_to or date.min)
    for nominal in series.plan.occurrences(start, period.end + _WEEKEND):
        if first <= (on := series.plan.rule.booked_on(nominal)) < period.end:
            yield nominal, on


def _list_paid(scope: Scope, found: Sequence[Occurrence]) -> set[str]:
    """Return the keys of bills that were paid from their reminder, on their day or before."""
    keys = [one.source_key for one in found if one.series.remind_only]
    known = scope.repositories.entries.known_sources
    # A daily bill in a period of many years has more keys than a statement takes.
    starts = range(0, len(keys), _KEYS_MAX)
    return {key for n in starts for key in known(scope.ledger.id, keys[n : n + _KEYS_MAX])}


def sum_committed(scope: Scope, coming: tuple[Occurrence, ...]) -> Money:
    """Return what occurrences will take; those without a known rate are not in it."""
    minor = sum(one.counted.minor for one in coming if one.counted and one.series.type == "expense")
    return Money.of_minor(minor, scope.ledger.currency)


def _count(scope: Scope, conversion: Conversion, series: Series) -> Money | None:
    return conversion.restate(scope, series.money, scope.ledger.currency, scope.today)
