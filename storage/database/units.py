"""Run units of work, whose messages and jobs are all written in the commit."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Protocol, TypeVar

from sqlalchemy import Connection, bindparam, update

from ledger.errors import ClaimLostError
from ports.messages import Outgoing
from ports.outbox import Queued
from ports.queue import Delivery, Job, NewJob
from ports.repositories import Repositories
from ports.telemetry.flows import current_flow
from ports.units import Committed, UnitOfWork
from storage.database.connections.backend import Backend, translated
from storage.database.connections.prepared import change
from storage.database.queues.claims import Claims
from storage.database.queues.envelopes import post
from storage.database.queues.jobs import add_jobs
from storage.database.repositories.all import SqlRepositories
from storage.database.tables import PENDING, inbox

T = TypeVar("T")

_HANDLED = (
    update(inbox)
    .where(inbox.c.id == bindparam("message"), inbox.c.state == PENDING)
    .values(state="done", body=None, error=None, due_at=None, closed_at=bindparam("now"))
)


class Runs(Protocol):
    """The way from a unit to its connection."""

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Run statements."""


@dataclass(frozen=True, slots=True)
class Here:
    """Runs statements at once, for a unit whose work is done where its connection lives."""

    connection: Connection

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Run statements; never suspends."""
        return self.call(work)

    def call(self, work: Callable[[Connection], T]) -> T:
        """Run statements. Raises our error for one of the database."""
        try:
            return work(self.connection)
        except Exception as error:
            ours = translated(error)
            if ours is error:
                raise
            raise ours from error


@dataclass(slots=True)
class SqlUnit:
    """`ports.units.UnitOfWork` over a transaction."""

    transaction: Runs
    now: datetime
    outgoing: list[Outgoing] = field(default_factory=list)
    jobs: list[NewJob] = field(default_factory=list)
    queued: list[Queued] = field(default_factory=list)
    """The rows of the outgoing messages that can be sent; filled by `finish`."""
    handles: Delivery | None = None
    touched: bool = False
    flow: str = field(default_factory=current_flow)
    """The flow of its messages and jobs. Kept here, as the writer's thread has another context."""

    async def run(self, work: Callable[[Repositories], T]) -> T:
        """Run plain code against the repositories."""
        self.touched = True
        return await self.transaction.run(lambda connection: work(SqlRepositories(connection)))

    def send(self, outgoing: Outgoing) -> None:
        """Queue a message for this unit's commit."""
        self.outgoing.append(outgoing)

    def start(self, job: NewJob) -> None:
        """Queue work for this unit's commit."""
        self.jobs.append(job)

    @property
    def empty(self) -> bool:
        """Return whether there is nothing to commit."""
        return not (self.touched or self.outgoing or self.jobs or self.handles)

    def finish(self, connection: Connection) -> None:
        """Write the unit's messages and jobs. Raises `ClaimLostError`."""
        for outgoing in self.outgoing:
            posted = post(connection, outgoing, self.now, self.flow)
            self.jobs += posted.jobs
            if posted.queued is not None:
                self.queued.append(posted.queued)
        if self.jobs:
            add_jobs(connection, self.jobs, self.flow)
        if self.handles is not None:
            values = {"message": self.handles.id, "now": self.now}
            # Last, so that what rides with it on PostgreSQL needs no round trip of its own.
            if change(connection, _HANDLED, values) != 1:
                raise ClaimLostError("claim_lost")


@dataclass(frozen=True, slots=True)
class SqlUnits:
    """`ports.units.UnitOfWorkFactory` over a database."""

    backend: Backend
    claims: Claims

    @property
    def side_by_side(self) -> int:
        """Return how many units are worth having under way; see `UnitOfWorkFactory`."""
        return self.backend.units_side_by_side

    @asynccontextmanager
    async def open(
        self, *, now: datetime, claim: Delivery | Job | None = None
    ) -> AsyncIterator[SqlUnit]:
        """Open a unit that is committed when the block ends, and rolled back when it raises."""
        handles = claim if isinstance(claim, Delivery) else None
        async with self.backend.begin() as transaction:
            if claim is not None:
                self.claims.guard(transaction, claim)
            unit = SqlUnit(transaction, now, handles=handles)
            yield unit
            if claim is not None or not unit.empty:
                await transaction.commit(unit.finish)
        if handles is not None:
            self.claims.close(handles)

    async def complete(
        self, work: Callable[[UnitOfWork], Awaitable[None]], *, now: datetime, claim: Delivery
    ) -> Committed:
        """Do a whole unit in one step; see `UnitOfWorkFactory.complete`."""
        async with self.backend.begin() as transaction:
            self.claims.guard(transaction, claim)
            committed = await transaction.commit(partial(_complete, work, now, claim))
        self.claims.close(claim)
        return committed

    async def write(
        self, work: Callable[[Repositories], T], *, claim: Delivery | Job | None = None
    ) -> T:
        """Run plain code in a unit of its own and commit, all in one step."""
        async with self.backend.begin() as transaction:
            if claim is not None:
                self.claims.guard(transaction, claim)
            return await transaction.commit(partial(_run_here, work))

    async def read(self, work: Callable[[Repositories], T]) -> T:
        """Run read-only code on one consistent snapshot."""
        return await self.backend.read(lambda connection: work(SqlRepositories(connection)))


def _run_here(work: Callable[[Repositories], T], connection: Connection) -> T:
    return Here(connection).call(lambda mine: work(SqlRepositories(mine)))


def _complete(
    work: Callable[[UnitOfWork], Awaitable[None]],
    now: datetime,
    claim: Delivery,
    connection: Connection,
) -> Committed:
    flow = claim.inbox_message.flow_name
    unit = SqlUnit(Here(connection), now, handles=claim, flow=flow)
    _run_to_its_end(work(unit))
    unit.finish(connection)
    return Committed(tuple(unit.queued), bool(unit.outgoing), bool(unit.jobs))


def _run_to_its_end(work: Awaitable[None]) -> None:
    """Run a coroutine outside of any event loop, which works as long as it suspends nowhere.

    Raises:
        RuntimeError: it waited for something else than its unit.
    """
    steps = work.__await__()
    try:
        next(steps)
    except StopIteration:
        return
    steps.close()
    message = "a handler waited for something else than its unit of work"
    raise RuntimeError(message)
