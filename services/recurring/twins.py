"""Notice entries that were booked by hand and by their series, which may be one and the same.

Nothing is decided: the card says it, and a person deletes the one that is too many.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from ledger.entries.entry import Entry
from ledger.imports.matching import Candidate
from ledger.recurring.words import without_step
from ledger.text import fold
from ports.answers import Booked, Remark
from services.scope import Scope

NEAR = timedelta(days=3)
"""A person types a rent a few days before or after its series books it."""
EVERYDAY = frozenset({"groceries", "eating_out", "transport", "shopping"})
"""Categories of most texts, and of hardly any series: their entries are not looked up."""


def note_series_twins(scope: Scope, booked: tuple[Booked, ...]) -> tuple[Booked, ...]:
    """Say on typed entries that their series has booked the same by itself."""
    looked_at = [one.entry for one in booked if one.entry.category not in EVERYDAY]
    return _note(scope, booked, looked_at, by_series=True)


def note_typed_twins(scope: Scope, booked: tuple[Booked, ...]) -> tuple[Booked, ...]:
    """Say on entries of series that somebody has booked the same."""
    return _note(scope, booked, [one.entry for one in booked], by_series=False)


def _note(
    scope: Scope, booked: tuple[Booked, ...], looked_at: Sequence[Entry], *, by_series: bool
) -> tuple[Booked, ...]:
    if not looked_at:
        return booked
    first = min(entry.spent_on for entry in looked_at) - NEAR
    end = max(entry.spent_on for entry in looked_at) + NEAR + timedelta(days=1)
    entries = scope.repositories.entries
    found = entries.candidates_near(scope.ledger.id, first, end, by_series=by_series)
    if not found:
        return booked
    ids = {entry.id for entry in looked_at}
    return tuple(_with_twin(scope, one, found) if one.entry.id in ids else one for one in booked)


def _with_twin(scope: Scope, booked: Booked, found: Sequence[Candidate]) -> Booked:
    day = _find_twin(booked.entry, found, scope.settings.language)
    if day is None:
        return booked
    return replace(booked, remarks=(*booked.remarks, Remark("booked_twice", {"day": day})))


def _find_twin(entry: Entry, found: Sequence[Candidate], language: str) -> date | None:
    """Return the day of an entry with the same amount and words."""
    wanted = (entry.type, entry.money.minor, entry.money.currency)
    title = fold(without_step(entry.title, language))
    for one in found:
        same = (one.type, one.minor, one.currency) == wanted and abs(
            one.on - entry.spent_on
        ) <= NEAR
        if same and title == fold(without_step(one.words, language)):
            return one.on
    return None
