"""Claim partitions in memory (SQLite) or in a table (PostgreSQL).

A SQLite file has one worker process, kept so by a lock file, so its claims need no row. On
PostgreSQL a claim is a row of `partitions`. A unit of work locks that row for as long as it runs,
so no other process can take the partition over in the middle of a unit, however late its lease is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import ARRAY, BigInteger, Connection, bindparam, exists, select, text, update

from ledger.errors import ClaimLostError
from ports.queue import CLOCK_STEP, Delivery, InboxMessage, Job
from storage.database.connections.backend import Backend, Transaction
from storage.database.connections.prepared import change, fetch, fetch_value, has_riders
from storage.database.connections.riders import begin_with
from storage.database.tables import PENDING, inbox, jobs, partitions
from storage.database.types import AnyRow, Utc
from storage.memory.claims import PartitionClaims

PER_PARTITION = 20
"""Messages of one partition that are claimed at once."""
SCAN_ROWS = 512
"""Pending messages that one claim in memory looks at."""

_i = inbox.c
_p = partitions.c
_earlier = inbox.alias("earlier")
_COLUMNS = (_i.id, _i.key, _i.partition, _i.kind, _i.body, _i.tries, _i.received_at, _i.flow)
# A partition waits with its first message; only first messages are ever put off.
_PENDING = (
    select(*_COLUMNS)
    .where(
        _i.state == PENDING,
        _i.partition.not_in(text("(SELECT value FROM json_each(:claimed))")),
        ~exists().where(
            _earlier.c.partition == _i.partition,
            _earlier.c.state == PENDING,
            _earlier.c.due_at.is_not(None),
            _earlier.c.due_at > bindparam("now"),
            _earlier.c.due_at <= bindparam("far"),
        ),
    )
    .order_by(_i.id)
    .limit(bindparam("rows"))
)
_NUMBERS = ARRAY(BigInteger)
# One statement: whoever else claims meanwhile skips the rows that this one is about to take. A claim ends
# with its last message. The first of those that wait can be older than that one, because two transactions
# that add to a chat at once may commit in another order than they took their ids.
_CLAIM = text(
    f"""
    WITH heads AS (
        SELECT partition, min(id) AS head FROM inbox WHERE state = 'pending' GROUP BY partition
    ), free AS (
        SELECT p.id FROM partitions AS p JOIN heads ON heads.partition = p.id
        WHERE (p.claimed_until IS NULL OR p.claimed_until <= :now OR p.claimed_until > :far
               OR heads.head > p.claimed_through OR (
                   SELECT last.state FROM inbox AS last WHERE last.id = p.claimed_through
               ) <> 'pending')
          AND NOT EXISTS (SELECT FROM inbox AS i WHERE i.id = heads.head
                          AND i.due_at > :now AND i.due_at <= :far)
        ORDER BY heads.head LIMIT :partitions
        FOR UPDATE OF p SKIP LOCKED
    ), claimed AS (
        UPDATE partitions AS p
        SET fence = p.fence + 1, claimed_until = :until, claimed_through = (
            SELECT max(few.id) FROM (
                SELECT i.id FROM inbox AS i WHERE i.partition = p.id AND i.state = 'pending'
                ORDER BY i.id LIMIT {PER_PARTITION}
            ) AS few
        )
        FROM free WHERE p.id = free.id
        RETURNING p.id, p.fence, p.claimed_through
    )
    SELECT i.id, i.key, i.partition, i.kind, i.body, i.tries, i.received_at, i.flow, claimed.fence
    FROM claimed JOIN inbox AS i
      ON i.partition = claimed.id AND i.state = 'pending' AND i.id <= claimed.claimed_through
    ORDER BY i.id
    """  # noqa: S608  # the only thing put in is a constant
).bindparams(*(bindparam(name, type_=Utc()) for name in ("now", "until", "far")))
_CLAIM_ROWS = _CLAIM.columns(*_COLUMNS, _p.fence)
# A row that a unit has locked needs no longer lease, as no other process can claim it before the
# unit ends.
_EXTEND = text(
    """
    UPDATE partitions SET claimed_until = :until WHERE id IN (
        SELECT p.id FROM partitions AS p
        JOIN unnest(:ids, :fences) AS mine (id, fence) ON mine.id = p.id AND mine.fence = p.fence
        FOR UPDATE OF p SKIP LOCKED
    )
    """
).bindparams(
    bindparam("until", type_=Utc()),
    bindparam("ids", type_=_NUMBERS),
    bindparam("fences", type_=_NUMBERS),
)
_RELEASE = (
    update(partitions)
    .where(_p.id == bindparam("partition_"), _p.fence == bindparam("fence_"))
    .values(claimed_until=None)
)
# Numbers alone stand in it, so it can begin a transaction, which takes no parameters.
_LOCK_PARTITION = "SELECT id FROM partitions WHERE id = {:d} AND fence = {:d} FOR SHARE"
_LOCK_JOB = (
    select(jobs.c.id)
    .where(jobs.c.id == bindparam("job"), jobs.c.fence == bindparam("fence_"))
    .with_for_update(read=True)
)


_LOCK_PARTITIONS = (
    select(_p.id)
    .where(_p.id.in_((bindparam("one"), bindparam("other"))))
    .order_by(_p.id)
    .with_for_update()
)


class Claims(Protocol):
    """Claims of a database's inbox, and what a unit of work must check of a claim."""

    async def claim(
        self, *, now: datetime, partitions: int, lease_seconds: float
    ) -> list[Delivery]:
        """Claim due messages; see `Inbox.claim`."""

    async def extend(
        self, deliveries: Sequence[Delivery], *, now: datetime, lease_seconds: float
    ) -> None:
        """Lengthen leases; see `Inbox.extend`."""

    async def release(self, deliveries: Sequence[Delivery]) -> None:
        """Give claims up; see `Inbox.release`."""

    def guard(self, transaction: Transaction, claim: Delivery | Job) -> None:
        """Begin a transaction that nobody may overtake; its first step raises `ClaimLostError`."""

    def check(self, connection: Connection, delivery: Delivery) -> None:
        """Raise `ClaimLostError` unless the delivery's claim is the newest."""

    def free(self, connection: Connection, delivery: Delivery) -> None:
        """Free the delivery's partition in this transaction."""

    def close(self, delivery: Delivery) -> None:
        """Note that a commit handled or parked the delivery."""

    def give_up(self, delivery: Delivery) -> None:
        """Note that a commit freed the delivery's partition."""


@dataclass(frozen=True, slots=True)
class LocalClaims:
    """Claims of the one worker process of a SQLite file."""

    backend: Backend
    held: PartitionClaims = field(default_factory=PartitionClaims)

    async def claim(
        self, *, now: datetime, partitions: int, lease_seconds: float
    ) -> list[Delivery]:
        """Claim due messages; see `Inbox.claim`."""
        claimed = "[" + ",".join(map(str, self.held.claimed(now))) + "]"
        where = {"now": now, "far": now + CLOCK_STEP, "rows": SCAN_ROWS, "claimed": claimed}
        found: dict[int, list[AnyRow]] = {}
        for row in await self.backend.read_queue(lambda c: fetch(c, _PENDING, where)):
            if row.partition in found or len(found) < partitions:
                found.setdefault(row.partition, []).append(row)
        until = now + timedelta(seconds=lease_seconds)
        deliveries: list[Delivery] = []
        for partition, rows in found.items():
            few = rows[:PER_PARTITION]
            fence = self.held.claim(partition, (row.id for row in few), until)
            deliveries += [_delivery(row, fence) for row in few]
        return sorted(deliveries, key=lambda delivery: delivery.id)

    async def extend(
        self, deliveries: Sequence[Delivery], *, now: datetime, lease_seconds: float
    ) -> None:
        """Lengthen leases; see `Inbox.extend`."""
        for delivery in deliveries:
            self.held.extend(delivery, now, lease_seconds)

    async def release(self, deliveries: Sequence[Delivery]) -> None:
        """Give claims up; see `Inbox.release`."""
        for delivery in deliveries:
            self.held.release(delivery)

    def guard(self, transaction: Transaction, claim: Delivery | Job) -> None:
        """Begin a transaction that nobody may overtake; see `Claims.guard`."""
        if isinstance(claim, Job):
            transaction.begin_with(lambda connection: lock_job(connection, claim))
        else:
            transaction.begin_with(lambda connection: self.check(connection, claim))

    def check(self, connection: Connection, delivery: Delivery) -> None:
        """Raise `ClaimLostError` unless the delivery's claim is the newest."""
        _ = connection
        if not self.held.holds(delivery):
            raise ClaimLostError("claim_lost")

    def free(self, connection: Connection, delivery: Delivery) -> None:
        """Do nothing, because `give_up` frees the partition after the commit."""

    def close(self, delivery: Delivery) -> None:
        """Note that a commit handled or parked the delivery."""
        self.held.close(delivery)

    def give_up(self, delivery: Delivery) -> None:
        """Note that a commit freed the delivery's partition."""
        self.held.release(delivery)


@dataclass(frozen=True, slots=True)
class SharedClaims:
    """Claims of many worker processes on one PostgreSQL."""

    backend: Backend

    async def claim(
        self, *, now: datetime, partitions: int, lease_seconds: float
    ) -> list[Delivery]:
        """Claim due messages; see `Inbox.claim`."""
        until = now + timedelta(seconds=lease_seconds)
        values = {"now": now, "until": until, "far": now + CLOCK_STEP, "partitions": partitions}
        rows = await self.backend.write_relaxed(lambda c: fetch(c, _CLAIM_ROWS, values, alone=True))
        return [_delivery(row, row.fence) for row in rows]

    async def extend(
        self, deliveries: Sequence[Delivery], *, now: datetime, lease_seconds: float
    ) -> None:
        """Lengthen leases; see `Inbox.extend`."""
        fences = _fences(deliveries)
        values = {
            "until": now + timedelta(seconds=lease_seconds),
            "ids": list(fences),
            "fences": list(fences.values()),
        }
        if fences:
            await self.backend.write_relaxed(lambda c: c.execute(_EXTEND, values))

    async def release(self, deliveries: Sequence[Delivery]) -> None:
        """Give claims up; see `Inbox.release`."""

        def release(connection: Connection) -> None:
            for delivery in {d.inbox_message.partition: d for d in deliveries}.values():
                self.free(connection, delivery)

        if deliveries:
            await self.backend.write_relaxed(release)

    def guard(self, transaction: Transaction, claim: Delivery | Job) -> None:
        """Begin a transaction that nobody may overtake; see `Claims.guard`."""
        if isinstance(claim, Job):
            transaction.begin_with(lambda connection: lock_job(connection, claim))
        else:
            transaction.begin_with(lambda connection: self.check(connection, claim))

    def check(self, connection: Connection, delivery: Delivery) -> None:
        """Lock the delivery's partition; raises `ClaimLostError` unless its claim is the newest."""
        lock = _LOCK_PARTITION.format(delivery.inbox_message.partition, delivery.fence)
        if has_riders(connection):
            found = begin_with(connection, lock)
        else:
            found = len(connection.execute(text(lock)).all())
        if found != 1:
            raise ClaimLostError("claim_lost")

    def free(self, connection: Connection, delivery: Delivery) -> None:
        """Free the delivery's partition in this transaction."""
        where = {"partition_": delivery.inbox_message.partition, "fence_": delivery.fence}
        change(connection, _RELEASE, where)

    def close(self, delivery: Delivery) -> None:
        """Do nothing, because the rows hold the claims."""

    def give_up(self, delivery: Delivery) -> None:
        """Do nothing, because `free` did it in the commit."""


def lock_job(connection: Connection, job: Job) -> None:
    """Keep others from claiming the job before the transaction ends; raises `ClaimLostError`."""
    where = {"job": job.id, "fence_": job.fence}
    if fetch_value(connection, _LOCK_JOB, where) is None:
        raise ClaimLostError("claim_lost")


def wait_for_partitions(connection: Connection, one: int, other: int) -> None:
    """Wait until no unit works in these two partitions, and keep others out of them.

    For changes to a chat that come from outside of its partition. On SQLite every transaction is
    alone anyway.
    """
    if connection.dialect.name != "sqlite":
        fetch(connection, _LOCK_PARTITIONS, {"one": one, "other": other})


def _fences(deliveries: Sequence[Delivery]) -> dict[int, int]:
    return {each.inbox_message.partition: each.fence for each in deliveries}


def _delivery(row: AnyRow, fence: int) -> Delivery:
    inbox_message = InboxMessage(row.key, row.partition, row.body, row.kind, row.flow or "")
    return Delivery(row.id, inbox_message, row.tries, row.received_at, fence)
