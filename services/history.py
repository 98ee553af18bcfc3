"""History: every change is an act that can be taken back and made again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from ledger.budget import BudgetState
from ledger.changes import Change, Operation, entry_change, with_fields
from ledger.entry import Entry
from ledger.settings import Settings, settings_fields, with_settings_fields
from ports.answers import Nothing, Reversed
from ports.categorising import Correction
from ports.repositories import Chat, Repositories
from services.budgets import apply_budget_change, settle_alerts
from services.ids import new_id
from services.memories import Memories
from services.pushes import plan


@dataclass(slots=True)
class Recorder:
    """Collects the changes of one update and writes them as one act."""

    repositories: Repositories
    act: Operation
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
            self.changes.append(Change("settings", str(self.act.ledger_id), *fields))

    def write(self) -> None:
        """Append the act; an act without changes leaves no trace."""
        if self.changes:
            self.repositories.operations.record(self.act, self.changes)


def begin(
    repositories: Repositories, chat: Chat, user_id: int, verb: str, now: datetime
) -> Recorder:
    """Open the record of one update."""
    act = Operation(new_id(now), chat.ledger_id, chat.chat_id, user_id, verb, now)
    return Recorder(repositories, act)


@dataclass(frozen=True, slots=True)
class History:
    """Undo and redo of one person's own acts in one ledger."""

    memories: Memories

    def undo(
        self, repositories: Repositories, chat: Chat, user_id: int, *, now: datetime
    ) -> Reversed | Nothing:
        """Take back the newest act of this person that is not taken back yet."""
        act = repositories.operations.last(chat.ledger_id, user_id, undone=False)
        if act is None:
            return Nothing("nothing_to_undo")
        changes = [
            change.reversed() for change in reversed(repositories.operations.changes(act.id))
        ]
        return self._apply(repositories, chat, user_id, act, changes, redo=False, now=now)

    def redo(
        self, repositories: Repositories, chat: Chat, user_id: int, *, now: datetime
    ) -> Reversed | Nothing:
        """Make the act again that was taken back last."""
        act = repositories.operations.last(chat.ledger_id, user_id, undone=True)
        if act is None:
            return Nothing("nothing_to_redo")
        changes = repositories.operations.changes(act.id)
        return self._apply(repositories, chat, user_id, act, changes, redo=True, now=now)

    def _apply(
        self,
        repositories: Repositories,
        chat: Chat,
        user_id: int,
        act: Operation,
        changes: Sequence[Change],
        *,
        redo: bool,
        now: datetime,
    ) -> Reversed:
        recorder = begin(repositories, chat, user_id, "redo" if redo else "undo", now)
        recorder.act = replace(recorder.act, undoes=act.id)
        entries: list[tuple[Entry, Entry]] = []
        budgets: list[BudgetState] = []
        gone: list[str] = []
        settings = None
        for change in changes:
            if change.subject == "entry":
                entries.append(apply_entry_change(repositories, chat, change, now=now))
            elif change.subject == "budget":
                state = apply_budget_change(repositories, chat, change, now)
                if state is not None:
                    budgets.append(state)
                elif change.after is None and change.before is not None:
                    gone.append(change.before["scope"])
            elif change.subject == "correction":
                self._apply_correction(repositories, chat, change, now)
            else:
                settings = with_settings_fields(chat.settings, change.after or {})
                repositories.chats.save_settings(chat.ledger_id, settings, now)
                moved = replace(chat, settings=settings)
                plan(repositories, moved, now, changed=True, before=chat.settings)
                chat = moved
        recorder.changes.extend(changes)
        recorder.write()
        repositories.operations.mark(act.id, undone=not redo)
        alerts = settle_alerts(repositories, chat, entries, now=now) if entries else ()
        return Reversed(
            verb=act.verb,
            changes=tuple(changes),
            entries=tuple(after for _, after in entries),
            before=tuple(before for before, _ in entries),
            redo=redo,
            alerts=alerts,
            settings=settings,
            budgets=tuple(budgets),
            budgets_gone=tuple(gone),
        )

    def _apply_correction(
        self, repositories: Repositories, chat: Chat, change: Change, now: datetime
    ) -> None:
        kind, _, key = change.subject_id.partition(":")
        assert kind in ("note", "merchant")
        if change.after is None:
            repositories.corrections.remove(chat.ledger_id, kind, key)
        else:
            known = Correction(kind, key, change.after["category"])  # type: ignore[arg-type]
            repositories.corrections.put(chat.ledger_id, known, now)
        self.memories.drop(chat.ledger_id)


def apply_entry_change(
    repositories: Repositories, chat: Chat, change: Change, *, now: datetime
) -> tuple[Entry, Entry]:
    """Write one change over an entry; a change without `after` un-makes it. Before and after."""
    before = repositories.entries.get(chat.ledger_id, change.subject_id)
    fields = {"deleted": True} if change.after is None else change.after
    after = with_fields(before, fields, now=now)
    repositories.entries.save(after)
    return before, after
