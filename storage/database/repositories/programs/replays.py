"""Store the answers of calls by the keys that programs chose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select, update

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


@dataclass(frozen=True, slots=True)
class SqlReplays:
    """`ports.programs.replays.Replays` on a connection."""

    connection: Connection

    def claim(self, call: RepeatableCall, now: datetime, *, since: datetime) -> KnownCall | None:
        """Claim a key for a call, or return the call that had it since a moment."""
        change(self.connection, _DROP_OLD, {"call": call.id, "since": since})
        row = {
            "id": call.id,
            "ledger_id": call.ledger_id,
            "request": call.request,
            "made_at": now,
        }
        # PostgreSQL waits here for a unit that has claimed the key and not ended yet.
        if change(self.connection, _CLAIM, row) == 1:
            return None
        known = fetch_one(self.connection, _FIND, {"call": call.id})
        assert known is not None, "it was in the way"
        return KnownCall(known.request, KeptAnswer(known.status, known.body, known.headers))

    def keep(self, call_id: str, answer: KeptAnswer) -> None:
        """Keep the answer of a claimed key."""
        values = {
            "call": call_id,
            "status_": answer.status,
            "headers_": dict(answer.headers),
            "body_": answer.body,
        }
        change(self.connection, _KEEP, values)
