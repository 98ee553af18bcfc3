"""Schedules as rows: what is due, and what was sent for which period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select

from ports.repositories import DuePush
from storage.database.connections.prepared import change, fetch, fetch_one, fetch_value
from storage.database.tables import pushes, schedules
from storage.database.upsert import insert

_DUE = (
    select(schedules.c.ledger_id, schedules.c.kind, schedules.c.due_at)
    .where(schedules.c.due_at <= bindparam("now"))
    .order_by(schedules.c.due_at, schedules.c.ledger_id)
    .limit(bindparam("rows"))
)
_NEW = insert(schedules)
_PLAN = _NEW.on_conflict_do_update(
    index_elements=["ledger_id", "kind"], set_={"due_at": _NEW.excluded.due_at}
)
_UNPLAN = delete(schedules).where(
    schedules.c.ledger_id == bindparam("ledger"), schedules.c.kind == bindparam("kind_")
)
_CLAIM = insert(pushes).on_conflict_do_nothing().returning(pushes.c.period_key)
_LAST = (
    select(pushes.c.period_key)
    .where(pushes.c.ledger_id == bindparam("ledger"), pushes.c.kind == bindparam("kind_"))
    .order_by(pushes.c.claimed_at.desc(), pushes.c.period_key.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class SqlPushes:
    """`ports.repositories.Pushes` on a connection."""

    connection: Connection

    def due(self, now: datetime, limit: int) -> list[DuePush]:
        """Return schedules whose time has come, longest waiting first."""
        rows = fetch(self.connection, _DUE, {"now": now, "rows": limit})
        return [DuePush(row.ledger_id, row.kind, row.due_at) for row in rows]

    def plan(self, ledger_id: int, kind: str, due_at: datetime | None) -> None:
        """Set when a push is due next; None: never."""
        if due_at is None:
            change(self.connection, _UNPLAN, {"ledger": ledger_id, "kind_": kind})
        else:
            row = {"ledger_id": ledger_id, "kind": kind, "due_at": due_at}
            change(self.connection, _PLAN, row)

    def claim(self, ledger_id: int, kind: str, period_key: str, now: datetime) -> bool:
        """Claim the one push of a period; False when somebody has it already."""
        row = {"ledger_id": ledger_id, "kind": kind, "period_key": period_key, "claimed_at": now}
        return fetch_one(self.connection, _CLAIM, row) is not None

    def last_period(self, ledger_id: int, kind: str) -> str | None:
        """Return the key of the newest period that was claimed."""
        where = {"ledger": ledger_id, "kind_": kind}
        found: str | None = fetch_value(self.connection, _LAST, where)
        return found
