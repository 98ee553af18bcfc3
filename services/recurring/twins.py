"""Notice entries that were booked by hand and by their series, which may be one and the same.

Nothing is decided: the card says it, and a person deletes the one that is too many.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from ledger.entries.entry import Entry
from ledger.entries.source_keys import recurring_source, source_key
from ledger.imports.matching import Candidate
from ledger.recurring.series import Series
from ledger.recurring.words import without_step
from ledger.text import fold
from ports.answers import Booked, Remark
from services.scope import Scope

NEAR = timedelta(days=3)
"""A person types a rent a few days before or after its series books it."""
_AROUND = NEAR + timedelta(days=3)
"""A weekend moves a day by two at most, and the end of a span is not in it."""
EVERYDAY = frozenset({"groceries", "eating_out", "transport", "shopping"})
"""Categories of most texts, and of hardly any series: their entries are not looked up."""


def note_series_twins(scope: Scope, booked: tuple[Booked, ...]) -> tuple[Booked, ...]:
    """Say on typed entries that their series has booked the same by itself."""
    looked_at = {one.entry.id for one in booked if one.entry.category not in EVERYDAY}
    # Most ledgers have no series, and a text must not read the entries of a busy week.
    series = scope.repositories.series.list_all(scope.ledger.id) if looked_at else []
    if not series:
        return booked
    return tuple(
        _with_twin(one, _find_booked(scope, one.entry, series))
        if one.entry.id in looked_at
        else one
        for one in booked
    )


def note_typed_twins(scope: Scope, booked: tuple[Booked, ...]) -> tuple[Booked, ...]:
    """Say on entries of series that somebody has booked the same."""
    days = [one.entry.spent_on for one in booked]
    if not days:
        return booked
    entries, end = scope.repositories.entries, max(days) + NEAR + timedelta(days=1)
    typed = entries.list_typed(scope.ledger.id, min(days) - NEAR, end)
    language = scope.settings.language
    return tuple(_with_twin(one, _find_typed(one.entry, typed, language)) for one in booked)


def _with_twin(booked: Booked, day: date | None) -> Booked:
    if day is None:
        return booked
    return replace(booked, remarks=(*booked.remarks, Remark("booked_twice", {"day": day})))


def _find_booked(scope: Scope, entry: Entry, series: Sequence[Series]) -> date | None:
    """Return the day of an entry that a series of the same amount and words has booked."""
    title = fold(without_step(entry.title, scope.settings.language))
    days = {
        source_key(recurring_source(one.id, nominal)): on
        for one in series
        if (one.type, one.money, fold(one.title)) == (entry.type, entry.money, title)
        for nominal in one.plan.occurrences(entry.spent_on - _AROUND, entry.spent_on + _AROUND)
        if abs((on := one.plan.rule.booked_on(nominal)) - entry.spent_on) <= NEAR
    }
    known = scope.repositories.entries.known_sources(scope.ledger.id, list(days)) if days else ()
    return min((days[key] for key in known), default=None)


def _find_typed(entry: Entry, typed: Sequence[Candidate], language: str) -> date | None:
    """Return the day of a typed entry with the same amount and words."""
    wanted = (entry.type, entry.money.minor, entry.money.currency)
    title = fold(without_step(entry.title, language))
    for one in typed:
        same = (one.type, one.minor, one.currency) == wanted and abs(
            one.on - entry.spent_on
        ) <= NEAR
        if same and title == fold(without_step(one.words, language)):
            return one.on
    return None
