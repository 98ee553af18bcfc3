"""Keep each chat's lessons about its categories ready for the next guess.

The exact corrections are rows that are read every time; the cache holds the chat's own
small model, built from recent entries. A process may lag behind another one's by
`FRESH_SECONDS` at most, which shifts a guess, never a correction.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime

from ports.categorising import Categorised, Categoriser, Memory
from ports.repositories import Repositories

HISTORY_MAX = 500
LEDGERS_MAX = 500
FRESH_SECONDS = 900


@dataclass(slots=True)
class Memories:
    """A bounded cache of chat memories; used from one thread at a time (the unit's)."""

    categoriser: Categoriser
    _kept: OrderedDict[int, tuple[Memory, datetime]] = field(default_factory=OrderedDict)
    _dropped: OrderedDict[int, datetime] = field(default_factory=OrderedDict)
    """When a ledger's rows were changed last."""

    def of(self, repositories: Repositories, ledger_id: int, now: datetime) -> Memory:
        """Return a ledger's memory, built from its rows when it is not at hand or stale."""
        kept = self._kept.get(ledger_id)
        if kept and not _is_stale(kept[1], now):
            self._kept.move_to_end(ledger_id)
            return kept[0]
        memory = self.categoriser.memory(
            repositories.corrections.list_all(ledger_id),
            [
                Categorised(entry.note, entry.category, entry.merchant)
                # Oldest first, as `Categoriser.memory` takes them.
                for entry in reversed(repositories.entries.recent(ledger_id, HISTORY_MAX))
                if entry.category and entry.type == "expense"
            ],
        )
        # `now` identifies the unit of work, because each unit has one moment.
        if self._dropped.get(ledger_id) != now:
            self._keep(ledger_id, memory, now)
        return memory

    def ledgers(self) -> list[int]:
        """Return the ledgers whose memories are kept, the longest unused first."""
        return list(self._kept)

    def drop(self, ledger_id: int, now: datetime) -> None:
        """Drop the memory of a ledger whose lessons change in the unit of this moment.

        Until another moment none is kept: the unit may be rolled back, and a memory built inside
        it would keep lessons that were never learned.
        """
        self._kept.pop(ledger_id, None)
        self._dropped[ledger_id] = now
        while len(self._dropped) > LEDGERS_MAX:
            self._dropped.popitem(last=False)

    def _keep(self, ledger_id: int, memory: Memory, now: datetime) -> None:
        stale = [one for one, kept in self._kept.items() if _is_stale(kept[1], now)]
        for one in stale:
            del self._kept[one]
        self._kept[ledger_id] = (memory, now)
        while len(self._kept) > LEDGERS_MAX:
            self._kept.popitem(last=False)


def _is_stale(built_at: datetime, now: datetime) -> bool:
    return (now - built_at).total_seconds() >= FRESH_SECONDS
