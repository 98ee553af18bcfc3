"""What each chat taught about its categories, kept ready for the next guess.

The exact corrections are rows and are asked for every time; what is cached here is the chat's own
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

    def of(self, repositories: Repositories, ledger_id: int, now: datetime) -> Memory:
        """Return a ledger's memory, built from its rows when it is not at hand or stale."""
        kept = self._kept.get(ledger_id)
        if kept and (now - kept[1]).total_seconds() < FRESH_SECONDS:
            self._kept.move_to_end(ledger_id)
            return kept[0]
        memory = self.categoriser.memory(
            repositories.corrections.list_all(ledger_id),
            [
                Categorised(entry.note, entry.category, entry.merchant)
                for entry in reversed(repositories.entries.recent(ledger_id, HISTORY_MAX))
                if entry.category and entry.type == "expense"
            ],
        )
        self._kept[ledger_id] = (memory, now)
        while len(self._kept) > LEDGERS_MAX:
            self._kept.popitem(last=False)
        return memory

    def drop(self, ledger_id: int) -> None:
        """Forget what is cached of a ledger; its rows were changed behind the model's back."""
        self._kept.pop(ledger_id, None)
