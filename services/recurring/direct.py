"""Make and change series whose fields a program gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from ledger.errors import InputError
from ledger.recurring.rules import Plan, Rule, Unit, Weekend
from ledger.recurring.series import Series
from ports.recurring import SeriesShown
from services.entries.direct import DirectEntries, GivenFields, money_of
from services.recurring.series import AllSeries, series_like
from services.scope import Scope


@dataclass(frozen=True, slots=True)
class GivenSeries:
    """A series as a program gives it."""

    fields: GivenFields
    unit: Unit
    every: int
    start: date | None = None
    until: date | None = None
    weekend: Weekend = "keep"
    remind_only: bool = False
    reminders: tuple[int, ...] = ()

    def plan(self, today: date) -> Plan:
        """Return the plan. Raises `InputError` (`series_over`) where it ends before it begins."""
        start = self.start or today
        if self.until is not None and self.until < start:
            raise InputError("series_over")
        return Plan(Rule(self.unit, self.every, start, weekend=self.weekend), self.until)


@dataclass(frozen=True, slots=True)
class DirectSeries:
    """Makes series by their fields."""

    series: AllSeries
    entries: DirectEntries

    def add(self, scope: Scope, given: GivenSeries, names: Mapping[str, str]) -> SeriesShown:
        """Make a series, and book what is due already.

        Raises:
            InputError: As `DirectEntries.add`, and `series_over`, `series_too_many`,
                `series_too_many_past`.
        """
        entry = self.entries.build(scope, given.fields, names)
        made = series_like(scope, entry, given.plan(scope.today))
        reminders = tuple(sorted(set(given.reminders), reverse=True))
        return self.series.add(
            scope, replace(made, remind_only=given.remind_only, reminders=reminders)
        )


def with_amount(series: Series, given: GivenFields) -> Series:
    """Return a series with another amount and note, where they are given."""
    note = series.note if given.note is None else given.note
    return replace(series, money=money_of(given, series.money), note=note)
