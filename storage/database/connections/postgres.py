"""Run plain code on a bounded pool of asyncpg connections, in the connection's greenlet.

No statement is ever cut in the middle: a unit that is cancelled lets its running statement end,
rolls back and gives its connection back.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from storage.database.connections.backend import Transaction, translated
from storage.database.connections.engine import build_postgres_engine
from storage.database.connections.session import ReadyConnections, Session, discard
from storage.database.connections.wakes import SharedWakes

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

T = TypeVar("T")

POOL_SIZE = 16
"""Connections of one process for units; PostgreSQL allows 100 over all by default."""
RELAXED_SIZE = 4
"""Connections whose commits do not wait for the server's disk."""
SNAPSHOTS_SIZE = 9
"""Connections for snapshots, leaders and wakes. They are apart so that a read inside a unit never waits for
connections that other units hold while they wait for reads of their own."""

LEADER_CLASS = 0x6B76
"""First half of every advisory lock of the program; migrations use it too, with the number 0."""

_LEAD = "SELECT pg_try_advisory_lock($1, $2)"
_ALIVE = "SELECT 1"


class PostgresBackend:
    """A database server."""

    units_side_by_side = POOL_SIZE // 2
    """More would not be faster, as its own cores are busy, and jobs need connections as well."""

    def __init__(self, url: URL, *, pool_size: int = POOL_SIZE) -> None:
        self._units = ReadyConnections(
            build_postgres_engine(url, pool_size=pool_size), pool_size // 2
        )
        # Settings of a connection, so that no transaction spends a round trip on them.
        self._relaxed = ReadyConnections(
            build_postgres_engine(url, pool_size=RELAXED_SIZE, relaxed=True), RELAXED_SIZE // 2
        )
        self._snapshots = ReadyConnections(
            build_postgres_engine(url, pool_size=SNAPSHOTS_SIZE, snapshots=True),
            SNAPSHOTS_SIZE // 2,
        )
        self._ending: set[asyncio.Task[Any]] = set()

    async def open(self) -> None:
        """Try a connection, so that a wrong address stops the start."""
        try:
            async with self._units.engine.connect() as connection:
                await connection.execute(text(_ALIVE))
        except (SQLAlchemyError, OSError) as error:
            raise translated(error) from error

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Transaction]:
        """Open a transaction."""
        async with self._session(self._units) as session:
            yield session

    @asynccontextmanager
    async def _session(self, ready: ReadyConnections) -> AsyncIterator[Session]:
        session = Session(ready, self._ending)
        try:
            yield session
        finally:
            await session.end()

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run one piece of work in a transaction of its own."""
        async with self._session(self._units) as session:
            return await session.commit(work)

    async def write_relaxed(self, work: Callable[[Connection], T]) -> T:
        """Run one piece of work without waiting for the server's disk; see `Backend`."""
        async with self._session(self._relaxed) as session:
            return await session.commit(work)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run read-only code on one snapshot; writing fails."""
        async with self._session(self._snapshots) as session:
            return await session.run(work)

    async def read_queue(self, work: Callable[[Connection], T]) -> T:
        """Run a short read of a queue."""
        return await self.read(work)

    @asynccontextmanager
    async def leader(self, name: str) -> AsyncIterator[Callable[[], Awaitable[bool]]]:
        """Yield a function that tries to lead, and returns whether this process does now."""
        candidate = LeaderLock(self._snapshots.engine.connect, name)
        try:
            yield candidate.is_leader
        finally:
            await candidate.release()

    def share_wakes(self, hear: Callable[[str], None]) -> SharedWakes:
        """Return what carries wakes to and from the other processes; its `run` must be running."""
        return SharedWakes(self._snapshots.engine.raw_connection, hear)

    async def close(self) -> None:
        """Let units that are ending end, close the pools."""
        if self._ending:
            await asyncio.wait(self._ending)
        for ready in (self._units, self._relaxed, self._snapshots):
            await ready.close()


class LeaderLock:
    """Holds, or tries to get, a session's advisory lock on a connection of its own.

    It keeps the connection while others lead, and asks the driver alone: candidates try several times a
    second while messages come, and the pool's way out and back would cost tenfold.
    """

    def __init__(self, connect: Callable[[], AsyncConnection], name: str) -> None:
        self._connect = connect
        self._number = zlib.crc32(name.encode()) & 0x7FFF_FFFF
        self._connection: AsyncConnection | None = None
        self._leads = False

    async def is_leader(self) -> bool:
        """Return whether this process leads; when nobody does, it becomes the leader."""
        try:
            if self._connection is None:
                self._connection = await self._connect().start()
            raw = await self._connection.get_raw_connection()
            driver: Any = raw.driver_connection
            if self._leads:
                await driver.fetchval(_ALIVE)
            else:
                self._leads = bool(await driver.fetchval(_LEAD, LEADER_CLASS, self._number))
        except Exception as error:
            # A connection that is cut while it opens raises the driver's own error, unwrapped.
            known = isinstance(error, (SQLAlchemyError, OSError))
            if not known and translated(error) is error:
                raise
            # The server let go of the lock together with the connection.
            await self.release()
        return self._leads

    async def release(self) -> None:
        """Close the connection for good, which frees the lock."""
        connection, self._connection, self._leads = self._connection, None, False
        if connection is not None:
            await discard(connection)
