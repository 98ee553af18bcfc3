"""Find the bills that are still to be paid, also after their day, and those that were paid.

A bill is paid by the button of its reminder, which gives the entry a source key of its own, or by an entry
that somebody typed: of its words, at about its day, whatever the amount.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import islice

from ledger.entries.source_keys import recurring_occurrence, recurring_source, source_key
from ledger.imports.matching import Candidate
from ledger.recurring.series import Series
from ledger.recurring.words import without_step
from ledger.text import fold
from services.scope import Scope

OPEN_DAYS = 31
"""Days for which an unpaid bill is listed after its day."""
_EARLY = {"month": timedelta(days=10)}
"""A typed entry pays a bill so long before its day; one that comes more often than monthly a day."""
_DAY = timedelta(days=1)
_WEEKEND = timedelta(days=2)
_NEXT_MAX = 3
"""Occurrences ahead of which some may be paid."""
_KEYS_MAX = 1000

Bill = tuple[Series, date]
"""A series that only reminds, and a nominal day of it."""


def next_open(scope: Scope, bills: Sequence[Series]) -> dict[str, date]:
    """Return the nominal day that each bill is to be paid for, by id; one that passed comes first."""
    candidates = {one.id: [*_list_passed(scope, one), *_list_next(scope, one)] for one in bills}
    paid = list_paid(scope, [(one, day) for one in bills for day in candidates[one.id]])
    found = {
        one.id: next((day for day in candidates[one.id] if (one.id, day) not in paid), None)
        for one in bills
    }
    return {key: day for key, day in found.items() if day is not None}


def list_overdue(scope: Scope, bills: Sequence[Series]) -> list[Bill]:
    """Return the latest occurrence of each bill whose day has passed, where it is not paid."""
    passed = [(one, day) for one in bills for day in _list_passed(scope, one)]
    paid = list_paid(scope, passed)
    return [(one, day) for one, day in passed if (one.id, day) not in paid]


def list_paid(scope: Scope, bills: Sequence[Bill]) -> set[tuple[str, date]]:
    """Return the bills that are paid, by the id of the series and the nominal day."""
    keys = {source_key(recurring_source(one.id, day)): (one.id, day) for one, day in bills}
    paid = {keys[key] for key in _known(scope, list(keys))}
    return paid | _list_typed(scope, [bill for bill in bills if (bill[0].id, bill[1]) not in paid])


def _known(scope: Scope, keys: Sequence[str]) -> Iterator[str]:
    # A daily bill in a period of many years has more keys than a statement takes.
    for start in range(0, len(keys), _KEYS_MAX):
        batch = keys[start : start + _KEYS_MAX]
        yield from scope.repositories.entries.known_sources(scope.ledger.id, batch)


def _list_typed(scope: Scope, bills: Sequence[Bill]) -> set[tuple[str, date]]:
    """Return the bills for which there is an entry of their words."""
    spans = [(one, day, *_payable(one, day)) for one, day in bills]
    spans = [span for span in spans if span[2] <= scope.today]
    if not spans:
        return set()
    first, last = min(span[2] for span in spans), max(span[3] for span in spans)
    found = scope.repositories.entries.candidates(
        scope.ledger.id, first, min(last, scope.today) + _DAY
    )
    language = scope.settings.language
    named = {(one.type, fold(one.title)) for one, *_ in spans}
    days: dict[tuple[str, str], list[date]] = {}
    for entry in found:
        words = typed_words(entry, language)
        if words in named:
            days.setdefault(words, []).append(entry.on)
    return {
        (one.id, day)
        for one, day, start, end in spans
        if any(start <= on <= end for on in days.get((one.type, fold(one.title)), ()))
    }


def typed_words(entry: Candidate, language: str) -> tuple[str, str] | None:
    """Return type and words of a typed entry as a series has them; None for one of a series.

    `rent 850 monthly` may have been typed as an entry before it became a series.
    """
    if recurring_occurrence(entry.source_key) is not None:
        return None
    return entry.type, fold(without_step(entry.words, language))


def _payable(series: Series, nominal: date) -> tuple[date, date]:
    """Return the first and the last day on which a typed entry pays an occurrence."""
    on = series.plan.rule.booked_on(nominal)
    return on - _EARLY.get(series.plan.rule.unit, _DAY), on + timedelta(days=OPEN_DAYS)


def _list_passed(scope: Scope, series: Series) -> Sequence[date]:
    """Return the latest occurrence before today, where it is of the last month."""
    start = scope.today - timedelta(days=OPEN_DAYS)
    found = [
        day
        for day in series.plan.occurrences(_since(series, start), scope.today)
        if start <= series.plan.rule.booked_on(day) < scope.today
    ]
    return found[-1:]


def _list_next(scope: Scope, series: Series) -> Iterator[date]:
    found = (
        day
        for day in series.plan.occurrences(_since(series, scope.today - _WEEKEND), date.max)
        if series.plan.rule.booked_on(day) >= scope.today
    )
    return islice(found, _NEXT_MAX)


def _since(series: Series, day: date) -> date:
    """Return a day, or where the series was resumed after it that day."""
    return max(day, series.booked_to or day)
