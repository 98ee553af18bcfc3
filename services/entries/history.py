"""History: every change is an act that can be taken back and made again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ledger.budget import BudgetState
from ledger.changes import Change, Operation, with_fields
from ledger.entry import Entry
from ledger.settings import with_settings_fields
from ports.answers import Nothing, Reversed
from ports.categorising import Correction
from services.categories.memories import Memories
from services.entries.booking import Booking
from services.entries.confirmations import find_confirmations
from services.entries.recording import begin
from services.reporting.budgets import apply_budget_change, claim_alerts
from services.reporting.pushes import plan
from services.scope import Scope


@dataclass(frozen=True, slots=True)
class History:
    """Undo and redo of one person's own acts in one ledger."""

    memories: Memories
    booking: Booking

    def undo(self, scope: Scope) -> Reversed | Nothing:
        """Take back the newest act of this person that is not taken back yet."""
        operation = scope.repositories.operations.last(scope.ledger.id, scope.actor, undone=False)
        if operation is None:
            return Nothing("nothing_to_undo")
        changes = [
            change.reversed()
            for change in reversed(scope.repositories.operations.changes(operation.id))
        ]
        return self._apply(scope, operation, changes, redo=False)

    def redo(self, scope: Scope) -> Reversed | Nothing:
        """Make the act again that was taken back last."""
        operation = scope.repositories.operations.last(scope.ledger.id, scope.actor, undone=True)
        if operation is None:
            return Nothing("nothing_to_redo")
        changes = scope.repositories.operations.changes(operation.id)
        return self._apply(scope, operation, changes, redo=True)

    def _apply(
        self, scope: Scope, operation: Operation, changes: Sequence[Change], *, redo: bool
    ) -> Reversed:
        recorder = begin(scope, "redo" if redo else "undo")
        recorder.operation = replace(recorder.operation, undoes=operation.id)
        entries: list[tuple[Entry, Entry]] = []
        budgets: list[BudgetState] = []
        gone: list[str] = []
        settings = None
        for change in changes:
            if change.subject == "entry":
                entries.append(apply_entry_change(scope, change))
            elif change.subject == "budget":
                state = apply_budget_change(scope, change)
                if state is not None:
                    budgets.append(state)
                elif change.after is None and change.before is not None:
                    gone.append(change.before["scope"])
            elif change.subject == "correction":
                self._apply_correction(scope, change)
            else:
                settings = with_settings_fields(scope.settings, change.after or {})
                scope.repositories.chats.save_settings(scope.ledger.id, settings, scope.now)
                before = scope.settings
                scope = scope.with_settings(settings)
                plan(scope, changed=True, before=before)
        recorder.changes.extend(changes)
        recorder.write()
        scope.repositories.operations.mark(operation.id, undone=not redo)
        alerts = claim_alerts(scope, entries) if entries else ()
        after = [entry for _, entry in entries]
        return Reversed(
            verb=operation.verb,
            changes=tuple(changes),
            entries=tuple(after),
            before=tuple(before for before, _ in entries),
            redo=redo,
            alerts=alerts,
            settings=settings,
            budgets=tuple(budgets),
            budgets_gone=tuple(gone),
            # With settings nothing of an entry changed but its amount in the ledger's currency.
            confirmed=() if settings else find_confirmations(scope, self.booking, after),
        )

    def _apply_correction(self, scope: Scope, change: Change) -> None:
        kind, _, key = change.subject_id.partition(":")
        assert kind in ("note", "merchant")
        if change.after is None:
            scope.repositories.corrections.remove(scope.ledger.id, kind, key)
        else:
            known = Correction(kind, key, change.after["category"])  # type: ignore[arg-type]
            scope.repositories.corrections.put(scope.ledger.id, known, scope.now)
        self.memories.drop(scope.ledger.id)


def apply_entry_change(scope: Scope, change: Change) -> tuple[Entry, Entry]:
    """Write one change over an entry; a change without `after` un-makes it. Before and after."""
    before = scope.repositories.entries.get(scope.ledger.id, change.subject_id)
    fields = {"deleted": True} if change.after is None else change.after
    after = with_fields(before, fields, now=scope.now)
    scope.repositories.entries.save(after)
    return before, after
