"""Store costs of paid readers, and check the caps that stop them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select, text, update

from ports.spending import Caps, MonthOfChat, PlannedCall, Spent
from storage.database.connections.backend import Backend
from storage.database.connections.prepared import change, fetch, fetch_one
from storage.database.tables import ai_calls
from storage.database.upsert import insert

_c = ai_calls.c
# One reservation after another over all processes. SQLite has one writer anyhow.
_TURN = text("SELECT pg_advisory_xact_lock(27511)")
_SPENT = select(func.coalesce(func.sum(_c.cost_micros), 0).label("micros")).where(
    _c.called_at >= bindparam("month")
)
_CALLS = select(func.count().label("calls")).where(
    _c.chat_id == bindparam("chat"), _c.called_at >= bindparam("day")
)
_ADD = insert(ai_calls).returning(_c.id)
_SETTLE = (
    update(ai_calls)
    .where(_c.id == bindparam("call"))
    .values(
        cost_micros=bindparam("cost"),
        milliseconds=bindparam("took"),
        outcome=bindparam("came_to"),
        input_tokens=bindparam("read"),
        output_tokens=bindparam("written"),
    )
)
_BY_MONTH = (
    select(
        _c.month,
        _c.chat_id,
        _c.service,
        func.count().label("calls"),
        func.sum(_c.cost_micros).label("cost_micros"),
        func.sum(_c.input_tokens).label("input_tokens"),
        func.sum(_c.output_tokens).label("output_tokens"),
        func.sum(_c.milliseconds).label("milliseconds"),
    )
    .where(_c.called_at >= bindparam("since"))
    .group_by(_c.month, _c.chat_id, _c.service)
    .order_by(_c.month, _c.chat_id, _c.service)
)


@dataclass(frozen=True, slots=True)
class SqlSpending:
    """`ports.spending.Spending` over a database."""

    backend: Backend
    caps: Caps

    async def reserve(self, call: PlannedCall, *, now: datetime) -> int | None:
        """Count a call before it is made; None where a cap forbids it."""
        return await self.backend.write(lambda connection: self._reserve(connection, call, now))

    async def settle(self, number: int, spent: Spent) -> None:
        """Replace the reserved costs by the real ones."""
        values = {
            "call": number,
            "cost": spent.cost_micros,
            "took": round(spent.seconds * 1000),
            "came_to": "ok" if spent.succeeded else "failed",
            "read": spent.input_tokens,
            "written": spent.output_tokens,
        }
        await self.backend.write(lambda connection: change(connection, _SETTLE, values))

    async def by_month(self, *, since: datetime) -> list[MonthOfChat]:
        """Return costs since a moment, by month, chat and service."""
        rows = await self.backend.read(lambda c: fetch(c, _BY_MONTH, {"since": since}))
        return [
            MonthOfChat(
                month=row.month,
                chat_id=row.chat_id,
                service=row.service,
                calls=row.calls,
                cost_micros=int(row.cost_micros),
                input_tokens=int(row.input_tokens),
                output_tokens=int(row.output_tokens),
                seconds=int(row.milliseconds) / 1000,
            )
            for row in rows
        ]

    def _reserve(self, connection: Connection, call: PlannedCall, now: datetime) -> int | None:
        if connection.dialect.name != "sqlite":
            connection.execute(_TURN)
        day = now.replace(hour=0, minute=0, second=0, microsecond=0)
        calls = fetch_one(connection, _CALLS, {"chat": call.chat_id, "day": day})
        spent = fetch_one(connection, _SPENT, {"month": day.replace(day=1)})
        assert calls is not None
        assert spent is not None
        if calls.calls >= self.caps.chat_daily_calls:
            return None
        if int(spent.micros) + call.cost_micros > self.caps.monthly_micros:
            return None
        row = {
            "chat_id": call.chat_id,
            "service": call.service,
            "model": call.model,
            "month": f"{now:%Y-%m}",
            "called_at": now,
            "cost_micros": call.cost_micros,
            "input_tokens": 0,
            "output_tokens": 0,
            "milliseconds": 0,
            "outcome": "open",
        }
        added = fetch_one(connection, _ADD, row)
        assert added is not None
        return int(added.id)
