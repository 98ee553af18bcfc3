"""Wake the parts of an installation that have something to do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field


class Wake(asyncio.Event):
    """An event that is also announced to other processes, where the part it wakes is in those."""

    announce: Callable[[], None] | None = None

    def set(self) -> None:
        """Wake the part here, and those elsewhere."""
        super().set()
        if self.announce is not None:
            self.announce()

    def hear(self) -> None:
        """Wake the part here for another process."""
        super().set()


@dataclass(slots=True)
class WakeEvents:
    """Events by which the parts tell each other that there is something to do."""

    worker: Wake = field(default_factory=Wake)
    sender: Wake = field(default_factory=Wake)
    jobs: Wake = field(default_factory=Wake)

    def all(self) -> None:
        """Let every part look for work, after a commit that a request made."""
        self.worker.set()
        self.sender.set()
        self.jobs.set()

    def hear(self, name: str) -> None:
        """Wake a part for another process; names of newer releases mean nothing here."""
        found = {"worker": self.worker, "sender": self.sender}.get(name)
        if found is not None:
            found.hear()
