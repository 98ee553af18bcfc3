"""Spread the reading of many receipts of one chat or person, so that others do not wait for it.

Reading takes a processor for a second or so. A chat that sends a year of receipts at once has the
first hundred read at once and the rest two a second; nothing is refused or lost, since the job waits in
the database. Where it takes minutes, the chat is told.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ledger.rate_limits import Buckets, Policy
from ledger.stored_receipts import Receipt
from services.scope import Scope

AT_ONCE = Policy("burst", quota=100, window_seconds=50)
A_DAY = Policy("day", quota=2000, window_seconds=86_400)


@dataclass(frozen=True, slots=True)
class PlannedReceipt:
    """A receipt to read, and when; None for now."""

    receipt: Receipt
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReceiptPacing:
    """Keeps the receipts of each chat and of each person in this process."""

    _limits: tuple[Buckets, Buckets] = field(
        default_factory=lambda: (Buckets(AT_ONCE), Buckets(A_DAY))
    )

    def plan(self, scope: Scope, receipt: Receipt) -> PlannedReceipt:
        """Plan when the next receipt of this chat and person is read."""
        moment = scope.now.timestamp()
        keys = (("chat", scope.ledger.id), ("person", scope.actor))
        wait = max(limit.reserve(key, moment) for limit in self._limits for key in keys)
        return PlannedReceipt(receipt, scope.now + timedelta(seconds=wait) if wait else None)
