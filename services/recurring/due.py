"""Book the occurrences of series when they are due.

Each is booked on its own day, however late. Its source key is unique, and the progress of its series is
written in the same unit, so a kill or a second scheduler books nothing twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from ledger.budgets.thresholds import Alert
from ledger.chats import Chat
from ledger.entries.entry import Entry
from ledger.entries.source_keys import recurring_source, source_key
from ledger.periods.schedule import after_quiet, awake_at
from ledger.recurring.series import Series
from ports.answers import Booked
from ports.repositories import DueSchedule
from services.entries.booking import Booking, Draft
from services.entries.recording import Recorder, begin
from services.ids import new_id
from services.members import list_payers
from services.recurring.planning import KIND, list_due, plan_series, unplan
from services.recurring.twins import note_typed_twins
from services.scope import Scope

BATCH_ENTRIES = 100
"""Entries of one unit: on SQLite the writer is held for 50 ms."""

Due = Sequence[tuple[Series, Sequence[date]]]
"""Series with the nominal days that are due."""


@dataclass(frozen=True, slots=True)
class DueBooked:
    """Entries of a ledger that were booked, to be told in the same unit."""

    chat: Chat
    operation_id: str
    """Names the booking; its message is keyed by it."""
    booked: tuple[Booked, ...]
    alerts: tuple[Alert, ...]
    payers: Mapping[int, str]
    silent: bool
    """The chat has paused what comes unasked."""


@dataclass(frozen=True, slots=True)
class DueSeries:
    """Books what is due."""

    booking: Booking

    def take(self, scope: Scope, chat: Chat, row: DueSchedule) -> Sequence[object]:
        """Book what is due in a ledger, as one operation of each person who made a series."""
        series = scope.repositories.series.find(scope.ledger.id, row.subject_id)
        if series is None:
            unplan(scope, row.subject_id)
            return ()
        # Quiet hours may have been set after this booking was planned.
        awake = after_quiet(scope.now, scope.settings)
        if awake > scope.now:
            scope.repositories.schedules.plan(scope.ledger.id, KIND, awake, subject_id=series.id)
            return ()
        if not list_due(series, scope, 1):
            # An earlier row of this ledger booked it, or its zone has changed.
            plan_series(scope, series)
            return ()
        silent = chat.muted or awake_at(scope.now, scope.settings) > scope.now
        payers = list_payers(scope.repositories, chat)
        return [
            DueBooked(chat, *self._book_all(scope.with_actor(creator), due), payers, silent)
            for creator, due in _by_creator(scope).items()
        ]

    def book(
        self, scope: Scope, due: Due, recorder: Recorder
    ) -> tuple[tuple[Booked, ...], tuple[Alert, ...]]:
        """Book occurrences, and keep and plan how far their series are."""
        drafts = [
            Draft(build_occurrence(scope, series, day)) for series, days in due for day in days
        ]
        booked, alerts = self.booking.book(scope, drafts, recorder)
        for series, days in due:
            booked_to = days[-1] + timedelta(days=1)
            scope.repositories.series.advance(series, booked_to)
            plan_series(scope, replace(series, booked_to=booked_to))
        return booked, alerts

    def _book_all(
        self, scope: Scope, due: Due
    ) -> tuple[str, tuple[Booked, ...], tuple[Alert, ...]]:
        recorder = begin(scope, KIND)
        booked, alerts = self.book(scope, due, recorder)
        recorder.write()
        return recorder.operation.id, note_typed_twins(scope, booked), alerts


def _by_creator(scope: Scope) -> dict[int, list[tuple[Series, Sequence[date]]]]:
    """Return what is due in the ledger, a batch at most.

    Locked, so that a second scheduler waits here and then finds it booked.
    """
    found: dict[int, list[tuple[Series, Sequence[date]]]] = {}
    room = BATCH_ENTRIES
    for series in scope.repositories.series.lock_all(scope.ledger.id):
        days = list_due(series, scope, room)
        if days:
            found.setdefault(series.created_by, []).append((series, days))
            room -= len(days)
        if not room:
            break
    return found


def build_occurrence(scope: Scope, series: Series, day: date) -> Entry:
    """Return the entry of a nominal day."""
    return Entry(
        id=new_id(scope.now),
        ledger_id=scope.ledger.id,
        type=series.type,
        money=series.money,
        spent_on=series.plan.rule.booked_on(day),
        note=series.note,
        category=series.category,
        paid_by=series.paid_by,
        source="recurring",
        source_key=source_key(recurring_source(series.id, day)),
        created_at=scope.now,
        updated_at=scope.now,
        merchant=series.merchant,
        tags=series.tags,
        marks=("amount",) if series.varies else (),
    )
