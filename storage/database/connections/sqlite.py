"""Run SQLite with a writing thread, a thread that reads queues, and an engine for reports.

Reports, lists, exports and probes run on SQLAlchemy's async engine over aiosqlite, as they do over
asyncpg on PostgreSQL. There each statement is a hop between threads: a read of one statement takes
350 µs of CPU on a 2-core machine, one of eight 1000 µs. A typed text has eleven statements, so the
hot path keeps threads of its own that run all the statements of a step in one hop (22 and 50 µs).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.engine import URL

from storage.database.connections.engine import (
    build_sqlite_engine,
    build_sqlite_report_engine,
    load_async_engines,
)
from storage.database.connections.session import ReadyConnections, Session
from storage.database.connections.thread import ConnectionThread
from storage.database.connections.writer import (
    COMMIT_UNITS,
    SqliteTransaction,
    Writer,
    waited,
)

T = TypeVar("T")


class SqliteBackend:
    """A database file. Built inside a running loop; see `open`.

    `threads` own its connections; a simulation has some that work in the loop (`bench.vopr`).
    """

    units_side_by_side = COMMIT_UNITS
    """One after the other is written, but all of them share a commit."""

    def __init__(self, url: URL, threads: type[ConnectionThread] = ConnectionThread) -> None:
        self._writer = Writer(url, threads)
        self._queue_reader = Reader(url, threads)
        self._url, self._threads = url, threads
        self._reports: ReadyConnections | None = None
        self._ending: set[asyncio.Task[Any]] = set()

    async def open(self) -> None:
        """Connect the writer, so that a wrong file stops the start and not the first update."""
        await self._writer.connect()

    def begin(self) -> SqliteTransaction:
        """Open a transaction; there is one writer, so each is alone from its first statement."""
        return SqliteTransaction(self._writer)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run one piece of work in a transaction of its own (its commit may be shared)."""
        async with self.begin() as turn:
            return await turn.commit(work)

    async def write_relaxed(self, work: Callable[[Connection], T]) -> T:
        """Run one piece of work ahead of the queue; see `Backend`."""
        return await self._writer.write_ahead_of_queue(work)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run read-only code on one snapshot, in the loop's own greenlet; see `Backend`."""
        if self._reports is None:
            # In a thread, so that texts are answered meanwhile.
            await asyncio.to_thread(load_async_engines)
        session = self._open_report()
        try:
            return await session.run(partial(_on_snapshot, work))
        finally:
            await session.end()

    def _open_report(self) -> Session:
        if self._reports is None:
            self._reports = ReadyConnections(build_sqlite_report_engine(self._url), 0)
        return Session(self._reports, self._ending)

    async def read_queue(self, work: Callable[[Connection], T]) -> T:
        """Run a short read of a queue in the thread that is there for it."""
        return await waited(self._queue_reader.read(work))

    async def read_apart(self, work: Callable[[Connection], T]) -> T:
        """Run a read that goes through much of the file, on a connection of its own.

        The pages that it read are let go with it; a connection for reports would keep 16 MB of them.
        """
        reader = Reader(self._url, self._threads)
        try:
            return await waited(reader.read(work))
        finally:
            await reader.close()

    @asynccontextmanager
    async def leader(self, name: str) -> AsyncIterator[Callable[[], Awaitable[bool]]]:
        """Lead always, since one process at a time has a SQLite file."""
        _ = name

        async def is_leader() -> bool:
            return True

        yield is_leader

    def share_wakes(self, hear: Callable[[str], None]) -> None:
        """Return nothing, as a SQLite file has no way to tell other processes."""
        _ = hear

    async def close(self) -> None:
        """Finish what is queued, close the file."""
        if self._ending:
            await asyncio.wait(self._ending)
        if self._reports is not None:
            await self._reports.close()
        await self._queue_reader.close()
        await self._writer.close()


class Reader:
    """A connection that can only read, in a thread of its own; opened with the first read."""

    def __init__(self, url: URL, threads: type[ConnectionThread] = ConnectionThread) -> None:
        self._engine = build_sqlite_engine(url, read_only=True)
        self._thread = threads("kvitto-reader")
        self._connection: Connection | None = None

    def read(self, work: Callable[[Connection], T]) -> asyncio.Future[T]:
        """Queue a read."""
        return self._thread.submit(partial(self._read, work))

    async def close(self) -> None:
        """Close the connection, end the thread."""

        def close() -> None:
            if self._connection is not None:
                self._connection.close()
            self._engine.dispose()

        await self._thread.submit(close)
        await self._thread.close()

    def _read(self, work: Callable[[Connection], T]) -> T:
        if self._connection is None:
            self._connection = self._engine.connect()
        driver: Any = self._connection.connection.dbapi_connection
        driver.execute("BEGIN")
        try:
            return work(self._connection)
        finally:
            # After some errors of the disk SQLite has done it by itself; once more would hide that error.
            if driver.in_transaction:
                driver.execute("ROLLBACK")


def _on_snapshot(work: Callable[[Connection], T], connection: Connection) -> T:
    connection.exec_driver_sql("BEGIN")
    driver: Any = connection.connection.driver_connection
    try:
        return work(connection)
    finally:
        # As above.
        if driver.in_transaction:
            connection.exec_driver_sql("ROLLBACK")
