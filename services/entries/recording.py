"""Record all changes of one update as one operation of the history."""

from __future__ import annotations

from dataclasses import dataclass, field

from ledger.entries.changes import Change, Operation, entry_change
from ledger.entries.entry import Entry
from ledger.settings import Settings, settings_fields
from ports.categorising import Correction
from ports.repositories import Repositories
from services.ids import new_id
from services.scope import Scope


@dataclass(slots=True)
class Recorder:
    """Collects the changes of one update and writes them as one operation."""

    repositories: Repositories
    operation: Operation
    changes: list[Change] = field(default_factory=list)

    def entry(self, before: Entry | None, after: Entry) -> None:
        """Note that an entry was made or changed."""
        change = entry_change(before, after)
        if change:
            self.changes.append(change)

    def correction(self, before: Correction | None, after: Correction) -> None:
        """Note that the chat taught a category."""
        old = {"category": before.category} if before else None
        new = {"category": after.category}
        if old != new:
            self.changes.append(Change("correction", f"{after.kind}:{after.key}", old, new))

    def settings(self, before: Settings, after: Settings) -> None:
        """Note that settings were changed."""
        old, new = settings_fields(before), settings_fields(after)
        differing = [name for name in new if new[name] != old[name]]
        if differing:
            fields = {n: old[n] for n in differing}, {n: new[n] for n in differing}
            self.changes.append(Change("settings", str(self.operation.ledger_id), *fields))

    def write(self) -> None:
        """Append the operation; one without changes is not kept."""
        if self.changes:
            self.repositories.operations.record(self.operation, self.changes)


def begin(scope: Scope, verb: str) -> Recorder:
    """Open the record of one update."""
    operation = Operation(
        new_id(scope.now), scope.ledger.id, scope.actor, verb, scope.now, via=scope.via
    )
    return Recorder(scope.repositories, operation)
