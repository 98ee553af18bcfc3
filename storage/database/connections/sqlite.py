"""SQLite: one connection that writes (see `writer`), and a few that only read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.engine import URL

from storage.database.connections.backend import Transaction
from storage.database.connections.engine import build_sqlite_engine
from storage.database.connections.thread import ConnectionThread
from storage.database.connections.writer import SqliteTransaction, Writer, waited

T = TypeVar("T")

READERS = 3
"""Threads that look while the writer writes."""


class SqliteBackend:
    """A database file. Built inside a running loop; see `open`."""

    def __init__(self, url: URL) -> None:
        self._writer = Writer(url)
        self._readers = [Reader(url, number) for number in range(READERS)]
        self._idle: asyncio.Queue[Reader] = asyncio.Queue()
        for reader in self._readers:
            self._idle.put_nowait(reader)

    async def open(self) -> None:
        """Connect the writer, so that a wrong file stops the start and not the first update."""
        await self._writer.connect()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Transaction]:
        """Open a transaction; there is one writer, so each is alone from its first statement."""
        turn = SqliteTransaction(self._writer)
        try:
            yield turn
        finally:
            turn.rollback()

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run one piece of work in a transaction of its own (its commit may be shared)."""
        async with self.begin() as turn:
            return await turn.commit(work)

    async def write_relaxed(self, work: Callable[[Connection], T]) -> T:
        """Run one piece of work before all that wait; see `Backend`."""
        if self._writer.is_busy:
            # Many messages are under way: sharing a commit is what keeps up with them.
            return await self.write(work)
        return await self._writer.write_ahead_of_queue(work)

    async def read(self, look: Callable[[Connection], T]) -> T:
        """Look at a snapshot in a reader's thread."""
        reader = await self._idle.get()
        future = reader.look(look)
        # The reader is free when its thread is, even if the waiter went away before.
        future.add_done_callback(lambda _: self._idle.put_nowait(reader))
        return await waited(future)

    @asynccontextmanager
    async def leader(self, name: str) -> AsyncIterator[Callable[[], Awaitable[bool]]]:
        """Lead always: one process at a time has a SQLite file."""
        _ = name

        async def is_leader() -> bool:
            return True

        yield is_leader

    async def close(self) -> None:
        """Finish what is queued, close the file."""
        for reader in self._readers:
            await reader.close()
        await self._writer.close()


class Reader:
    """A connection that can only read, in a thread of its own; opened with the first look."""

    def __init__(self, url: URL, number: int) -> None:
        self._engine = build_sqlite_engine(url, read_only=True)
        self._thread = ConnectionThread(f"kvitto-reader-{number}")
        self._connection: Connection | None = None

    def look(self, look: Callable[[Connection], T]) -> asyncio.Future[T]:
        """Queue a look."""
        return self._thread.submit(partial(self._look, look))

    async def close(self) -> None:
        """Close the connection, end the thread."""

        def close() -> None:
            if self._connection is not None:
                self._connection.close()
            self._engine.dispose()

        await self._thread.submit(close)
        await self._thread.close()

    def _look(self, look: Callable[[Connection], T]) -> T:
        if self._connection is None:
            self._connection = self._engine.connect()
        driver: Any = self._connection.connection.dbapi_connection
        driver.execute("BEGIN")
        try:
            return look(self._connection)
        finally:
            driver.execute("ROLLBACK")
