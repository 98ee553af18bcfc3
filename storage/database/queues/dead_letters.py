"""List, retry and drop inbox messages and jobs that were given up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.sql import Delete, Update

from ledger.errors import NotFoundError
from ports.queue import DeadLetter
from storage.database.connections.backend import Backend
from storage.database.connections.prepared import change, fetch
from storage.database.tables import PENDING, inbox, jobs

_DEAD_MESSAGES = (
    select(
        inbox.c.id, inbox.c.partition, inbox.c.kind, inbox.c.tries, inbox.c.error, inbox.c.closed_at
    )
    .where(inbox.c.state == "dead")
    .order_by(inbox.c.id)
    .limit(bindparam("rows"))
)
_DEAD_JOBS = (
    select(jobs.c.id, jobs.c.partition, jobs.c.kind, jobs.c.tries, jobs.c.error, jobs.c.failed_at)
    .where(jobs.c.state == "dead")
    .order_by(jobs.c.id)
    .limit(bindparam("rows"))
)
_RETRY_MESSAGE = (
    update(inbox)
    .where(inbox.c.id == bindparam("row"), inbox.c.state == "dead")
    .values(state=PENDING, tries=0, due_at=None, closed_at=None)
)
_RETRY_JOB = (
    update(jobs)
    .where(jobs.c.id == bindparam("row"), jobs.c.state == "dead")
    .values(state=PENDING, tries=0, due_at=bindparam("now"), claimed_until=None)
)
_DROP_MESSAGE = (
    update(inbox)
    .where(inbox.c.id == bindparam("row"), inbox.c.state == "dead")
    .values(state="done", body=None)
)
_DROP_JOB = delete(jobs).where(jobs.c.id == bindparam("row"), jobs.c.state == "dead")


@dataclass(frozen=True, slots=True)
class SqlDeadLetters:
    """`ports.queue.DeadLetters` over a database."""

    backend: Backend

    async def list_all(self, limit: int) -> list[DeadLetter]:
        """Return dead letters, inbox messages first, oldest first."""

        def read(connection: Connection) -> list[DeadLetter]:
            rows = {"rows": limit}
            inbox_messages = [
                DeadLetter(
                    f"inbox:{row.id}", row.partition, row.kind, row.tries, row.error, row.closed_at
                )
                for row in fetch(connection, _DEAD_MESSAGES, rows)
            ]
            parked = [
                DeadLetter(
                    f"job:{row.id}", row.partition, row.kind, row.tries, row.error, row.failed_at
                )
                for row in fetch(connection, _DEAD_JOBS, rows)
            ]
            return (inbox_messages + parked)[:limit]

        return await self.backend.read(read)

    async def retry(self, letter_id: str, *, now: datetime) -> None:
        """Put a dead letter back to work, with all its tries."""
        table, row = _parse(letter_id)
        statement = _RETRY_MESSAGE if table == "inbox" else _RETRY_JOB
        await self._change(statement, {"row": row} | ({"now": now} if table == "job" else {}))

    async def drop(self, letter_id: str) -> None:
        """Let go of a dead letter and of its body."""
        table, row = _parse(letter_id)
        await self._change(_DROP_MESSAGE if table == "inbox" else _DROP_JOB, {"row": row})

    async def _change(self, statement: Update | Delete, values: dict[str, object]) -> None:
        changed = await self.backend.write(lambda c: change(c, statement, values))
        if not changed:
            raise NotFoundError("no_dead_letter")


def _parse(letter_id: str) -> tuple[str, int]:
    """Read `inbox:<n>` or `job:<n>`. Raises `NotFoundError` for anything else."""
    table, _, number = letter_id.partition(":")
    if table not in {"inbox", "job"} or not (number.isascii() and number.isdigit()):
        raise NotFoundError("no_dead_letter")
    return table, int(number)
