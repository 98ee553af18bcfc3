"""Bring back the series of an export, and the offers that were refused.

A series goes on where the file left it: what is due since then is booked on its own day by the next
tick, and told as always.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ledger.entries.changes import Change
from ledger.imports.kvitto_series import is_among, load_series
from ledger.recurring.series import Series
from services.entries.recording import begin
from services.importing.restoring import find_category_id
from services.insights.finding import refuse
from services.recurring.due import BATCH_ENTRIES
from services.recurring.planning import list_due
from services.recurring.series import SERIES_MAX, VERB, keep_series
from services.scope import Scope

_ID_LETTERS = 26


def restore_series(scope: Scope, document: Mapping[str, Any]) -> list[Change]:
    """Write the series that the ledger lacks; return their changes.

    Refused offers and insights are kept forever: the history does not hold them, so they stay after an undo.
    """
    for key in document.get("refused_series", ()):
        scope.repositories.series.refuse(scope.ledger.id, key)
    for key in document.get("refused_insights", ()):
        kind, _, about = key.partition(":")
        refuse(scope, kind, about)
    recorder = begin(scope, VERB)
    for series in _list_lacking(scope, document.get("series", ())):
        keep_series(scope, recorder, None, series)
    return recorder.changes


def _list_lacking(scope: Scope, found: list[dict[str, Any]]) -> Iterator[Series]:
    known = scope.repositories.series.list_all(scope.ledger.id)
    members = {one.user_id for one in scope.repositories.chats.members(scope.ledger.id)}
    for fields in found:
        series = load_series(fields, _choose_id(scope, fields["id"]), scope.ledger.id)
        if is_among(series, known) or len(known) >= SERIES_MAX:
            continue
        known.append(series)
        yield _fit(scope, series, members)


def _fit(scope: Scope, series: Series, members: set[int]) -> Series:
    """Return the series with people and categories of this ledger."""
    series = replace(
        series,
        category=find_category_id(series.category, scope.settings),
        paid_by=series.paid_by if series.paid_by in members else scope.actor,
        created_by=series.created_by if series.created_by in members else scope.actor,
    )
    # A file of years ago would book hundreds of entries that nobody expects.
    is_old = len(list_due(series, scope, BATCH_ENTRIES + 1)) > BATCH_ENTRIES
    return replace(series, booked_to=scope.today) if is_old else series


def _choose_id(scope: Scope, series_id: str) -> str:
    """Return the id of a series in this ledger: its own here, else one made of it.

    Another ledger of the installation may still have the series of this id. The made one is the same
    for each import, so a second import of a file finds the series of the first.
    """
    if scope.repositories.series.find(scope.ledger.id, series_id, removed=True):
        return series_id
    digest = hashlib.sha256(f"{scope.ledger.key}:{series_id}".encode()).hexdigest()
    return digest[:_ID_LETTERS]
