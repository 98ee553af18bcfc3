"""Bound how many messages leave at the same moment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

LEAVING_MAX = 8
"""Messages that leave together. A commit on SQLite brings up to 32 at once, and a killed process repeats each
message whose answer it has not read."""
LEAVING_SECONDS = 0.004
"""Seconds after which a message without an answer makes room for the next. Telegram's answers take longer, so
this lets 2000 messages a second leave."""


class Bursts:
    """Lets messages leave one burst after the other."""

    def __init__(self) -> None:
        self._room = asyncio.Semaphore(LEAVING_MAX)

    @asynccontextmanager
    async def leaving(self) -> AsyncIterator[None]:
        """Wait for room; keep it for the length of the block, and for `LEAVING_SECONDS` at most."""
        await self._room.acquire()
        is_kept = True

        def make_room() -> None:
            nonlocal is_kept
            if is_kept:
                is_kept = False
                self._room.release()

        timer = asyncio.get_running_loop().call_later(LEAVING_SECONDS, make_room)
        try:
            yield
        finally:
            timer.cancel()
            make_room()
