"""Let each client have a few requests in work at a time, so that one who floods waits for itself.

Requests beyond that wait in a short line of their own; a line that is full is refused. Without it a
hundred requests of one client stand before the next request of everybody else.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

IN_WORK_MAX = 4
"""A page asks for about ten things at once, each of which takes some milliseconds."""
WAITING_MAX = 60


class LineFullError(Exception):
    """Raised when too many requests of one client wait already."""


@dataclass(slots=True)
class _Line:
    """The requests of one client, in work and waiting."""

    turns: asyncio.Semaphore
    count: int = 0


@dataclass(slots=True)
class Turns:
    """The lines of all clients that have a request in work."""

    in_work: int = IN_WORK_MAX
    waiting: int = WAITING_MAX
    _lines: dict[Hashable, _Line] = field(default_factory=dict)

    @asynccontextmanager
    async def take(self, client: Hashable) -> AsyncIterator[None]:
        """Wait for a turn, and give it back when the block ends. Raises `LineFullError`."""
        line = self._lines.get(client)
        if line is None:
            line = self._lines[client] = _Line(asyncio.Semaphore(self.in_work))
        if line.count >= self.in_work + self.waiting:
            raise LineFullError
        line.count += 1
        try:
            async with line.turns:
                yield
        finally:
            line.count -= 1
            if not line.count:
                del self._lines[client]
