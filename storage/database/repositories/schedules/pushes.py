"""Claim the periods that pushes have covered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BindParameter,
    Connection,
    bindparam,
    literal_column,
    select,
    update,
)

from ports.repositories import WaitingPush
from storage.database.connections.prepared import change, fetch, fetch_one, fetch_value
from storage.database.repositories.schedules.schedules import among, listed
from storage.database.tables import pushes, schedules
from storage.database.upsert import insert

_p = pushes.c
_CLAIM = insert(pushes).on_conflict_do_nothing().returning(_p.period_key)
_KEY: BindParameter[str] = bindparam("key_", type_=_p.period_key.type)
_NOW: BindParameter[datetime] = bindparam("now", type_=_p.claimed_at.type)
_CLAIM_MANY = {
    dialect: insert(pushes)
    .from_select(
        ["ledger_id", "kind", "period_key", "claimed_at", "due_at"],
        select(schedules.c.ledger_id, schedules.c.kind, _KEY, _NOW, schedules.c.due_at).where(
            chosen
        ),
    )
    .on_conflict_do_nothing()
    for dialect, chosen in among(schedules.c.id).items()
}
_WAITING = (
    select(_p.ledger_id, _p.kind, _p.period_key, _p.due_at)
    .where(_p.due_at.is_not(None))
    .order_by(_p.due_at, _p.ledger_id)
    .limit(bindparam("rows"))
    .with_for_update(skip_locked=True)
)
_CLOSE = (
    update(pushes)
    .where(
        _p.ledger_id == bindparam("ledger"),
        _p.kind == bindparam("kind_"),
        _p.period_key == bindparam("key_"),
    )
    .values(due_at=literal_column("NULL"))
)
_LAST = (
    select(_p.period_key)
    .where(_p.ledger_id == bindparam("ledger"), _p.kind == bindparam("kind_"))
    .order_by(_p.claimed_at.desc(), _p.period_key.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class SqlPushes:
    """`ports.repositories.Pushes` on a connection."""

    connection: Connection

    def claim(
        self,
        ledger_id: int,
        kind: str,
        period_key: str,
        now: datetime,
        *,
        due_at: datetime | None = None,
    ) -> bool:
        """Claim the one push of a period; False when somebody has it already."""
        row = {
            "ledger_id": ledger_id,
            "kind": kind,
            "period_key": period_key,
            "claimed_at": now,
            "due_at": due_at,
        }
        return fetch_one(self.connection, _CLAIM, row) is not None

    def claim_many(self, schedule_ids: Sequence[int], period_key: str, now: datetime) -> None:
        """Claim a period for the pushes of these schedules; they wait for their content."""
        dialect = self.connection.dialect.name
        where = {"ids": listed(schedule_ids, dialect), "key_": period_key, "now": now}
        change(self.connection, _CLAIM_MANY[dialect], where)

    def waiting(self, limit: int) -> list[WaitingPush]:
        """Return and lock pushes that wait for their content, the oldest first."""
        rows = fetch(self.connection, _WAITING, {"rows": limit})
        return [WaitingPush(**row._asdict()) for row in rows]

    def close(self, push: WaitingPush) -> None:
        """Mark a push as done."""
        where = {"ledger": push.ledger_id, "kind_": push.kind, "key_": push.period_key}
        change(self.connection, _CLOSE, where)

    def last_period(self, ledger_id: int, kind: str) -> str | None:
        """Return the key of the newest period that was claimed."""
        where = {"ledger": ledger_id, "kind_": kind}
        found: str | None = fetch_value(self.connection, _LAST, where)
        return found
