"""Carry wakes between the processes of one PostgreSQL, by NOTIFY.

Without them another process sees new rows at its next poll, half a second later at most; so a lost
wake costs nothing but that. A commit with a NOTIFY takes a lock of the whole server, and each wake
makes every process look, therefore wakes are never part of a unit and are gathered: the first goes
out at once, those of the next `PAUSE_SECONDS` together.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from storage.database.connections.backend import translated

CHANNEL = "kvitto_wakes"
PAUSE_SECONDS = 0.05
RECONNECT_SECONDS = 1.0


class SharedWakes:
    """Announces names to the other processes, and calls `hear` with theirs."""

    def __init__(self, connect: Callable[[], Awaitable[Any]], hear: Callable[[str], None]) -> None:
        """`connect` takes a connection of a pool, which is never given back."""
        self._connect = connect
        self._hear = hear
        self._names: set[str] = set()
        self._due = asyncio.Event()

    def announce(self, name: str) -> None:
        """Tell the other processes soon; never waits, never fails."""
        self._names.add(name)
        self._due.set()

    async def run(self) -> None:
        """Carry wakes until it is cancelled; a lost connection is replaced."""
        while True:
            try:
                await self._carry()
            except Exception as error:
                known = isinstance(error, (SQLAlchemyError, OSError))
                if not known and translated(error) is error:
                    raise
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _carry(self) -> None:
        pooled = await self._connect()
        try:
            driver = pooled.driver_connection
            driver.add_termination_listener(lambda _: self._due.set())
            await driver.add_listener(CHANNEL, self._on_notify)
            while not driver.is_closed():
                await self._due.wait()
                self._due.clear()
                names, self._names = self._names, set()
                for name in names:
                    await driver.fetchval("SELECT pg_notify($1, $2)", CHANNEL, name)
                await asyncio.sleep(PAUSE_SECONDS)
        finally:
            pooled.invalidate()

    def _on_notify(self, driver: Any, sender: int, channel: str, name: str) -> None:  # noqa: ANN401 -- asyncpg's
        _ = channel
        # A process gets its own as well.
        if sender != driver.get_server_pid():
            self._hear(name)
