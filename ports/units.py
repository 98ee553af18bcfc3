"""Declare the unit of work, one transaction for one update or event.

The worker opens a unit for a delivery, a handler runs services inside it, the worker commits:
effects, outgoing messages, jobs and the inbox mark become true together or not at all. Services and
handlers never commit.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from ports.messages import Outgoing
from ports.outbox import Queued
from ports.queue import Delivery, Job, NewJob
from ports.repositories import Repositories

T = TypeVar("T")


class UnitOfWork(Protocol):
    """An open transaction."""

    async def run(self, work: Callable[[Repositories], T]) -> T:
        """Run plain, synchronous code against the repositories.

        On SQLite it runs in the writer thread, one hop for all its statements; on PostgreSQL in
        the connection's greenlet. It must not block on anything but the database.
        """

    def send(self, outgoing: Outgoing) -> None:
        """Queue a message; it becomes an outbox row in this unit's commit."""

    def start(self, job: NewJob) -> None:
        """Queue work that needs a network or time; it becomes a job row in this unit's commit."""


@dataclass(frozen=True, slots=True)
class Committed:
    """The work that a committed unit left to the sender and the jobs."""

    messages: tuple[Queued, ...] = ()
    """Messages that the sender need not read from the outbox again."""
    sends: bool = False
    starts: bool = False


class UnitOfWorkFactory(Protocol):
    """Opens transactions and read-only snapshots."""

    @property
    def side_by_side(self) -> int:
        """Return how many units of a worker are worth having under way at the same time."""

    def open(
        self, *, now: datetime, claim: Delivery | Job | None = None
    ) -> AbstractAsyncContextManager[UnitOfWork]:
        """Open a unit that is committed when the block ends, and rolled back when it raises.

        With a claim the unit works for it: nobody else can claim the same thing before the unit
        ends, and a delivery is marked as handled in the commit. `now` is the time of the unit's
        outbox rows, keyboards and jobs.

        Raises (the first `run` or the commit):
            ClaimLostError: It was handled before, or the lease ended and another process has it.
            UnavailableError: the database does not answer, or could not commit.
        """

    async def complete(
        self, work: Callable[[UnitOfWork], Awaitable[None]], *, now: datetime, claim: Delivery
    ) -> Committed:
        """Open a unit, do its work and commit, all in one step where the connection lives.

        For a delivery's handler, which may wait for nothing but its unit. An error of the work
        rolls the unit back. Otherwise as `open`.
        """

    async def write(
        self, work: Callable[[Repositories], T], *, claim: Delivery | Job | None = None
    ) -> T:
        """Run plain code in a unit of its own and commit, all in one step.

        For long work in many small units: between its statements nobody waits for the event loop.
        Otherwise as `open`.
        """

    async def read(self, work: Callable[[Repositories], T]) -> T:
        """Run read-only code outside the writer; it sees one consistent snapshot.

        It may take its time (an export). It must not call methods that lock (`get_…`, `get`).
        """
