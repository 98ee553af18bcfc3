"""Write to SQLite by one connection, in the one thread that owns it.

A commit with `synchronous=FULL` waits for the disk (0.1 ms on a good one, 4-6 ms on a cloud volume),
so units that finish while more work is queued share a commit: each unit is a savepoint in a
transaction that is committed as soon as the queue is empty. A unit returns only after that commit;
one that fails takes back its own savepoint and nobody else's.

What must survive a process that dies, but may be lost with the power (a message is marked as sent:
else it goes out twice), passes the queue. Where units have finished that are not committed, it shares
their commit, since a commit of its own would cut theirs short, and most of what a commit costs is the
pages that its units have in common. Otherwise it is committed at once, without waiting for the disk: the
next commit that does takes it along, because the log is one file.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any, Self, TypeVar

from sqlalchemy import Connection
from sqlalchemy.engine import URL

from storage.database.connections.backend import translated
from storage.database.connections.engine import build_sqlite_engine
from storage.database.connections.thread import ConnectionThread, Raised

T = TypeVar("T")

COMMIT_UNITS = 32
"""Units that share a commit at most, so that the first of them never waits long."""


class LostTransactionError(ConnectionError):
    """SQLite rolled back by itself (disk full, input or output error)."""


class Writer:
    """The one connection that writes. `turn` is held by one unit at a time, first come first served.

    Whoever holds the turn queues work for the thread; the thread works in that order, so a turn can
    be given on as soon as its last work is queued.
    """

    def __init__(self, url: URL, threads: type[ConnectionThread] = ConnectionThread) -> None:
        self._engine = build_sqlite_engine(url)
        self._thread = threads("kvitto-writer", self._settle)
        self._connection: Connection | None = None
        self._turn = asyncio.Lock()
        self._ahead: deque[tuple[Callable[[Connection], Any], asyncio.Future[Any]]] = deque()
        """Work that passes the queue."""
        self._waits_for_disk = True
        self._synchronous = ""
        """Value of `PRAGMA synchronous` on the connection; sent only where it changes."""
        self._open = False
        """True while a unit has begun and is not over; thread only, as all below."""
        self._nested = False
        """True while the open unit is a savepoint in a transaction that holds others."""
        # Units that are released into the open transaction but not committed.
        self._released: list[tuple[asyncio.Future[Any], Any]] = []

    async def connect(self) -> None:
        """Open the connection in the thread that owns it."""

        def connect() -> None:
            self._connection = self._engine.connect()

        await waited(self._thread.submit(connect))

    async def acquire(self) -> None:
        """Wait for the turn."""
        await self._turn.acquire()

    async def write_ahead_of_queue(self, work: Callable[[Connection], T]) -> T:
        """Run one piece of work before all that is queued; returns when a dying process keeps it."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._ahead.append((work, future))
        self._thread.wake()
        return await waited(future)

    def run(self, work: Callable[[Connection], T], *, first: bool) -> asyncio.Future[T]:
        """Queue statements of the unit that has the turn."""
        return self._thread.submit(partial(self._run, work, first))

    def finish(self, last: Callable[[Connection], T], *, first: bool) -> asyncio.Future[T]:
        """Queue the last statements of the unit and give the turn on."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._thread.post(partial(self._finish, last, first=first, future=future))
        self._turn.release()
        return future

    def rollback(self, *, begun: bool) -> None:
        """Take the unit back and give the turn on; nobody has to wait for that."""
        if begun:
            self._thread.post(self._abandon)
        self._turn.release()

    async def close(self) -> None:
        """Commit what is released, close the connection, end the thread."""

        def close() -> None:
            self._commit()
            if self._connection is not None:
                self._connection.close()
            self._engine.dispose()

        await self._thread.submit(close)
        await self._thread.close()

    # --- in the thread ---

    def _settle(self, *, is_idle: bool) -> None:
        """Between two pieces of work, do what passes the queue, and commit where it is time."""
        if self._open:
            return
        while self._ahead:
            self._slip_in(*self._ahead.popleft())
        if self._released and (is_idle or len(self._released) >= COMMIT_UNITS):
            self._commit()

    @property
    def _driver(self) -> Any:  # noqa: ANN401  # sqlite3.Connection behind two façades
        assert self._connection is not None, "the writer is connected"
        return self._connection.connection.dbapi_connection

    def _enter(self) -> Connection:
        driver = self._driver
        if not driver.in_transaction:
            # What an error of the disk rolled back takes all of the group with it.
            self._fail(LostTransactionError())
            self._set_synchronous("FULL" if self._waits_for_disk else "NORMAL")
            # A deferred transaction that began with a read may be refused the lock when it writes.
            driver.execute("BEGIN IMMEDIATE")
        # The only unit of a transaction needs no savepoint: to take it back is to roll back.
        self._nested = bool(self._released)
        if self._nested:
            driver.execute("SAVEPOINT unit")
        assert self._connection is not None
        return self._connection

    def _set_synchronous(self, level: str) -> None:
        if level != self._synchronous:
            self._driver.execute(f"PRAGMA synchronous = {level}")
            self._synchronous = level

    def _run(self, work: Callable[[Connection], T], first: bool) -> T:  # noqa: FBT001
        if first:
            self._open = True
        connection = self._enter() if first else self._connection
        assert connection is not None
        if not self._driver.in_transaction:
            raise LostTransactionError
        return work(connection)

    def _finish(
        self,
        last: Callable[[Connection], T],
        *,
        first: bool,
        future: asyncio.Future[T],
    ) -> None:
        try:
            result = self._run(last, first)
            if self._nested:
                self._driver.execute("RELEASE unit")
        except BaseException as error:  # noqa: BLE001  # it belongs to the waiter
            self._thread.deliver([(future, Raised(error))])
            self._abandon()
        else:
            self._open = False
            self._released.append((future, result))

    def _slip_in(self, work: Callable[[Connection], T], future: asyncio.Future[T]) -> None:
        if self._released:
            self._finish(work, first=True, future=future)
            return
        # Without the wait for the disk a killed process loses nothing; a power cut may.
        self._waits_for_disk = False
        try:
            self._finish(work, first=True, future=future)
            self._commit()
        finally:
            self._waits_for_disk = True

    def _abandon(self) -> None:
        self._open = False
        driver = self._driver
        try:
            if not driver.in_transaction:
                return
            if self._nested:
                # ROLLBACK TO leaves the savepoint open, so it is released as well.
                driver.execute("ROLLBACK TO unit")
                driver.execute("RELEASE unit")
            else:
                driver.execute("ROLLBACK")
        except Exception as error:  # noqa: BLE001  # the group hears of it
            self._roll_back(error)

    def _commit(self) -> None:
        if not self._released:
            return
        try:
            if not self._driver.in_transaction:
                raise LostTransactionError  # noqa: TRY301  # told like any other failure to commit
            self._driver.execute("COMMIT")
        except Exception as error:  # noqa: BLE001  # it belongs to every waiter of the group
            self._roll_back(error)
        else:
            released, self._released = self._released, []
            self._thread.deliver(released)

    def _roll_back(self, error: Exception) -> None:
        self._fail(error)
        if self._driver.in_transaction:
            self._driver.execute("ROLLBACK")

    def _fail(self, error: Exception) -> None:
        released, self._released = self._released, []
        if released:
            self._thread.deliver([(future, Raised(error)) for future, _ in released])


class SqliteTransaction:
    """A transaction that takes the writer's turn with its first statement."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._held = False
        self._begun = False
        self._committed = False
        self._check: Callable[[Connection], None] | None = None

    async def __aenter__(self) -> Self:
        """Return the transaction, which has not begun yet."""
        return self

    async def __aexit__(self, *error: object) -> None:
        """Roll back, unless it was committed."""
        if self._held:
            self._held = False
            self._writer.rollback(begun=self._begun)

    def begin_with(self, check: Callable[[Connection], None]) -> None:
        """Run this before the first statements, in the same hop."""
        self._check = check

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Run statements in the writer's thread."""
        first = await self._take()
        return await waited(self._writer.run(self._checked(work), first=first))

    async def commit(self, last: Callable[[Connection], T]) -> T:
        """Run the last statements; returns when they are on the disk."""
        first = await self._take()
        self._held, self._committed = False, True
        return await waited(self._writer.finish(self._checked(last), first=first))

    def _checked(self, work: Callable[[Connection], T]) -> Callable[[Connection], T]:
        check, self._check = self._check, None
        if check is None:
            return work

        def checked(connection: Connection) -> T:
            check(connection)
            return work(connection)

        return checked

    async def _take(self) -> bool:
        assert not self._committed, "a committed unit is over"
        if not self._held:
            await self._writer.acquire()
            self._held = True
        first, self._begun = not self._begun, True
        return first


async def waited(future: asyncio.Future[T]) -> T:
    """Wait for the thread; a waiter that is cancelled does not disturb what the thread does."""
    try:
        return await future
    except Exception as error:
        ours = translated(error)
        if ours is error:
            raise
        raise ours from error
