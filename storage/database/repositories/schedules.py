"""Store the moments at which something of a ledger is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select

from ports.repositories import DueSchedule
from storage.database.connections.prepared import change, fetch
from storage.database.tables import schedules
from storage.database.upsert import insert

_s = schedules.c
_DUE = (
    select(_s.id, _s.ledger_id, _s.kind, _s.subject_id, _s.due_at)
    .where(_s.due_at <= bindparam("now"))
    .order_by(_s.due_at, _s.id)
    .limit(bindparam("rows"))
)
_NEW = insert(schedules)
_PLAN = _NEW.on_conflict_do_update(
    index_elements=["ledger_id", "kind", "subject_id"], set_={"due_at": _NEW.excluded.due_at}
)
_UNPLAN = delete(schedules).where(
    _s.ledger_id == bindparam("ledger"),
    _s.kind == bindparam("kind_"),
    _s.subject_id == bindparam("subject"),
)


@dataclass(frozen=True, slots=True)
class SqlSchedules:
    """`ports.repositories.Schedules` on a connection."""

    connection: Connection

    def due(self, now: datetime, limit: int) -> list[DueSchedule]:
        """Return the schedules whose time has come, longest waiting first."""
        rows = fetch(self.connection, _DUE, {"now": now, "rows": limit})
        return [DueSchedule(**row._asdict()) for row in rows]

    def plan(
        self, ledger_id: int, kind: str, due_at: datetime | None, *, subject_id: str = ""
    ) -> None:
        """Set when this is due next; None deletes the schedule."""
        if due_at is None:
            where = {"ledger": ledger_id, "kind_": kind, "subject": subject_id}
            change(self.connection, _UNPLAN, where)
            return
        row = {"ledger_id": ledger_id, "kind": kind, "subject_id": subject_id, "due_at": due_at}
        change(self.connection, _PLAN, row)
