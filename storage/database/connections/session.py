"""Open a transaction on a connection of an async engine; plain code runs in the connection's greenlet.

No statement is ever cut in the middle: who waits may be cancelled, the running statement ends, the
transaction is rolled back and the connection goes back to its pool.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from storage.database.connections.backend import translated
from storage.database.connections.riders import flush, forget

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

T = TypeVar("T")

RECYCLE_SECONDS = 1800.0
"""Seconds after which a connection is closed rather than used again."""


class ReadyConnections:
    """Connections that stay taken out of an engine's pool between transactions.

    The pool's own way out and back costs as much CPU as four statements. Others may take the rest of the
    pool's connections from the engine, and get one back as soon as somebody waits for it.
    """

    def __init__(self, engine: AsyncEngine, most: int) -> None:
        """Keep at most so many, fewer than the pool has."""
        self.engine = engine
        self._most = most
        self._ready: deque[tuple[AsyncConnection, float]] = deque()
        self._waiting = 0

    async def take(self) -> tuple[AsyncConnection, float]:
        """Return a connection without a transaction, and when it was opened."""
        while self._ready:
            connection, since = self._ready.pop()
            raw = await connection.get_raw_connection()
            if not _is_cut(raw.driver_connection):
                return connection, since
            await discard(connection)
        connection = self.engine.connect()
        self._waiting += 1
        try:
            await connection.start()
            raw = await connection.get_raw_connection()
            if _is_cut(raw.driver_connection):
                # One that the server cut while it was in the pool is replaced.
                await connection.invalidate()
        except BaseException:
            await discard(connection)
            raise
        finally:
            self._waiting -= 1
        return connection, time.monotonic()

    def keep(self, connection: AsyncConnection, since: float) -> bool:
        """Keep a connection without a transaction; False where it is to be closed."""
        is_old = time.monotonic() - since > RECYCLE_SECONDS
        if self._waiting or is_old or len(self._ready) >= self._most:
            return False
        self._ready.append((connection, since))
        return True

    async def close(self) -> None:
        """Close every connection."""
        while self._ready:
            connection, _ = self._ready.pop()
            await discard(connection)
        await self.engine.dispose()


class Session:
    """A transaction on a connection, which it takes with its first step."""

    def __init__(self, ready: ReadyConnections, ending: set[asyncio.Task[Any]]) -> None:
        self._ready = ready
        self._taken: tuple[AsyncConnection, float] | None = None
        self._ending = ending
        self._step: asyncio.Task[Any] | None = None
        self._check: Callable[[Connection], None] | None = None

    def begin_with(self, check: Callable[[Connection], None]) -> None:
        """Run this before the first statements, in the same hop."""
        self._check = check

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Run statements in the connection's greenlet."""
        return await self._do(self._run(work))

    async def commit(self, last: Callable[[Connection], T]) -> T:
        """Run the last statements and commit."""

        def finish(connection: Connection) -> T:
            result = last(connection)
            flush(connection, last=True)
            connection.commit()
            return result

        return await self._do(self._run(finish))

    async def end(self) -> None:
        """Roll back what is not committed and give the connection back, cancelled or not."""
        if self._step is None or (self._step.done() and self._give_back()):
            return
        task = asyncio.create_task(self._close())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)
        await asyncio.shield(task)

    async def _run(self, work: Callable[[Connection], T]) -> T:
        if self._taken is None:
            self._taken = await self._ready.take()
        check, self._check = self._check, None

        def checked(connection: Connection) -> T:
            assert check is not None
            check(connection)
            return work(connection)

        return await self._taken[0].run_sync(work if check is None else checked)

    def _give_back(self) -> bool:
        """Keep a connection whose transaction is over; False where it must be closed."""
        if self._taken is None:
            return True
        connection, since = self._taken
        found = connection.sync_connection
        if found is None or found.closed or found.invalidated or found.in_transaction():
            return False
        forget(found)
        return self._ready.keep(connection, since)

    async def _do(self, step: Coroutine[Any, Any, T]) -> T:
        """Run a step in a task of its own, so that cancelling its waiter does not cancel the step."""
        self._step = task = asyncio.create_task(step)
        try:
            return await asyncio.shield(task)
        except Exception as error:
            ours = translated(error)
            if ours is error:
                raise
            raise ours from error

    async def _close(self) -> None:
        if self._step is not None:
            await asyncio.wait([self._step])
            if not self._step.cancelled():
                self._step.exception()  # whoever waited has it, or went away
        if self._taken is None:
            # It never was a connection: the server did not answer.
            return
        connection = self._taken[0]
        try:
            if connection.sync_connection is not None and not connection.closed:
                await connection.rollback()
            if not self._give_back():
                await connection.close()
        except (SQLAlchemyError, OSError):
            await discard(connection)


def _is_cut(driver: Any) -> bool:  # noqa: ANN401  # asyncpg's or aiosqlite's connection
    """Return whether the server closed the connection; a file does not."""
    is_closed = getattr(driver, "is_closed", None)
    return driver is None or (is_closed is not None and bool(is_closed()))


async def discard(connection: AsyncConnection) -> None:
    """Close a connection for good, whatever state its server left it in."""
    with suppress(SQLAlchemyError, OSError):
        await connection.invalidate()
    with suppress(SQLAlchemyError, OSError):
        await connection.close()
