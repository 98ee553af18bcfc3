"""Keep jobs, which are work outside the partitions, claimed with a lease and a fence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, or_, select, update
from sqlalchemy.sql import Delete, Update

from ledger.errors import ClaimLostError
from ports.queue import CLOCK_STEP, InboxMessage, Job, NewJob
from storage.database.connections.backend import Backend
from storage.database.connections.prepared import change, change_many, fetch, fetch_value
from storage.database.queues.arrivals import add_messages
from storage.database.tables import PENDING, jobs
from storage.database.types import AnyRow
from storage.database.upsert import insert

_j = jobs.c
AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
"""The due time of a job that is due as soon as it is stored, whatever the clock says then or later."""
_FREE = or_(
    _j.claimed_until.is_(None),
    _j.claimed_until <= bindparam("now"),
    _j.claimed_until > bindparam("far"),
)
# A job that failed in the future did so under a clock that was set back since.
_IS_DUE = or_(_j.due_at <= bindparam("now"), _j.failed_at > bindparam("now"))
_DUE_KINDS = (
    select(_j.kind, func.count().label("due"))
    .where(_j.state == PENDING, _IS_DUE, _FREE)
    .group_by(_j.kind)
)
_CLAIM = (
    update(jobs)
    .where(
        _j.id.in_(
            select(_j.id)
            .where(
                _j.state == PENDING,
                _IS_DUE,
                _j.kind == bindparam("kind_"),
                _FREE,
            )
            .order_by(_j.due_at, _j.id)
            .limit(bindparam("rows"))
            # Another process skips the rows that this one is about to claim.
            .with_for_update(skip_locked=True)
            .scalar_subquery()
        )
    )
    .values(claimed_until=bindparam("until"), fence=_j.fence + 1)
    .returning(*(c for c in _j if c.name not in {"state", "error", "failed_at"}))
)
_MINE = (_j.id == bindparam("job"), _j.fence == bindparam("fence_"), _j.state == PENDING)
_EXTEND = update(jobs).where(*_MINE).values(claimed_until=bindparam("until"))
_DONE = delete(jobs).where(*_MINE)
_FAILED = (
    update(jobs)
    .where(*_MINE)
    .values(
        tries=_j.tries + 1,
        error=bindparam("reason"),
        claimed_until=None,
        due_at=func.coalesce(bindparam("retry_at", type_=_j.due_at.type), _j.due_at),
        state=bindparam("new_state"),
        failed_at=bindparam("now"),
    )
)
_ADD = insert(jobs).on_conflict_do_nothing(index_elements=["key"])
_COUNT = select(func.count()).select_from(jobs).where(_j.state == PENDING)


@dataclass(frozen=True, slots=True)
class SqlJobs:
    """`ports.queue.Jobs` over a database."""

    backend: Backend

    async def claim(
        self, *, now: datetime, room: Callable[[str], int], lease_seconds: float
    ) -> list[Job]:
        """Claim due jobs, oldest first; reads before it writes, so that idling costs no commit."""
        times = {"now": now, "far": now + CLOCK_STEP}
        due = await self.backend.read_queue(lambda c: fetch(c, _DUE_KINDS, times, alone=True))
        wanted = {row.kind: min(room(row.kind), row.due) for row in due}
        until = now + timedelta(seconds=lease_seconds)

        def claim(connection: Connection) -> list[AnyRow]:
            values = {**times, "until": until}
            return [
                row
                for kind, rows in wanted.items()
                if rows > 0
                for row in fetch(connection, _CLAIM, {**values, "kind_": kind, "rows": rows})
            ]

        if not any(rows > 0 for rows in wanted.values()):
            return []
        claimed = await self.backend.write(claim)
        return [_job(row) for row in sorted(claimed, key=lambda row: (row.due_at, row.id))]

    async def extend(self, job: Job, *, now: datetime, lease_seconds: float) -> None:
        """Let the lease end so many seconds from now."""
        values = {**_mine(job), "until": now + timedelta(seconds=lease_seconds)}
        await self.backend.write(lambda c: _change_mine(c, _EXTEND, values))

    async def done(self, job: Job, *, event: str | None, now: datetime) -> None:
        """Remove the job and put its event into its partition, in one commit."""

        def done(connection: Connection) -> None:
            _change_mine(connection, _DONE, _mine(job))
            _tell(connection, job, event, now)

        await self.backend.write(done)

    async def failed(
        self, job: Job, *, error: str, retry_at: datetime | None, event: str | None, now: datetime
    ) -> None:
        """Count a failed try; without `retry_at` the job is parked, and `event` is delivered."""
        values = {
            **_mine(job),
            "reason": error,
            "retry_at": retry_at,
            "new_state": "dead" if retry_at is None else "pending",
            "now": now,
        }

        def failed(connection: Connection) -> None:
            _change_mine(connection, _FAILED, values)
            _tell(connection, job, event, now)

        await self.backend.write(failed)

    async def count(self) -> int:
        """Return how many jobs wait or are claimed."""
        return await self.backend.read_queue(lambda c: fetch_value(c, _COUNT, alone=True))


def _mine(job: Job) -> dict[str, Any]:
    return {"job": job.id, "fence_": job.fence}


def _change_mine(
    connection: Connection, statement: Update | Delete, values: dict[str, Any]
) -> None:
    """Change a job that is still ours. Raises `ClaimLostError`."""
    if not change(connection, statement, values):
        raise ClaimLostError("claim_lost")


def _tell(connection: Connection, job: Job, event: str | None, now: datetime) -> None:
    """Put an event into the job's partition, once per claim."""
    if event is not None and job.partition is not None:
        key = f"j{job.id}.{job.fence}"
        add_messages(
            connection, [InboxMessage(key, job.partition, event, "event", job.flow_name)], now
        )


def _job(row: AnyRow) -> Job:
    values = row._asdict()["values"]  # `values` alone is a method of rows
    return Job(
        id=row.id,
        key=row.key,
        kind=row.kind,
        values=values,
        partition=row.partition,
        tries=row.tries,
        claimed_until=row.claimed_until,
        fence=row.fence,
        flow=row.flow or "",
    )


def add_jobs(connection: Connection, new_jobs: Sequence[NewJob], flow: str = "") -> None:
    """Insert jobs of a flow; one whose key is known is dropped."""
    rows = [
        {
            "key": job.key,
            "kind": job.kind,
            "values": job.values,
            "partition": job.partition,
            "due_at": job.due_at or AT_ONCE,
            "flow": flow or None,
        }
        for job in new_jobs
    ]
    change_many(connection, _ADD, rows)
