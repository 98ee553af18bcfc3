"""Change this entry of a series, the series from now on, or all of it; take back, pay, confirm."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from ledger.entries.entry import Entry, Mark
from ledger.entries.source_keys import recurring_occurrence
from ledger.errors import NotFoundError
from ledger.money import Money
from ledger.recurring.series import Series
from ports.answers import Captured, Nothing, Reversed
from ports.recurring import Reach, SeriesShown
from services.entries.booking import Draft
from services.entries.changing import live_entry
from services.entries.confirmations import find_confirmations
from services.entries.recording import Recorder, begin
from services.recurring.due import DueSeries, build_occurrence
from services.recurring.series import VERB, AllSeries, get_series, keep_series, list_booked, shown
from services.reporting.watching import claim_alerts
from services.scope import Scope

_SHARED = ("type", "money", "note", "merchant", "category", "tags", "paid_by")
CHANGED_MAX = 1000
"""Earlier entries that one change reaches, the latest ones."""


@dataclass(frozen=True, slots=True)
class SeriesEntries:
    """Changes the entries of a series together with it."""

    series: AllSeries
    due: DueSeries

    def set_amount(self, scope: Scope, series_id: str, money: Money, reach: Reach) -> SeriesShown:
        """Set another amount of the latest entry, from now on, or of all."""
        booked = list_booked(scope, series_id)
        chosen = {"this": booked[:1], "on": (), "all": booked[:CHANGED_MAX]}[reach]
        return self._change(
            scope,
            get_series(scope, series_id),
            chosen,
            lambda entry: replace(entry, money=money, marks=_without_amount(entry)),
            (lambda series: series) if reach == "this" else lambda one: replace(one, money=money),
        )

    def follow(self, scope: Scope, entry_id: str, reach: Reach) -> SeriesShown:
        """Let a series be as one of its entries was corrected, from now on or all of it.

        Raises:
            NotFoundError: The entry is of no series that is there (`no_series`).
        """
        like = live_entry(scope, entry_id)
        occurrence = recurring_occurrence(like.source_key)
        if occurrence is None:
            raise NotFoundError("no_series")
        series = get_series(scope, occurrence[0])
        chosen = list_booked(scope, series.id)[:CHANGED_MAX] if reach == "all" else ()
        return self._change(
            scope,
            series,
            chosen,
            lambda entry: _alike(entry, like),
            lambda one: replace(one, **_shared_fields(like)),
        )

    def take_back(self, scope: Scope, operation_id: str) -> Reversed | Nothing:
        """Delete the entries that one booking made; `/undo` brings them back."""
        made = [
            change.subject_id
            for change in scope.repositories.operations.changes(operation_id)
            if change.subject == "entry" and change.before is None
        ]
        found = [scope.repositories.entries.get(scope.ledger.id, one) for one in made]
        before = [entry for entry in found if not entry.deleted_at]
        if not before:
            return Nothing("already_deleted")
        recorder = begin(scope, "delete")
        after = [replace(one, deleted_at=scope.now, updated_at=scope.now) for one in before]
        for old, new in zip(before, after, strict=True):
            scope.repositories.entries.save(new)
            recorder.entry(old, new)
        recorder.write()
        claim_alerts(scope, list(zip(before, after, strict=True)))
        confirmed = find_confirmations(scope, self.due.booking, after)
        return Reversed(
            "recurring", tuple(recorder.changes), tuple(after), tuple(before), confirmed=confirmed
        )

    def pay(self, scope: Scope, series_id: str, nominal: date) -> Captured | Nothing:
        """Book a bill of which a person was reminded, once, for today."""
        series = get_series(scope, series_id)
        entry = replace(build_occurrence(scope, series, nominal), spent_on=scope.today)
        # Two members may press the button of the same bill.
        known = scope.repositories.entries.known_sources(scope.ledger.id, [entry.source_key])
        if known:
            return Nothing("already_paid")
        recorder = begin(scope, "capture")
        entry = replace(entry, paid_by=scope.actor)
        booked, alerts = self.due.booking.book(scope, [Draft(entry)], recorder)
        recorder.write()
        return Captured(booked=booked, alerts=alerts)

    def _change(
        self,
        scope: Scope,
        series: Series,
        entries: Sequence[Entry],
        change_entry: Callable[[Entry], Entry],
        change_series: Callable[[Series], Series],
    ) -> SeriesShown:
        # First what was due before the change, by the series as it was then.
        series, booked = self.series.settle(scope, series)
        recorder = begin(scope, VERB)
        touched = [
            pair for entry in entries if (pair := self._save(scope, recorder, entry, change_entry))
        ]
        after = change_series(series)
        keep_series(scope, recorder, series, after)
        recorder.write()
        alerts = claim_alerts(scope, touched) if touched else ()
        confirmed = find_confirmations(scope, self.due.booking, [new for _, new in touched])
        card = shown(scope, after)
        is_changed = bool(touched) or after != series
        return replace(
            card, booked=booked, alerts=alerts, confirmed=confirmed, is_changed=is_changed
        )

    def _save(
        self, scope: Scope, recorder: Recorder, before: Entry, change: Callable[[Entry], Entry]
    ) -> tuple[Entry, Entry] | None:
        """Save a changed entry; None where it is so already."""
        after = change(before)
        if after == before:
            return None
        after = self.due.booking.conversion.convert(scope, replace(after, updated_at=scope.now))
        scope.repositories.entries.save(after)
        recorder.entry(before, after)
        return before, after


def _without_amount(entry: Entry) -> tuple[Mark, ...]:
    return tuple(mark for mark in entry.marks if mark != "amount")


def _alike(entry: Entry, like: Entry) -> Entry:
    return replace(
        entry,
        category_guessed=like.category_guessed,
        marks=_without_amount(entry),
        **_shared_fields(like),
    )


def _shared_fields(like: Entry) -> dict[str, Any]:
    """Return what a series hands down to its entries."""
    return {name: getattr(like, name) for name in _SHARED}
