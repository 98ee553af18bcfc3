"""Open a transaction on a connection of an async engine; plain code runs in the connection's greenlet.

No statement is ever cut in the middle: who waits may be cancelled, the running statement ends, the
transaction is rolled back and the connection goes back to its pool.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from storage.database.connections.backend import translated

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

T = TypeVar("T")


class Session:
    """A transaction on a connection of the pool, which it takes with its first step."""

    def __init__(self, connection: AsyncConnection, ending: set[asyncio.Task[Any]]) -> None:
        self._connection = connection
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
            connection.commit()
            return result

        return await self._do(self._run(finish))

    async def end(self) -> None:
        """Roll back what is not committed and give the connection back, cancelled or not."""
        if self._connection.sync_connection is None and self._step is None:
            return
        task = asyncio.create_task(self._close())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)
        await asyncio.shield(task)

    async def _run(self, work: Callable[[Connection], T]) -> T:
        if self._connection.sync_connection is None:
            await self._start()
        check, self._check = self._check, None

        def checked(connection: Connection) -> T:
            assert check is not None
            check(connection)
            return work(connection)

        return await self._connection.run_sync(work if check is None else checked)

    async def _start(self) -> None:
        """Take a connection from the pool; one that the server cut meanwhile is replaced."""
        await self._connection.start()
        raw = await self._connection.get_raw_connection()
        if _is_cut(raw.driver_connection):
            await self._connection.invalidate()

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
        if self._connection.sync_connection is None:
            # It never was a connection: the server did not answer.
            return
        try:
            # Closing rolls back.
            await self._connection.close()
        except (SQLAlchemyError, OSError):
            await discard(self._connection)


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
