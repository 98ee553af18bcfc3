"""Claim the periods that pushes have covered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from storage.database.connections.prepared import fetch_one, fetch_value
from storage.database.tables import pushes
from storage.database.upsert import insert

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

    def claim(self, ledger_id: int, kind: str, period_key: str, now: datetime) -> bool:
        """Claim the one push of a period; False when somebody has it already."""
        row = {"ledger_id": ledger_id, "kind": kind, "period_key": period_key, "claimed_at": now}
        return fetch_one(self.connection, _CLAIM, row) is not None

    def last_period(self, ledger_id: int, kind: str) -> str | None:
        """Return the key of the newest period that was claimed."""
        where = {"ledger": ledger_id, "kind_": kind}
        found: str | None = fetch_value(self.connection, _LAST, where)
        return found
