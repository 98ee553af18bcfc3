"""The unit of work: one update or event, one transaction.

The worker opens a unit, a door runs services inside it, the worker commits: effects, outgoing
messages, jobs and the inbox mark become true together or not at all. Services and doors never
commit.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol, TypeVar

from ports.messages import Outgoing
from ports.queue import Delivery, NewJob
from ports.repositories import Repositories

T = TypeVar("T")


class UnitOfWork(Protocol):
    """An open transaction."""

    async def run(self, work: Callable[[Repositories], T]) -> T:
        """Run plain, synchronous code against the books.

        On SQLite it runs in the writer thread, one hop for all its statements; on PostgreSQL in
        the connection's greenlet. It must not block on anything but the database.
        """

    def send(self, outgoing: Outgoing) -> None:
        """Queue a message; it becomes an outbox row in this unit's commit."""

    def start(self, job: NewJob) -> None:
        """Queue work that needs a network or time; it becomes a job row in this unit's commit."""

    def handled(self, delivery: Delivery) -> None:
        """Mark the arrival that this unit handles; its body is blanked in the unit's commit.

        When it was marked before, the unit is rolled back and ends with `AlreadyHandledError`.
        """


class UnitOfWorkFactory(Protocol):
    """Opens transactions and read-only looks."""

    def open(
        self, *, now: datetime, lane: int | None = None
    ) -> AbstractAsyncContextManager[UnitOfWork]:
        """Open a unit: committed when the block ends, rolled back when it raises.

        With a lane (a chat id) the unit is the only one of that lane over all processes. `now` is
        the time of its outbox rows, keyboards and jobs.

        Raises:
            LaneBusyError: another process works in the lane; try again a moment later.
            UnavailableError: the database is away, or could not commit.
        """

    async def read(self, look: Callable[[Repositories], T]) -> T:
        """Run a read-only look outside the writer; it sees one consistent snapshot.

        A look may take its time (an export). It must not call methods that lock (`get_…`, `get`).
        """
