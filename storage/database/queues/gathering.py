"""Store messages that arrive at once in one commit, so that a burst of webhook posts costs few of them.

An add leaves at once when none is under way; those that come meanwhile, and a moment after, leave together.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ledger.errors import UnavailableError
from ports.queue import InboxMessage
from storage.database.connections.backend import Backend
from storage.database.queues.arrivals import add_groups

GROUPS_MAX = 100
"""Adds that share a commit."""
GATHER_SECONDS = 0.003
"""Seconds after a commit of several adds in which later ones gather for the next: answered posts bring the next
ones, which would leave one by one where other processes keep them from coming together."""


@dataclass(slots=True)
class _Adding:
    """One add, and the future of whoever waits for its count."""

    messages: Sequence[InboxMessage]
    now: datetime
    done: asyncio.Future[int]


@dataclass(slots=True)
class Gatherer:
    """Gathers adds; one commit is under way at a time, which keeps each chat's order."""

    backend: Backend
    _waiting: list[_Adding] = field(default_factory=list)
    _storing: asyncio.Task[None] | None = None

    async def add(self, messages: Sequence[InboxMessage], now: datetime) -> int:
        """Store messages; return how many were new once they are durable.

        Raises:
            UnavailableError: they are not stored.
        """
        done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Adding(messages, now, done))
        if self._storing is None:
            self._storing = asyncio.create_task(self._store_all(), name="inbox adds")
        return await done

    async def _store_all(self) -> None:
        try:
            while self._waiting:
                batch = self._waiting[:GROUPS_MAX]
                del self._waiting[:GROUPS_MAX]
                await self._store(batch)
                # One add alone shows that there is no load.
                if len(batch) > 1:
                    await asyncio.sleep(GATHER_SECONDS)
        finally:
            self._storing = None

    async def _store(self, batch: Sequence[_Adding]) -> None:
        groups, now = [adding.messages for adding in batch], batch[0].now
        try:
            counts = await self.backend.write(lambda c: add_groups(c, groups, now))
        except Exception as error:  # noqa: BLE001  # it belongs to the waiters
            if len(batch) > 1 and not isinstance(error, UnavailableError):
                # One of them may be what no database takes; the others must not share its error.
                for adding in batch:
                    await self._store([adding])
                return
            for adding in batch:
                if not adding.done.done():
                    adding.done.set_exception(error)
            return
        for adding, count in zip(batch, counts, strict=True):
            if not adding.done.done():
                adding.done.set_result(count)
