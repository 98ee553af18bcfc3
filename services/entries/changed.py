"""List the entries of a ledger that changed since a reader looked, deleted ones too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ledger.entries.entry import Entry
from services.scope import Scope


@dataclass(frozen=True, slots=True)
class LatestChange:
    """An entry as it is now, None where it was deleted, with its latest change."""

    entry_id: str
    at: datetime
    entry: Entry | None


@dataclass(frozen=True, slots=True)
class LatestChanges:
    """The entries of some changes, each once."""

    changes: Sequence[LatestChange]
    number: int
    """The number from which a later call goes on."""
    more: bool


def list_changed(scope: Scope, number: int, limit: int) -> LatestChanges:
    """Return the entries of the changes behind a number, at most so many changes at once."""
    rows = scope.repositories.operations.entries_since(scope.ledger.id, number, limit)
    if not rows:
        return LatestChanges((), number, more=False)
    # The last change of an entry decides its place, as it stands once.
    latest = {row.entry_id: row.at for row in rows}
    found = scope.repositories.entries.of_ids(scope.ledger.id, list(latest))
    live = {entry.id: entry for entry in found if entry.deleted_at is None}
    changes = [LatestChange(one, at, live.get(one)) for one, at in latest.items()]
    return LatestChanges(changes, rows[-1].number, more=len(rows) == limit)


def find_number(scope: Scope, moment: datetime) -> int:
    """Return the number behind which the changes since a moment stand."""
    return scope.repositories.operations.number_before(scope.ledger.id, moment)
