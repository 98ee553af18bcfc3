"""Restate a ledger's amounts in another currency, in batches that survive a kill.

A base amount counts only while it is in its ledger's currency, so the change of the currency
writes to no entry and no sum ever mixes two currencies. An entry that is not restated yet is listed
apart, in its own currency. The first batch is filled at once, so most ledgers are done; a schedule
fills the others, each batch in a transaction of its own, and remembers the last entry. A later
change (an undo, too) begins again. Base amounts are derived, so the history holds none of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ledger.chats import Chat
from ledger.entries.entry import Entry
from ledger.entries.queries import EntryFilter
from ports.repositories import DueSchedule
from services.conversion import Conversion
from services.rates.recounting import NEWEST_MAX, Recounted
from services.reporting.watching import claim_alerts
from services.scope import Scope

KIND = "restate"

BATCH_ENTRIES = 100
"""Entries of one transaction: on SQLite the writer is held for 6 to 25 ms."""


@dataclass(frozen=True, slots=True)
class Restating:
    """Fills base amounts by the rates that are known."""

    conversion: Conversion = field(default_factory=Conversion)

    def start(self, scope: Scope) -> None:
        """Begin to state the ledger's entries in its new currency."""
        self._fill(scope, "")

    def take(self, scope: Scope, chat: Chat, row: DueSchedule) -> Sequence[object]:
        """Restate a batch; the schedule's subject is the source key of the last entry done."""
        # The position is the subject, so each batch has a row of its own; the done one goes.
        scope.repositories.schedules.plan(scope.ledger.id, KIND, None, subject_id=row.subject_id)
        changed = self._fill(scope, row.subject_id)
        key = f"{KIND}:{row.id}"
        if not changed:
            newest = scope.repositories.entries.page(
                scope.ledger.id, EntryFilter(), limit=NEWEST_MAX
            )
            return (Recounted(chat, key, newest=tuple(newest)),) if newest else ()
        alerts = claim_alerts(scope, changed)
        return (Recounted(chat, key, alerts),) if alerts else ()

    def _fill(self, scope: Scope, after: str) -> list[tuple[Entry | None, Entry]]:
        """State a batch; return its entries before and after."""
        entries = scope.repositories.entries
        batch, last = entries.without_base(scope.ledger.id, after, BATCH_ENTRIES)
        conversion = self.conversion.for_batch()
        stated = [conversion.convert(scope, entry) for entry in batch]
        for entry in stated:
            # Saved without a rate, too, so that no amount in a former currency stays behind.
            entries.save(entry)
        # Entries without a known rate stay empty, so progress is the source key, not their count.
        if last is not None:
            scope.repositories.schedules.plan(scope.ledger.id, KIND, scope.now, subject_id=last)
        return list(zip(batch, stated, strict=True))
