"""Units of work: what a unit collects, and the last hop that makes it all true together."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, bindparam, update

from ledger.errors import AlreadyHandledError
from ports.messages import Outgoing
from ports.queue import Delivery, NewJob
from ports.repositories import Repositories
from storage.database.connections.backend import Backend, Transaction
from storage.database.connections.prepared import change, change_many
from storage.database.queues.envelopes import post
from storage.database.repositories.all import SqlRepositories
from storage.database.tables import PENDING, inbox, jobs
from storage.database.upsert import insert

T = TypeVar("T")

_HANDLED = (
    update(inbox)
    .where(inbox.c.id == bindparam("arrival"), inbox.c.state == PENDING)
    .values(state="done", body=None, error=None, due_at=None, closed_at=bindparam("now"))
)
_START = insert(jobs).on_conflict_do_nothing(index_elements=["key"])


@dataclass(slots=True)
class SqlUnit:
    """`ports.units.UnitOfWork` over a transaction."""

    transaction: Transaction
    now: datetime
    outgoing: list[Outgoing] = field(default_factory=list)
    jobs: list[NewJob] = field(default_factory=list)
    inbox_message: int | None = None
    touched: bool = False

    async def run(self, work: Callable[[Repositories], T]) -> T:
        """Run plain code against the books."""
        self.touched = True
        return await self.transaction.run(lambda connection: work(SqlRepositories(connection)))

    def send(self, outgoing: Outgoing) -> None:
        """Queue a message for this unit's commit."""
        self.outgoing.append(outgoing)

    def start(self, job: NewJob) -> None:
        """Queue work for this unit's commit."""
        self.jobs.append(job)

    def handled(self, delivery: Delivery) -> None:
        """Mark the arrival that this unit handles."""
        self.inbox_message = delivery.id

    @property
    def empty(self) -> bool:
        """Whether there is nothing to commit."""
        return not (self.touched or self.outgoing or self.jobs or self.inbox_message is not None)

    def finish(self, connection: Connection) -> None:
        """Write what the unit collected. Raises `AlreadyHandledError`."""
        if self.inbox_message is not None:
            marked = change(connection, _HANDLED, {"arrival": self.inbox_message, "now": self.now})
            if marked != 1:
                raise AlreadyHandledError("already_handled")
        for outgoing in self.outgoing:
            self.jobs += post(connection, outgoing, self.now)
        if self.jobs:
            change_many(connection, _START, [_job(job, self.now) for job in self.jobs])


@dataclass(frozen=True, slots=True)
class SqlUnits:
    """`ports.units.UnitOfWorkFactory` over a database."""

    backend: Backend

    @asynccontextmanager
    async def open(self, *, now: datetime, lane: int | None = None) -> AsyncIterator[SqlUnit]:
        """Open a unit: committed when the block ends, rolled back when it raises."""
        async with self.backend.begin(lane=lane) as transaction:
            unit = SqlUnit(transaction, now)
            yield unit
            if not unit.empty:
                await transaction.commit(unit.finish)

    async def read(self, look: Callable[[Repositories], T]) -> T:
        """Run a read-only look at one consistent snapshot."""
        return await self.backend.read(lambda connection: look(SqlRepositories(connection)))


def _job(job: NewJob, now: datetime) -> dict[str, Any]:
    return {
        "key": job.key,
        "kind": job.kind,
        "values": job.values,
        "lane": job.lane,
        "due_at": job.due_at or now,
    }
