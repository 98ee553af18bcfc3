"""A unit of work that remembers whose queues it filled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from ports.messages import Outgoing
from ports.queue import NewJob
from ports.repositories import Repositories
from ports.units import UnitOfWork

T = TypeVar("T")


@dataclass(slots=True)
class WatchedUnit:
    """Remembers whether messages or jobs were queued, to wake the part that waits for them."""

    unit: UnitOfWork
    sends: bool = False
    starts: bool = False

    async def run(self, work: Callable[[Repositories], T]) -> T:
        """Run plain code against the repositories."""
        return await self.unit.run(work)

    def send(self, outgoing: Outgoing) -> None:
        """Queue a message."""
        self.sends = True
        self.unit.send(outgoing)

    def start(self, job: NewJob) -> None:
        """Queue a job."""
        self.starts = True
        self.unit.start(job)
