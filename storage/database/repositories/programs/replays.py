"""Store the answers of calls by the keys that programs chose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, select, update
from sqlalchemy.exc import DBAPIError

from ledger.errors import InWorkError
from ports.programs.replays import KeptAnswer, KnownCall, RepeatableCall
from storage.database.connections.prepared import change, fetch_one
from storage.database.tables import replays
from storage.database.upsert import insert

_r = replays.c
_CLAIM = insert(replays).on_conflict_do_nothing(index_elements=["id"])
_DROP_OLD = delete(replays).where(_r.id == bindparam("call"), _r.made_at < bindparam("since"))
_FIND = select(_r.request, _r.status, _r.headers, _r.body).where(_r.id == bindparam("call"))
_KEEP = (
    update(replays)
    .where(_r.id == bindparam("call"))
    .values(status=bindparam("status_"), headers=bindparam("headers_"), body=bindparam("body_"))
)
WAIT_SECONDS = 3
"""Time for the unit that has claimed a key in another process to end."""
_WAIT = select(func.set_config("lock_timeout", bindparam("wait"), True))  # noqa: FBT003
_LOCK_NOT_AVAILABLE = "55P03"


@dataclass(frozen=True, slots=True)
class SqlReplays:
    """`ports.programs.replays.Replays` on a connection."""

    connection: Connection

    def claim(self, call: RepeatableCall, now: datetime, *, since: datetime) -> KnownCall | None:
        """Claim a key for a call, or return the call that had it since a moment.

        Raises:
            InWorkError: `key_in_work`, where the first call takes longer than `WAIT_SECONDS`.
        """
        change(self.connection, _DROP_OLD, {"call": call.id, "since": since})
        row = {
            "id": call.id,
            "ledger_id": call.ledger_id,
            "request": call.request,
            "made_at": now,
        }
        if self._insert(row):
            return None
        known = fetch_one(self.connection, _FIND, {"call": call.id})
        assert known is not None, "it was in the way"
        return KnownCall(known.request, KeptAnswer(known.status, known.body, known.headers))

    def _insert(self, row: Mapping[str, object]) -> bool:
        """Insert the row of a call; False where its key has one. Raises `InWorkError`."""
        if self.connection.dialect.name == "sqlite":
            # One unit writes at a time, so no other one has claimed the key.
            return change(self.connection, _CLAIM, dict(row)) == 1
        # PostgreSQL waits for a unit that has claimed the key and not ended yet.
        fetch_one(self.connection, _WAIT, {"wait": f"{WAIT_SECONDS}s"})
        try:
            is_new = change(self.connection, _CLAIM, dict(row)) == 1
        except Exception as error:
            cause = error.orig if isinstance(error, DBAPIError) else error
            if getattr(cause, "sqlstate", None) == _LOCK_NOT_AVAILABLE:
                raise InWorkError("key_in_work") from error
            raise
        # What follows may wait for as long as any other unit.
        fetch_one(self.connection, _WAIT, {"wait": "0"})
        return is_new

    def keep(self, call_id: str, answer: KeptAnswer) -> None:
        """Keep the answer of a claimed key."""
        values = {
            "call": call_id,
            "status_": answer.status,
            "headers_": dict(answer.headers),
            "body_": answer.body,
        }
        change(self.connection, _KEEP, values)
