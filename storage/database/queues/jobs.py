"""Jobs: work outside the lanes, taken with a lease."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, func, or_, select, update

from ports.queue import InboxMessage, Job
from storage.database.connections.backend import Backend
from storage.database.connections.prepared import change, fetch, fetch_value
from storage.database.queues.inbox import add_arrivals
from storage.database.tables import PENDING, jobs
from storage.database.types import AnyRow

_j = jobs.c
_FREE = or_(_j.taken_until.is_(None), _j.taken_until <= bindparam("now"))
_ANY_DUE = (
    select(func.count())
    .select_from(jobs)
    .where(_j.state == PENDING, _j.due_at <= bindparam("now"), _FREE)
)
_TAKE = (
    update(jobs)
    .where(
        _j.id.in_(
            select(_j.id)
            .where(_j.state == PENDING, _j.due_at <= bindparam("now"), _FREE)
            .order_by(_j.due_at, _j.id)
            .limit(bindparam("rows"))
            # Another process skips the rows that this one is about to take.
            .with_for_update(skip_locked=True)
            .scalar_subquery()
        )
    )
    .values(taken_until=bindparam("until"))
    .returning(_j.id, _j.key, _j.kind, _j["values"], _j.lane, _j.tries, _j.taken_until, _j.due_at)
)
_EXTEND = (
    update(jobs)
    .where(_j.id == bindparam("job"), _j.state == PENDING)
    .values(taken_until=bindparam("until"))
)
_DONE = delete(jobs).where(_j.id == bindparam("job"))
_FAILED = (
    update(jobs)
    .where(_j.id == bindparam("job"), _j.state == PENDING)
    .values(
        tries=_j.tries + 1,
        error=bindparam("reason"),
        taken_until=None,
        due_at=func.coalesce(bindparam("retry_at", type_=_j.due_at.type), _j.due_at),
        state=bindparam("new_state"),
        failed_at=bindparam("now"),
    )
)
_COUNT = select(func.count()).select_from(jobs).where(_j.state == PENDING)


@dataclass(frozen=True, slots=True)
class SqlJobs:
    """`ports.queue.Jobs` over a database."""

    backend: Backend

    async def take(self, *, now: datetime, limit: int, lease_seconds: int) -> list[Job]:
        """Take due jobs, oldest first; looks before it writes, so that idling costs no commit."""
        if not await self.backend.read(lambda c: fetch_value(c, _ANY_DUE, {"now": now})):
            return []
        values = {"now": now, "rows": limit, "until": now + timedelta(seconds=lease_seconds)}
        rows = await self.backend.write(lambda c: fetch(c, _TAKE, values))
        return [_job(row) for row in sorted(rows, key=lambda row: (row.due_at, row.id))]

    async def extend(self, job: Job, *, now: datetime, lease_seconds: int) -> None:
        """Keep a job that takes longer."""
        values = {"job": job.id, "until": now + timedelta(seconds=lease_seconds)}
        await self.backend.write(lambda c: change(c, _EXTEND, values))

    async def done(self, job: Job, *, event: str | None, now: datetime) -> None:
        """Remove the job and put its result event into its lane, in one commit."""

        def done(connection: Connection) -> None:
            if change(connection, _DONE, {"job": job.id}):
                _tell(connection, job, event, now)

        await self.backend.write(done)

    async def failed(
        self, job: Job, *, error: str, retry_at: datetime | None, event: str | None, now: datetime
    ) -> None:
        """Count a failed try; without `retry_at` it is parked, and `event` tells its lane."""
        values = {
            "job": job.id,
            "reason": error,
            "retry_at": retry_at,
            "new_state": "dead" if retry_at is None else "pending",
            "now": now,
        }

        def failed(connection: Connection) -> None:
            if change(connection, _FAILED, values):
                _tell(connection, job, event, now)

        await self.backend.write(failed)

    async def count(self) -> int:
        """Return how many jobs are waiting or taken."""
        return await self.backend.read(lambda c: fetch_value(c, _COUNT))


def _tell(connection: Connection, job: Job, event: str | None, now: datetime) -> None:
    """Put an event into the job's lane, once per try: a retried dead letter may tell again."""
    if event is not None and job.lane is not None:
        key = f"j{job.id}" if not job.tries else f"j{job.id}.{job.tries}"
        add_arrivals(connection, [InboxMessage(key, job.lane, event, "event")], now)


def _job(row: AnyRow) -> Job:
    values = row._asdict()["values"]  # `values` alone is a method of rows
    return Job(row.id, row.key, row.kind, values, row.lane, row.tries, row.taken_until)
