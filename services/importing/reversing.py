"""Undo a written import, or redo an undone one, in batches that survive a kill.

Only what the import itself changed is reversed: an entry that another person changed since stays, and
is counted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from ledger.entries.changes import (
    Change,
    Fields,
    Operation,
    entry_change,
    entry_fields,
    with_fields,
)
from ledger.entries.entry import Entry
from ledger.imports.batches import ImportBatch
from ports.failpoints import failpoint
from ports.jobs import ImportReversed, ReverseImport
from ports.queue import Job
from ports.repositories import Repositories
from ports.units import UnitOfWorkFactory
from services.conversion import Conversion
from services.entries.history import History
from services.importing.sharing import write_in_turn
from services.scope import Scope

BATCH_CHANGES = 50


@dataclass(frozen=True, slots=True)
class ImportReversing:
    """Takes the entries of an import out of the ledger, or brings them back."""

    units: UnitOfWorkFactory
    conversion: Conversion
    history: History
    clock: Callable[[], datetime]

    async def run(self, job: ReverseImport, claim: Job) -> ImportReversed:
        """Reverse what is left, and return the event, also when all was reversed before.

        A process may have ended between the last commit and the event, so that nobody was told.
        """
        while await write_in_turn(self.units, partial(self._reverse_some, job), claim):
            pass
        return ImportReversed(job.ledger_id, job.import_id)

    def _reverse_some(self, job: ReverseImport, repositories: Repositories) -> bool:
        """Reverse some changes; return whether more are left."""
        batch = repositories.imports.get(job.ledger_id, job.import_id)
        if batch.state != ("redoing" if job.redo else "undoing"):
            return False
        chat = repositories.chats.of_ledger(batch.ledger_id)
        scope = Scope(repositories, chat.ledger, batch.user_id, self.clock())
        found = repositories.operations.changes_from(batch.id, batch.position, BATCH_CHANGES)
        changes = [
            self._reverse(scope, change, redo=job.redo)
            if change.subject == "entry"
            else self._reverse_other(scope, change, redo=job.redo)
            for change in found
        ]
        done = [change for change in changes if change]
        verb = "redo" if job.redo else "undo"
        operation = Operation(
            job.operation_id,
            scope.ledger.id,
            scope.actor,
            verb,
            scope.now,
            undoes=batch.id,
            via=scope.via,
        )
        repositories.operations.extend(operation, done)
        repositories.imports.save(_advance(batch, len(found), len(found) - len(done), job))
        failpoint("import.before_undone")
        return len(found) == BATCH_CHANGES

    def _reverse_other(self, scope: Scope, change: Change, *, redo: bool) -> Change | None:
        """Reverse a part of an export: a setting, rate, budget or correction."""
        wanted = change if redo else change.reversed()
        self.history.apply(scope, [wanted])
        return wanted

    def _reverse(self, scope: Scope, change: Change, *, redo: bool) -> Change | None:
        entry = scope.repositories.entries.get(scope.ledger.id, change.subject_id)
        if change.before is None:
            change = replace(change, before={"deleted": True}, after={"deleted": False})
        old, new = (change.before, change.after) if redo else (change.after, change.before)
        if not _holds(entry, old or {}):
            return None
        other = scope.repositories.operations.last_changed_by(
            scope.ledger.id, "entry", entry.id, but=(0, scope.actor)
        )
        if other is not None:
            return None
        reversed_entry = with_fields(entry, new or {}, now=scope.now)
        reversed_entry = self.conversion.convert(scope, reversed_entry)
        scope.repositories.entries.save(reversed_entry)
        return entry_change(entry, reversed_entry)


def _holds(entry: Entry, fields: Fields) -> bool:
    """Return whether an entry still is as a change left it."""
    current = entry_fields(entry)
    return all(current[name] == value for name, value in fields.items())


def _advance(batch: ImportBatch, seen: int, kept: int, job: ReverseImport) -> ImportBatch:
    batch = replace(batch, position=batch.position + seen, kept=batch.kept + kept)
    if seen == BATCH_CHANGES:
        return batch
    return replace(batch, state="done" if job.redo else "undone")
