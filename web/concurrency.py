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


class TooManyWaitingError(Exception):
    """Raised when too many requests of one client wait already."""


@dataclass(slots=True)
class _Client:
    """The requests of one client, in work and waiting."""

    in_work: asyncio.Semaphore
    count: int = 0


@dataclass(slots=True)
class ConcurrencyLimit:
    """The clients that have a request in work, by any name that tells them apart."""

    in_work: int = IN_WORK_MAX
    waiting: int = WAITING_MAX
    _clients: dict[Hashable, _Client] = field(default_factory=dict)

    @asynccontextmanager
    async def enter(self, client: Hashable) -> AsyncIterator[None]:
        """Wait until there is room for a request of this client, which takes it until the block ends.

        Raises:
            TooManyWaitingError: There is no room to wait either.
        """
        known = self._clients.get(client)
        if known is None:
            known = self._clients[client] = _Client(asyncio.Semaphore(self.in_work))
        if known.count >= self.in_work + self.waiting:
            raise TooManyWaitingError
        known.count += 1
        try:
            async with known.in_work:
                yield
        finally:
            known.count -= 1
            if not known.count:
                del self._clients[client]
