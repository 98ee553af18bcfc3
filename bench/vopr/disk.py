# ruff: noqa: ANN401 - the driver's signatures
"""Run the bot's SQLite in the loop, with a disk that is busy, full or broken at chosen statements.

The file is real and SQLite is real; errors are raised in the driver, with the rollback that SQLite does
by itself where it does one. A commit can also be done and reported as failed, which a server whose
connection is cut does and which the parts above the database must bear on any of them.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import URL

from bench.vopr.faults import Faults
from bench.vopr.fleet import FLEET, Fleet, FleetClaims
from bench.vopr.loop import PROGRAM, Program, VirtualLoop
from storage.database.connections.engine import BUSY_SECONDS, parse_url
from storage.database.connections.sqlite import Reader, SqliteBackend
from storage.database.connections.thread import ConnectionThread, Item, Settle
from storage.database.connections.writer import waited
from storage.database.database import Database, assemble
from storage.database.queues.claims import LocalClaims
from storage.database.queues.sent_journal import SentJournal

T = TypeVar("T")
WRITER = "kvitto-writer"
FAULTY = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "BEGIN")
"""First words of the statements that fail; those that set a connection up are left alone."""


class SimulatedThread(ConnectionThread):
    """Does a connection's work in the loop: one piece after the other, each after a short while."""

    def __init__(self, name: str, settle: Settle | None = None) -> None:
        self._writes = name == WRITER
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        self._loop: VirtualLoop = loop
        self._settle = settle
        self._queue = SimpleQueue()
        self._is_awake = False
        self._waits_until: float | None = None
        """When SQLite answers that another program writes."""

    def _put(self, item: Item | None) -> None:
        self._queue.put(item)
        if not self._is_awake:
            self._is_awake = True
            self._loop.call_later(self._loop.hop(), self._work)

    def _work(self) -> None:
        if self._writes and self._has_to_wait():
            self._loop.call_later(self._loop.hop(), self._work)
            return
        item = self._queue.get_nowait()
        if item is not None:
            self._do(*item)
        self._is_awake = not self._queue.empty()
        if self._is_awake:
            self._loop.call_later(self._loop.hop(), self._work)

    def _has_to_wait(self) -> bool:
        """Return whether another program writes, for which SQLite waits a while."""
        fleet, now = FLEET.get(), self._loop.time()
        if fleet is None or not fleet.is_written_by_others(PROGRAM.get()):
            self._waits_until = None
            return False
        if self._waits_until is None:
            self._waits_until = now + BUSY_SECONDS
        return now < self._waits_until

    async def close(self) -> None:
        """Finish what is queued."""
        while not self._queue.empty():
            if (item := self._queue.get_nowait()) is not None:
                self._do(*item)


class SimulatedBackend(SqliteBackend):
    """A SQLite file whose threads are simulated; reports have a reader like the queues'."""

    def __init__(self, url: URL) -> None:
        super().__init__(url, SimulatedThread)
        self._report_reader = Reader(url, SimulatedThread)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run read-only code on one snapshot."""
        return await waited(self._report_reader.read(work))

    @asynccontextmanager
    async def leader(self, name: str) -> AsyncIterator[Callable[[], Awaitable[bool]]]:
        """Lead always where a program is alone; see `Database.leader`."""
        fleet, program = FLEET.get(), PROGRAM.get()

        async def is_leader() -> bool:
            return fleet is None or fleet.lead(name, program)

        try:
            yield is_leader
        finally:
            if fleet is not None:
                fleet.resign(name, program)

    async def close(self) -> None:
        """Finish what is queued, close the file."""
        await self._report_reader.close()
        await super().close()


@asynccontextmanager
async def open_simulated_database(path: Path) -> AsyncIterator[Database]:
    """Open a migrated file for the running program, which closes it when it is killed."""
    backend, fleet = SimulatedBackend(parse_url(f"sqlite:///{path}")), FLEET.get()
    claims, journal = _build_claims(backend, fleet), _open_journal(path, fleet)
    try:
        await backend.open()
        yield assemble(backend, claims, journal)
    finally:
        await backend.close()
        if journal is not None:
            journal.close()


def _build_claims(backend: SimulatedBackend, fleet: Fleet | None) -> LocalClaims:
    if fleet is None:
        return LocalClaims(backend)
    return FleetClaims(backend, fleet.claims, fleet.faults)


def _open_journal(path: Path, fleet: Fleet | None) -> SentJournal | None:
    """Open the notes of sent messages, which only a process that is alone with its file has."""
    if fleet is not None:
        return None
    journal = SentJournal(Path(f"{path}.sent"))
    PROGRAM.get().on_kill.append(journal.close)
    return journal


class _Cursor(sqlite3.Cursor):
    """A cursor whose statements fail by chance."""

    def execute(self, sql: str, parameters: Any = ()) -> _Cursor:
        self._fail(sql)
        super().execute(sql, parameters)
        return self

    def executemany(self, sql: str, parameters: Any) -> _Cursor:
        self._fail(sql)
        super().executemany(sql, parameters)
        return self

    def _fail(self, sql: str) -> None:
        connection = self.connection
        assert isinstance(connection, _SimulatedConnection)
        word = sql.lstrip().partition(" ")[0].rstrip(";").upper()
        if word == "COMMIT":
            connection.fail_commit()
        elif word in FAULTY:
            connection.fail_statement()


class _SimulatedConnection(sqlite3.Connection):
    """A connection of a program to its file."""

    faults: Faults
    program: Program

    def execute(self, sql: str, parameters: Any = ()) -> Any:
        """Execute a statement; nothing waits in SQLite, as no other program runs meanwhile."""
        if sql.startswith("PRAGMA busy_timeout"):
            sql = "PRAGMA busy_timeout = 0"
        return super().execute(sql, parameters)

    def cursor(self, factory: Any = _Cursor) -> Any:
        return super().cursor(factory)

    def fail_statement(self) -> None:
        """Fail, perhaps, as a busy, full or broken disk does."""
        if self.faults.hits("database_busy"):
            raise _error(sqlite3.SQLITE_BUSY)
        if self.faults.hits("database_full"):
            # SQLite rolls back by itself on a full disk, or leaves that to the program.
            if self.faults.dice.random() < 0.5:
                self._roll_back()
            raise _error(sqlite3.SQLITE_FULL)
        if self.faults.hits("database_io"):
            self._roll_back()
            raise _error(sqlite3.SQLITE_IOERR)

    def fail_commit(self) -> None:
        """Fail, perhaps, before or after it is done."""
        if self.faults.hits("commit_failed"):
            if self.faults.dice.random() < 0.5:
                self._roll_back()
            raise _error(sqlite3.SQLITE_IOERR)
        if self.faults.hits("commit_unheard"):
            super().cursor().execute("COMMIT")
            raise _error(sqlite3.SQLITE_IOERR)

    def _roll_back(self) -> None:
        if self.in_transaction:
            super().cursor().execute("ROLLBACK")


def _error(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("simulated")
    error.sqlite_errorcode = code
    return error


@contextmanager
def faulty_connections(faults: Faults) -> Iterator[None]:
    """Give every connection of a program these faults, and close it when the program is killed."""

    def connect(_dialect: object, _record: object, place: Any, options: Any) -> Any:
        program = PROGRAM.get(None)
        if program is None:
            return None
        connection = sqlite3.connect(*place, **options, factory=_SimulatedConnection)
        connection.faults, connection.program = faults, program
        if (fleet := FLEET.get()) is not None:
            fleet.note_connection(connection)
        program.on_kill.append(connection.close)
        return connection

    event.listen(Engine, "do_connect", connect)
    try:
        yield
    finally:
        event.remove(Engine, "do_connect", connect)
