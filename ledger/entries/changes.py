"""Define operations and changes, the append-only history for undo, audit and checks.

One update is one operation; each row it touched is one change with the fields before and after.
Only fields that differ are kept, so undoing one operation keeps other people's changes.
A field map is JSON: dates are ISO text, amounts integers of minor units. What an entry counts in
its ledger's currency is derived from its other fields, so no change holds it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from ledger.entries.entry import Entry
from ledger.money import Money

Fields = dict[str, Any]

DERIVED = frozenset({"base_minor", "base_currency", "rate", "rate_on"})
"""Fields that changes of earlier versions hold; they are passed over."""

BY_CLOCK = "recurring"
"""Verb of what the scheduler booked in the name of the person who made the series."""

ChangeKind = Literal["created", "updated", "deleted"]
SubjectKind = Literal["entry", "budget", "settings", "correction", "rate", "series"]
Via = Literal["chat", "page", "api", "mail", "import", "clock"]
"""The way by which an operation came: a message or a press, the dashboard, a program's call, a mail, an
imported file, or the scheduler."""


@dataclass(frozen=True, slots=True)
class Operation:
    """Identify the changes of one update; `verb` names it for history and the answer of undo.

    `undoes` is the id of the operation that this one reverses or repeats (`undo` and `redo`).
    """

    id: str
    ledger_id: int
    user_id: int
    verb: str
    at: datetime
    undoes: str | None = None
    via: Via | None = None
    """None for operations of before it was kept."""


@dataclass(frozen=True, slots=True)
class Change:
    """Hold one row before and after; None before for a new row, None after for a removed one."""

    subject: SubjectKind
    subject_id: str
    before: Fields | None
    after: Fields | None

    def reversed(self) -> Change:
        """Return the change that reverses this one."""
        return Change(self.subject, self.subject_id, self.after, self.before)


@dataclass(frozen=True, slots=True)
class RecordedOperation:
    """Hold an operation with its number in the history, from 1 on, and its changes in order."""

    number: int
    operation: Operation
    undone: bool
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class ChangedEntry:
    """Names an entry of the history, with the number and the moment of its change."""

    number: int
    entry_id: str
    at: datetime
    kind: ChangeKind


def kind_of(before: Fields | None, after: Fields | None) -> ChangeKind:
    """Return what a change did to an entry; one that brings it back updates it."""
    if before is None:
        return "created"
    return "deleted" if after is None or after.get("deleted") is True else "updated"


def entry_fields(entry: Entry) -> Fields:
    """Return every field of an entry that can change or is needed to rebuild it, as JSON."""
    return {
        "type": entry.type,
        "amount_minor": entry.money.minor,
        "currency": entry.money.currency,
        "spent_on": entry.spent_on.isoformat(),
        "note": entry.note,
        "merchant": entry.merchant,
        "category": entry.category,
        "category_guessed": entry.category_guessed,
        "tags": list(entry.tags),
        "marks": list(entry.marks),
        "paid_by": entry.paid_by,
        "receipt_id": entry.receipt_id,
        "deleted": entry.deleted_at is not None,
    }


def entry_change(before: Entry | None, after: Entry) -> Change | None:
    """Return the change from one state of an entry to another, or None when nothing differs."""
    new = entry_fields(after)
    if before is None:
        return Change("entry", after.id, None, new)
    old = entry_fields(before)
    differing = [name for name in new if new[name] != old[name]]
    if not differing:
        return None
    return Change("entry", after.id, {n: old[n] for n in differing}, {n: new[n] for n in differing})


def with_fields(entry: Entry, fields: Fields, *, now: datetime) -> Entry:
    """Return the entry with these fields written over it; its base amount is empty then."""
    new = entry_fields(entry) | fields
    deleted_at = (entry.deleted_at or now) if new["deleted"] else None
    return replace(
        entry,
        type=new["type"],
        money=Money.of_minor(new["amount_minor"], new["currency"]),
        base=None,
        spent_on=date.fromisoformat(new["spent_on"]),
        note=new["note"],
        merchant=new["merchant"],
        category=new["category"],
        category_guessed=new["category_guessed"],
        tags=tuple(new["tags"]),
        marks=tuple(new["marks"]),
        paid_by=new["paid_by"],
        receipt_id=new["receipt_id"],
        deleted_at=deleted_at,
        updated_at=now,
    )
