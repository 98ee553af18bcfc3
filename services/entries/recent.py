"""Find the entries that a person touched last, for words that mean them without a name."""

from __future__ import annotations

from datetime import timedelta

from ledger.entries.entry import Entry
from services.scope import Scope

_BOOKING = frozenset({"capture", "receipt", "correct", "category"})
"""Verbs after which "that" means the entries of the operation."""


def find_last_entries(scope: Scope, within: timedelta) -> tuple[Entry, ...]:
    """Return the live entries of the actor's last operation, if it was so long ago at most.

    After a deletion, a budget or a setting nothing is meant.
    """
    operations = scope.repositories.operations
    last = operations.last(scope.ledger.id, scope.actor, undone=False, by_hand=True)
    if last is None or last.verb not in _BOOKING or scope.now - last.at > within:
        return ()
    changes = operations.changes(last.id)
    ids = dict.fromkeys(c.subject_id for c in changes if c.subject == "entry")
    found = [scope.repositories.entries.find(scope.ledger.id, one) for one in ids]
    return tuple(entry for entry in found if entry and entry.deleted_at is None)
