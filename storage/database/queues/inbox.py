"""Keep updates and events that arrived until their effects are committed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select, update

from ledger.errors import ClaimLostError
from ports.queue import Delivery, InboxMessage
from storage.database.connections.backend import Backend
from storage.database.connections.prepared import change, fetch_value
from storage.database.queues.arrivals import add_messages
from storage.database.queues.claims import Claims
from storage.database.queues.gathering import Gatherer
from storage.database.tables import PENDING, inbox, offsets
from storage.database.upsert import insert

_POLLING = "updates"

_i = inbox.c
_COUNT = select(func.count()).select_from(inbox).where(_i.state == PENDING)
_NEW_OFFSET = insert(offsets)
_SET_OFFSET = _NEW_OFFSET.on_conflict_do_update(
    index_elements=["name"], set_={"value": _NEW_OFFSET.excluded.value}
)
_OFFSET = select(offsets.c.value).where(offsets.c.name == _POLLING)
_FAILED = (
    update(inbox)
    .where(_i.id == bindparam("message"), _i.state == PENDING)
    .values(
        tries=_i.tries + 1,
        error=bindparam("reason"),
        due_at=bindparam("retry_at"),
        state=bindparam("new_state"),
        closed_at=bindparam("closed"),
    )
)


@dataclass(frozen=True, slots=True)
class SqlInbox:
    """`ports.queue.Inbox` over a database."""

    backend: Backend
    claims: Claims
    gatherer: Gatherer

    async def add(
        self, inbox_messages: Sequence[InboxMessage], *, now: datetime, offset: int | None = None
    ) -> int:
        """Store messages and the polling offset in one commit; return how many were new."""
        if offset is None:
            return await self.gatherer.add(inbox_messages, now)

        def add(connection: Connection) -> int:
            new = add_messages(connection, inbox_messages, now)
            change(connection, _SET_OFFSET, {"name": _POLLING, "value": offset})
            return new

        return await self.backend.write(add)

    async def offset(self) -> int:
        """Return the next polling offset, 0 at first."""
        return await self.backend.read_queue(lambda c: fetch_value(c, _OFFSET, alone=True) or 0)

    async def claim(
        self, *, now: datetime, partitions: int, lease_seconds: float
    ) -> list[Delivery]:
        """Claim due messages of at most so many partitions, in the order of message."""
        return await self.claims.claim(now=now, partitions=partitions, lease_seconds=lease_seconds)

    async def extend(
        self, deliveries: Sequence[Delivery], *, now: datetime, lease_seconds: float
    ) -> None:
        """Let the leases of these deliveries end so many seconds from now."""
        await self.claims.extend(deliveries, now=now, lease_seconds=lease_seconds)

    async def release(self, deliveries: Sequence[Delivery]) -> None:
        """Give deliveries back that were not handled."""
        await self.claims.release(deliveries)

    async def failed(
        self, delivery: Delivery, *, error: str, retry_at: datetime | None, now: datetime
    ) -> None:
        """Count a failed try; without `retry_at` the message is parked as a dead letter."""
        values = {
            "message": delivery.id,
            "reason": error,
            "retry_at": retry_at,
            "new_state": "dead" if retry_at is None else "pending",
            "closed": now if retry_at is None else None,
        }

        def fail(connection: Connection) -> None:
            self.claims.check(connection, delivery)
            change(connection, _FAILED, values)
            if retry_at is not None:
                self.claims.free(connection, delivery)

        try:
            await self.backend.write(fail)
        except ClaimLostError:
            return
        if retry_at is None:
            self.claims.close(delivery)
        else:
            self.claims.give_up(delivery)

    async def count(self) -> int:
        """Return how many messages wait or are claimed."""
        return await self.backend.read_queue(lambda c: fetch_value(c, _COUNT, alone=True))
