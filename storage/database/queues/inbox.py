"""The inbox: arrived updates and events, until their effects are committed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, exists, func, select, update

from ports.queue import Delivery, InboxMessage
from storage.database.connections.backend import Backend
from storage.database.connections.prepared import change, fetch, fetch_value
from storage.database.tables import PENDING, inbox, offsets
from storage.database.types import AnyRow
from storage.database.upsert import insert

_POLLING = "updates"

_i = inbox.c
_earlier = inbox.alias("earlier")
_ADD = insert(inbox).on_conflict_do_nothing(index_elements=["key"]).returning(_i.id)
_COUNT = select(func.count()).select_from(inbox).where(_i.state == PENDING)
_NEW_OFFSET = insert(offsets)
_SET_OFFSET = _NEW_OFFSET.on_conflict_do_update(
    index_elements=["name"], set_={"value": _NEW_OFFSET.excluded.value}
)
_OFFSET = select(offsets.c.value).where(offsets.c.name == _POLLING)
# A lane waits with its head; only heads are ever put off.
_DUE = (
    select(inbox)
    .where(
        _i.state == PENDING,
        _i.lane.not_in(bindparam("skip", expanding=True)),
        ~exists().where(
            _earlier.c.lane == _i.lane,
            _earlier.c.state == PENDING,
            _earlier.c.due_at.is_not(None),
            _earlier.c.due_at > bindparam("now"),
        ),
    )
    .order_by(_i.id)
    .limit(bindparam("rows"))
)
_FAILED = (
    update(inbox)
    .where(_i.id == bindparam("arrival"), _i.state == PENDING)
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

    async def add(
        self, inbox_messages: Sequence[InboxMessage], *, now: datetime, offset: int | None = None
    ) -> int:
        """Store arrivals and the polling offset in one commit; return how many were new."""

        def add(connection: Connection) -> int:
            new = add_arrivals(connection, inbox_messages, now)
            if offset is not None:
                change(connection, _SET_OFFSET, {"name": _POLLING, "value": offset})
            return new

        return await self.backend.write(add)

    async def offset(self) -> int:
        """Return the next polling offset, 0 at first."""
        return await self.backend.read(lambda c: fetch_value(c, _OFFSET) or 0)

    async def pending(self, *, now: datetime, limit: int, skip: frozenset[int]) -> list[Delivery]:
        """Return due arrivals of lanes not in `skip`, in order of arrival."""
        where = {"now": now, "rows": limit, "skip": list(skip)}
        return await self.backend.read(lambda c: [_waiting(r) for r in fetch(c, _DUE, where)])

    async def failed(
        self, delivery: Delivery, *, error: str, retry_at: datetime | None, now: datetime
    ) -> None:
        """Count a failed try; without `retry_at` the arrival is parked as a dead letter."""
        values = {
            "arrival": delivery.id,
            "reason": error,
            "retry_at": retry_at,
            "new_state": "dead" if retry_at is None else "pending",
            "closed": now if retry_at is None else None,
        }
        await self.backend.write(lambda c: change(c, _FAILED, values))

    async def count(self) -> int:
        """Return how many arrivals are waiting."""
        return await self.backend.read(lambda c: fetch_value(c, _COUNT))


def add_arrivals(
    connection: Connection, inbox_messages: Sequence[InboxMessage], now: datetime
) -> int:
    """Insert arrivals, pass over known keys, return how many were new."""
    unique = {inbox_message.key: inbox_message for inbox_message in inbox_messages}
    if not unique:
        return 0
    rows = [_row(each, now) for each in unique.values()]
    return len(connection.execute(_ADD, rows).all())


def _row(inbox_message: InboxMessage, now: datetime) -> dict[str, Any]:
    return {
        "key": inbox_message.key,
        "lane": inbox_message.lane,
        "kind": inbox_message.kind,
        "body": inbox_message.body,
        "received_at": now,
    }


def _waiting(row: AnyRow) -> Delivery:
    inbox_message = InboxMessage(row.key, row.lane, row.body, row.kind)
    return Delivery(row.id, inbox_message, row.tries, row.received_at)
