"""Order the turns at the one writer, with a way past the queue for short writes."""

from __future__ import annotations

import asyncio
from collections import deque
from itertools import chain


class PriorityLock:
    """A lock of the event loop with two queues; `ahead` is served before the other."""

    __slots__ = ("_ahead", "_held", "_queue")

    def __init__(self) -> None:
        self._held = False
        self._ahead: deque[asyncio.Future[None]] = deque()
        self._queue: deque[asyncio.Future[None]] = deque()

    @property
    def is_wanted(self) -> bool:
        """Return whether anybody waits."""
        # No copy of the queues: this is asked at every commit, and the first in line decides it.
        return any(not each.done() for each in chain(self._ahead, self._queue))

    async def acquire(self, *, ahead: bool = False) -> None:
        """Wait for the turn."""
        if not self._held:
            self._held = True
            return
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue = self._ahead if ahead else self._queue
        queue.append(mine)
        try:
            await mine
        except asyncio.CancelledError:
            if not mine.cancelled():
                # The turn had come already: the next one gets it.
                self.release()
            elif mine in queue:
                # A release in the same turn of the loop may have taken it out before.
                queue.remove(mine)
            raise

    def release(self) -> None:
        """Give the turn on."""
        for queue in (self._ahead, self._queue):
            while queue:
                waiter = queue.popleft()
                if not waiter.done():
                    waiter.set_result(None)
                    return
        self._held = False
