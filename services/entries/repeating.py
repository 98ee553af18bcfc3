"""Book an entry again for today."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ledger.entries.source_keys import press_source, source_key
from ports.answers import Booked, Captured
from services.entries.booking import Booking, Draft
from services.entries.changing import live_entry, require_owner
from services.entries.recording import begin
from services.ids import new_id
from services.scope import Scope


@dataclass(frozen=True, slots=True)
class Repeating:
    """Books copies of entries."""

    booking: Booking

    def repeat(self, scope: Scope, entry_id: str, press: str) -> tuple[Booked, Captured]:
        """Book the same for today as a change of its own; return the entry and its copy.

        `press` names the button, so that twenty presses of it at once book one copy. Doubts about a
        receipt stay with its entry. Raises `NotFoundError`.
        """
        entry = live_entry(scope, entry_id)
        require_owner(scope, entry)
        copy = replace(
            entry,
            id=new_id(scope.now),
            spent_on=scope.today,
            source="text",
            source_key=source_key(press_source(press)),
            created_at=scope.now,
            updated_at=scope.now,
            marks=(),
            receipt_id=None,
        )
        recorder = begin(scope, "capture")
        booked, alerts = self.booking.book(scope, [Draft(copy)], recorder)
        recorder.write()
        return self.booking.show(scope, entry), Captured(booked, alerts=alerts)
