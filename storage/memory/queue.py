"""Keep a queue in memory, as the plug of `ports.queue` without a file or a server.

It forgets everything with the process, so it serves tests, and shows how little a plug needs.
"""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar, cast

from ledger.errors import ClaimLostError, NotFoundError
from ports.messages import Outgoing
from ports.queue import CLOCK_STEP, DeadLetter, Delivery, InboxMessage, Job, NewJob
from ports.repositories import Repositories
from ports.telemetry.flows import current_flow
from ports.units import Committed, UnitOfWork
from storage.memory.claims import PartitionClaims

T = TypeVar("T")

PER_PARTITION = 20
"""Messages of one partition that are claimed at once."""
_AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class _Row:
    """An inbox message with its state."""

    id: int
    message: InboxMessage
    received_at: datetime
    tries: int = 0
    due_at: datetime | None = None
    dead: DeadLetter | None = None


@dataclass(slots=True)
class MemoryInbox:
    """`ports.queue.Inbox` in memory."""

    claims: PartitionClaims = field(default_factory=PartitionClaims)
    rows: dict[int, _Row] = field(default_factory=dict)
    """Messages that are not handled, in the order of message."""
    keys: set[str] = field(default_factory=set)
    next_offset: int = 0
    _ids: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    async def add(
        self, inbox_messages: Sequence[InboxMessage], *, now: datetime, offset: int | None = None
    ) -> int:
        """Store messages and the polling offset; return how many were new."""
        new = 0
        for message in inbox_messages:
            if message.key not in self.keys:
                self.keys.add(message.key)
                row = _Row(next(self._ids), message, now)
                self.rows[row.id] = row
                new += 1
        self.next_offset = self.next_offset if offset is None else offset
        return new

    async def offset(self) -> int:
        """Return the next polling offset, 0 at first."""
        return self.next_offset

    async def claim(
        self, *, now: datetime, partitions: int, lease_seconds: float
    ) -> list[Delivery]:
        """Claim due messages of at most so many partitions, in the order of message."""
        held = set(self.claims.claimed(now))
        found: dict[int, list[_Row]] = {}
        for row in self.rows.values():
            if row.dead is None and row.message.partition not in held:
                found.setdefault(row.message.partition, []).append(row)
        # A partition waits for its first message, or a retry would change the order of a chat.
        due = [rows for rows in found.values() if _is_over(rows[0].due_at, now)]
        until = now + timedelta(seconds=lease_seconds)
        deliveries: list[Delivery] = []
        for rows in due[:partitions]:
            few = rows[:PER_PARTITION]
            fence = self.claims.claim(few[0].message.partition, (row.id for row in few), until)
            deliveries += [
                Delivery(row.id, row.message, row.tries, row.received_at, fence) for row in few
            ]
        return sorted(deliveries, key=lambda delivery: delivery.id)

    async def extend(
        self, deliveries: Sequence[Delivery], *, now: datetime, lease_seconds: float
    ) -> None:
        """Let the leases of these deliveries end so many seconds from now."""
        for delivery in deliveries:
            self.claims.extend(delivery, now, lease_seconds)

    async def release(self, deliveries: Sequence[Delivery]) -> None:
        """Give deliveries back that were not handled."""
        for delivery in deliveries:
            self.claims.release(delivery)

    async def failed(
        self, delivery: Delivery, *, error: str, retry_at: datetime | None, now: datetime
    ) -> None:
        """Count a failed try; without `retry_at` the message is parked as a dead letter."""
        if not self.claims.holds(delivery):
            return
        row = self.rows[delivery.id]
        row.tries += 1
        row.due_at = retry_at
        if retry_at is None:
            message = row.message
            row.dead = DeadLetter(
                f"inbox:{row.id}", message.partition, message.kind, row.tries, error, now
            )
            self.claims.close(delivery)
        else:
            self.claims.release(delivery)

    async def count(self) -> int:
        """Return how many messages wait or are claimed."""
        return sum(row.dead is None for row in self.rows.values())

    def handle(self, delivery: Delivery) -> None:
        """Note that a delivery was handled. Raises `ClaimLostError`."""
        if not self.claims.holds(delivery):
            raise ClaimLostError("claim_lost")
        del self.rows[delivery.id]
        self.claims.close(delivery)


@dataclass(slots=True)
class _JobRow:
    job: Job
    due_at: datetime
    failed_at: datetime | None = None
    dead: DeadLetter | None = None

    def is_due(self, now: datetime) -> bool:
        """Return whether it may run; one that failed in the future did so under another clock."""
        return self.due_at <= now or (self.failed_at is not None and self.failed_at > now)


@dataclass(slots=True)
class MemoryJobs:
    """`ports.queue.Jobs` in memory."""

    inbox: MemoryInbox
    rows: dict[int, _JobRow] = field(default_factory=dict)
    _ids: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def add(self, new: NewJob) -> None:
        """Store a job unless its key is known."""
        if not any(row.job.key == new.key for row in self.rows.values()):
            due_at = new.due_at or _AT_ONCE
            job = Job(next(self._ids), new.key, new.kind, new.values, new.partition, 0, _AT_ONCE)
            self.rows[job.id] = _JobRow(replace(job, flow=current_flow()), due_at)

    async def claim(
        self, *, now: datetime, room: Callable[[str], int], lease_seconds: float
    ) -> list[Job]:
        """Claim due jobs, oldest first; of each kind at most `room(kind)`."""
        free = [
            row
            for row in self.rows.values()
            if row.dead is None and row.is_due(now) and _is_over(row.job.claimed_until, now)
        ]
        claimed: list[Job] = []
        for row in sorted(free, key=lambda row: (row.due_at, row.job.id)):
            kind = row.job.kind
            if sum(job.kind == kind for job in claimed) < room(kind):
                until = now + timedelta(seconds=lease_seconds)
                row.job = replace(row.job, claimed_until=until, fence=row.job.fence + 1)
                claimed.append(row.job)
        return claimed

    async def extend(self, job: Job, *, now: datetime, lease_seconds: float) -> None:
        """Let the lease end so many seconds from now. Raises `ClaimLostError`."""
        row = self.mine(job)
        row.job = replace(row.job, claimed_until=now + timedelta(seconds=lease_seconds))

    async def done(self, job: Job, *, event: str | None, now: datetime) -> None:
        """Remove the job and put its event into its partition."""
        self.mine(job)
        del self.rows[job.id]
        await self._tell(job, event, now)

    async def failed(
        self, job: Job, *, error: str, retry_at: datetime | None, event: str | None, now: datetime
    ) -> None:
        """Count a failed try; without `retry_at` the job is parked, and `event` is delivered."""
        row = self.mine(job)
        row.job = replace(row.job, tries=job.tries + 1, claimed_until=_AT_ONCE)
        row.due_at, row.failed_at = retry_at or row.due_at, now
        if retry_at is None:
            row.dead = DeadLetter(
                f"job:{job.id}", job.partition, job.kind, row.job.tries, error, now
            )
        await self._tell(job, event, now)

    async def count(self) -> int:
        """Return how many jobs wait or are claimed."""
        return sum(row.dead is None for row in self.rows.values())

    def mine(self, job: Job) -> _JobRow:
        """Return the row of a job whose claim is the newest. Raises `ClaimLostError`."""
        row = self.rows.get(job.id)
        if row is None or row.dead or row.job.fence != job.fence:
            raise ClaimLostError("claim_lost")
        return row

    async def _tell(self, job: Job, event: str | None, now: datetime) -> None:
        if event is not None and job.partition is not None:
            # Events of one job differ by the fence of the claim that told them.
            key = f"j{job.id}.{job.fence}"
            await self.inbox.add(
                [InboxMessage(key, job.partition, event, "event", job.flow_name)], now=now
            )


@dataclass(frozen=True, slots=True)
class MemoryDeadLetters:
    """`ports.queue.DeadLetters` in memory."""

    inbox: MemoryInbox
    jobs: MemoryJobs

    async def list_all(self, limit: int) -> list[DeadLetter]:
        """Return dead letters, inbox messages before jobs, oldest first."""
        rows: list[_Row | _JobRow] = [*self.inbox.rows.values(), *self.jobs.rows.values()]
        return [row.dead for row in rows if row.dead is not None][:limit]

    async def retry(self, letter_id: str, *, now: datetime) -> None:
        """Put one back into its queue with all its tries."""
        row = self._find(letter_id)
        row.dead = None
        if isinstance(row, _Row):
            row.tries, row.due_at = 0, None
        else:
            row.job, row.due_at = replace(row.job, tries=0), now

    async def drop(self, letter_id: str) -> None:
        """Remove one together with its body."""
        row = self._find(letter_id)
        if isinstance(row, _Row):
            del self.inbox.rows[row.id]
        else:
            del self.jobs.rows[row.job.id]

    def _find(self, letter_id: str) -> _Row | _JobRow:
        rows: list[_Row | _JobRow] = [*self.inbox.rows.values(), *self.jobs.rows.values()]
        for row in rows:
            if row.dead is not None and row.dead.id == letter_id:
                return row
        raise NotFoundError("no_dead_letter")


@dataclass(slots=True)
class MemoryUnit:
    """A unit of work over the queues alone, without repositories."""

    outgoing: list[Outgoing] = field(default_factory=list)
    jobs: list[NewJob] = field(default_factory=list)

    async def run(self, work: Callable[[Repositories], T]) -> T:
        """Run plain code; it must not ask the repositories for anything."""
        return work(cast("Repositories", None))

    def send(self, outgoing: Outgoing) -> None:
        """Queue a message for this unit's commit."""
        self.outgoing.append(outgoing)

    def start(self, job: NewJob) -> None:
        """Queue work for this unit's commit."""
        self.jobs.append(job)


@dataclass(slots=True)
class MemoryQueue:
    """Inbox, jobs, dead letters and units that share a memory."""

    inbox: MemoryInbox = field(default_factory=MemoryInbox)
    jobs: MemoryJobs = field(init=False)
    dead_letters: MemoryDeadLetters = field(init=False)
    sent: list[Outgoing] = field(default_factory=list)
    """Messages of committed units."""
    side_by_side: int = 8

    def __post_init__(self) -> None:
        """Build the parts that use the inbox."""
        self.jobs = MemoryJobs(self.inbox)
        self.dead_letters = MemoryDeadLetters(self.inbox, self.jobs)

    @property
    def units(self) -> MemoryQueue:
        """Return the factory of units, which is the queue itself."""
        return self

    @asynccontextmanager
    async def open(
        self, *, now: datetime, claim: Delivery | Job | None = None
    ) -> AsyncIterator[MemoryUnit]:
        """Open a unit that is committed when the block ends, and dropped when it raises."""
        _ = now
        self._check(claim)
        unit = MemoryUnit()
        yield unit
        self._check(claim)
        if isinstance(claim, Delivery):
            self.inbox.handle(claim)
        self.sent += unit.outgoing
        for job in unit.jobs:
            self.jobs.add(job)

    async def write(
        self, work: Callable[[Repositories], T], *, claim: Delivery | Job | None = None
    ) -> T:
        """Run code that needs no repositories; see `UnitOfWorkFactory.write`."""
        _ = claim
        return work(cast("Repositories", None))

    async def complete(
        self, work: Callable[[UnitOfWork], Awaitable[None]], *, now: datetime, claim: Delivery
    ) -> Committed:
        """Do a whole unit; see `UnitOfWorkFactory.complete`."""
        async with self.open(now=now, claim=claim) as unit:
            await work(unit)
        return Committed(sends=bool(unit.outgoing), starts=bool(unit.jobs))

    async def read(self, work: Callable[[Repositories], T]) -> T:
        """Run plain code; it must not ask the repositories for anything."""
        return work(cast("Repositories", None))

    def _check(self, claim: Delivery | Job | None) -> None:
        if isinstance(claim, Job):
            self.jobs.mine(claim)
        elif claim is not None and not self.inbox.claims.holds(claim):
            raise ClaimLostError("claim_lost")


def _is_over(until: datetime | None, now: datetime) -> bool:
    """Return whether a wait is over; one that ends far away was made by a clock that was set back."""
    return until is None or until <= now or until > now + CLOCK_STEP
