"""Undo and redo operations, to which all changes belong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ledger.budgets.budget import BudgetState, budget_fields
from ledger.budgets.thresholds import Alert
from ledger.entries.changes import (
    BY_CLOCK,
    DERIVED,
    Change,
    Fields,
    Operation,
    entry_fields,
    with_fields,
)
from ledger.entries.entry import Entry
from ledger.errors import NotAllowedError
from ledger.rates.values import OwnRate, rate_fields
from ledger.recurring.fields import series_fields
from ledger.recurring.series import Series
from ledger.settings import Settings, settings_fields, with_settings_fields
from ports.answers import ImportShown, ImportStarted, Nothing, Reversed, WhichUndo
from ports.categorising import Correction
from services.categories.memories import Memories
from services.entries.booking import Booking
from services.entries.confirmations import find_confirmations
from services.entries.recording import begin
from services.importing import imports
from services.rates.own import OwnRates
from services.recurring.series import apply_series_change
from services.reporting.budgets import apply_budget_change, removed_state
from services.reporting.watching import claim_alerts
from services.restating import Restating
from services.scope import Scope
from services.settings import apply_settings

IMPORT = "import"
"""Verb of an operation with so many changes that a job reverses it."""
Undoing = ImportStarted | ImportShown
"""An import whose job is started, or that is not in a state to be undone."""


@dataclass(slots=True)
class _Applied:
    """The outcome of the changes so far."""

    scope: Scope
    entries: list[tuple[Entry, Entry]] = field(default_factory=list)
    budgets: list[BudgetState] = field(default_factory=list)
    budgets_removed: list[BudgetState] = field(default_factory=list)
    settings: Settings | None = None
    rates: list[tuple[OwnRate, bool]] = field(default_factory=list)
    series: list[tuple[Series, bool]] = field(default_factory=list)
    alerts: tuple[Alert, ...] = ()
    recounted: tuple[Entry, ...] = ()
    """Entries that count otherwise by another rate."""


@dataclass(frozen=True, slots=True)
class History:
    """Undoes and redoes a person's own operations in a ledger."""

    memories: Memories
    booking: Booking
    restating: Restating
    rates: OwnRates

    def undo(
        self, scope: Scope, *, by_hand: bool = False
    ) -> Reversed | Undoing | WhichUndo | Nothing:
        """Reverse this person's newest operation that is not undone yet.

        Where something of their series was booked since their last change, they are asked which
        of both they mean; `by_hand` means the change.

        Raises:
            NotAllowedError: Another person changed the same since (`undo_changed_since`, `who`).
        """
        operations = scope.repositories.operations
        operation = operations.last(scope.ledger.id, scope.actor, undone=False, by_hand=by_hand)
        if operation is None:
            return Nothing("nothing_to_undo")
        if operation.verb == BY_CLOCK and (asked := self._ask_which(scope, operation)):
            return asked
        if operation.verb == IMPORT:
            return imports.reverse(scope, operation.id, redo=False)
        changes = [
            # Backwards, so that of two changes to one row the earlier state is restored last.
            change.reversed()
            for change in reversed(scope.repositories.operations.changes(operation.id))
        ]
        return self._apply(scope, operation, changes, redo=False)

    def _ask_which(
        self, scope: Scope, booking: Operation
    ) -> Reversed | Undoing | WhichUndo | Nothing | None:
        """Return the question between a booking and the last change; None where one is left."""
        operations, entries = scope.repositories.operations, scope.repositories.entries
        made = [change.subject_id for change in operations.changes(booking.id)]
        found = [entry for one in made if (entry := entries.find(scope.ledger.id, one))]
        live = tuple(entry for entry in found if entry.deleted_at is None)
        if not live:
            return self.undo(scope, by_hand=True)
        own = operations.last(scope.ledger.id, scope.actor, undone=False, by_hand=True)
        return WhichUndo(booking.id, live) if own else None

    def redo(self, scope: Scope) -> Reversed | Undoing | Nothing:
        """Repeat the operation that was undone last."""
        operation = scope.repositories.operations.last(scope.ledger.id, scope.actor, undone=True)
        if operation is None:
            return Nothing("nothing_to_redo")
        if operation.verb == IMPORT:
            return imports.reverse(scope, operation.id, redo=True)
        changes = scope.repositories.operations.changes(operation.id)
        return self._apply(scope, operation, changes, redo=True)

    def apply(self, scope: Scope, changes: Sequence[Change]) -> Scope:
        """Write changes that are recorded elsewhere; return the scope with the settings after them."""
        applied = _Applied(scope)
        for change in changes:
            self._apply_change(applied, change)
        return applied.scope

    def _apply(
        self, scope: Scope, operation: Operation, changes: Sequence[Change], *, redo: bool
    ) -> Reversed:
        _refuse_if_changed_since(scope, changes)
        recorder = begin(scope, "redo" if redo else "undo")
        recorder.operation = replace(recorder.operation, undoes=operation.id)
        applied = _Applied(scope)
        for change in changes:
            self._apply_change(applied, change)
        scope = applied.scope
        recorder.changes.extend(changes)
        recorder.write()
        # Marked instead of deleted: the history is append-only, and redo needs the operation.
        scope.repositories.operations.mark(operation.id, undone=not redo)
        after = [entry for _, entry in applied.entries]
        shown = (*after, *applied.recounted)
        return Reversed(
            verb=operation.verb,
            changes=tuple(changes),
            entries=tuple(after),
            before=tuple(before for before, _ in applied.entries),
            redo=redo,
            alerts=(*applied.alerts, *claim_alerts(scope, applied.entries)),
            rates=tuple(applied.rates),
            series=tuple(applied.series),
            settings=applied.settings,
            budgets=tuple(applied.budgets),
            budgets_gone=tuple(applied.budgets_removed),
            # With settings nothing of an entry changed but its amount in the ledger's currency.
            confirmed=() if applied.settings else find_confirmations(scope, self.booking, shown),
        )

    def _apply_change(self, applied: _Applied, change: Change) -> None:
        scope = applied.scope
        if change.subject == "entry":
            applied.entries.append(self._apply_entry_change(scope, change))
        elif change.subject == "budget":
            state = apply_budget_change(scope, change)
            if state is not None:
                applied.budgets.append(state)
            elif change.after is None and change.before is not None:
                applied.budgets_removed.append(removed_state(scope, change))
        elif change.subject == "correction":
            self._apply_correction(scope, change)
        elif change.subject == "rate":
            rate, counted = self.rates.apply_change(scope, change)
            applied.rates.append((rate, change.after is not None))
            applied.alerts += counted.alerts
            applied.recounted += counted.newest
        elif change.subject == "series":
            series = apply_series_change(scope, change)
            applied.series += [series] if series else []
        else:
            applied.settings = with_settings_fields(scope.settings, change.after or {})
            # Later changes of the same operation are written by the new settings.
            applied.scope = apply_settings(scope, applied.settings, self.restating)

    def _apply_correction(self, scope: Scope, change: Change) -> None:
        kind, _, key = change.subject_id.partition(":")
        assert kind in ("note", "merchant")
        if change.after is None:
            scope.repositories.corrections.remove(scope.ledger.id, kind, key)
        else:
            known = Correction(kind, key, change.after["category"])  # type: ignore[arg-type]
            scope.repositories.corrections.put(scope.ledger.id, known, scope.now)
        # The cached memory may have learned the correction that was just changed.
        self.memories.drop(scope.ledger.id, scope.now)

    def _apply_entry_change(self, scope: Scope, change: Change) -> tuple[Entry, Entry]:
        """Write one change over an entry; return it before and after.

        A change without `after` takes the entry out.
        """
        before = scope.repositories.entries.get(scope.ledger.id, change.subject_id)
        fields = {"deleted": True} if change.after is None else change.after
        after = with_fields(before, fields, now=scope.now)
        # The ledger's currency may be another one than when the operation was recorded.
        after = self.restating.conversion.convert(scope, after)
        scope.repositories.entries.save(after)
        return before, after


def _refuse_if_changed_since(scope: Scope, changes: Sequence[Change]) -> None:
    """Refuse to write over another person's newer change.

    Raises:
        NotAllowedError: `undo_changed_since`, with the name of that person in `who`.
    """
    for change in changes:
        # Only the fields of this change count, so other edits of the same entry do no harm.
        if _stands(scope, change):
            continue
        # A change that the program made by itself (0) is not a person's choice.
        other = scope.repositories.operations.last_changed_by(
            scope.ledger.id, change.subject, change.subject_id, but=(0, scope.actor)
        )
        if other is None:
            continue
        member = scope.repositories.chats.member(scope.ledger.id, other)
        raise NotAllowedError("undo_changed_since", who=member.name if member else str(other))


def _stands(scope: Scope, change: Change) -> bool:
    """Return whether every field that a change replaces still has the expected value."""
    current = _current(scope, change)
    if change.before is None or current is None:
        return change.before is None and current is None
    return all(
        current.get(name) == value for name, value in change.before.items() if name not in DERIVED
    )


def _current(scope: Scope, change: Change) -> Fields | None:
    """Return the current fields of a subject; None when it is removed."""
    repositories, ledger_id = scope.repositories, scope.ledger.id
    if change.subject == "entry":
        fields = entry_fields(repositories.entries.get(ledger_id, change.subject_id))
        return None if fields["deleted"] and change.before is None else fields
    if change.subject == "budget":
        live = repositories.budgets.list_all(ledger_id)
        return next((budget_fields(one) for one in live if one.id == change.subject_id), None)
    if change.subject == "settings":
        return settings_fields(scope.settings)
    if change.subject == "rate":
        own = repositories.rates.list_own(ledger_id)
        return next((dict(rate_fields(one)) for one in own if one.id == change.subject_id), None)
    if change.subject == "series":
        one = repositories.series.find(ledger_id, change.subject_id)
        return series_fields(one) if one else None
    kind, _, key = change.subject_id.partition(":")
    known = repositories.corrections.find(ledger_id, [(kind, key)])
    return {"category": known[0].category} if known else None
