"""Declare transactions, relaxed writes and snapshots for both kinds of databases."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, InterfaceError, PendingRollbackError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from ledger.errors import SettingsError, UnavailableError

if TYPE_CHECKING:
    from storage.database.connections.wakes import SharedWakes

T = TypeVar("T")


class Transaction(Protocol):
    """One open transaction; plain code runs where its connection lives."""

    def begin_with(self, check: Callable[[Connection], None]) -> None:
        """Run this before the first statements, in the same hop; its error is theirs."""

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Run statements."""

    async def commit(self, last: Callable[[Connection], T]) -> T:
        """Run the last statements and commit, in one go; returns when it is durable."""


class Backend(Protocol):
    """A database."""

    units_side_by_side: int
    """Units of a worker that are worth having under way at the same time."""

    def begin(self) -> AbstractAsyncContextManager[Transaction]:
        """Open a transaction; without a commit it is rolled back."""

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run one piece of work in a transaction of its own."""

    async def write_relaxed(self, work: Callable[[Connection], T]) -> T:
        """Run one piece of work ahead of the queue, without waiting for the disk.

        When this returns it outlives the process; a power cut may take it, never what was committed
        with `write` or by a transaction after it.
        """

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run read-only code on one consistent snapshot; it may take its time."""

    async def read_queue(self, work: Callable[[Connection], T]) -> T:
        """Run a short read of a queue, on the path of every update."""

    def leader(self, name: str) -> AbstractAsyncContextManager[Callable[[], Awaitable[bool]]]:
        """Compete for a task that one process does; see `Database.leader`."""

    def share_wakes(self, hear: Callable[[str], None]) -> SharedWakes | None:
        """Return what carries wakes between processes, where there is such a way."""

    async def close(self) -> None:
        """Close every connection."""


# Primary result codes of SQLite that are about the file or the disk, not the statement:
# busy, locked, read only, input or output, corrupt, full, cannot open, protocol, not a database.
_SQLITE_OUTAGES = frozenset({5, 6, 8, 10, 11, 13, 14, 15, 26})
# Corrupt, not a database.
_SQLITE_DAMAGES = frozenset({11, 26})
# Classes of PostgreSQL's SQLSTATE: connection, rolled back (deadlock), resources, operator, system.
_POSTGRES_OUTAGES = frozenset({"08", "40", "53", "57", "58"})
# Wrong name or password, no such database.
_POSTGRES_REFUSALS = frozenset({"28", "3D"})


# The driver's own errors: the connection is closed, or was cut in the middle of a statement.
_CUT = frozenset({"InterfaceError", "InternalClientError"})


def translated(error: BaseException) -> BaseException:
    """Return our error for one of the driver's; programmer's errors stay what they are."""
    cause = error.orig if isinstance(error, StatementError) else error
    if str(getattr(cause, "sqlstate", None) or "")[:2] in _POSTGRES_REFUSALS:
        return SettingsError("database_refused", name="DATABASE_URL")
    if isinstance(cause, sqlite3.Error) and _code_of(cause) in _SQLITE_DAMAGES:
        return UnavailableError("database_damaged", kind=type(error).__name__)
    if _is_outage(error, cause):
        return UnavailableError("database_unavailable", kind=type(error).__name__)
    return error


def _is_outage(error: BaseException, cause: BaseException | None) -> bool:
    """Return whether trying the same again later may go well."""
    if isinstance(error, OSError | PendingRollbackError | PoolTimeoutError | InterfaceError):
        return True
    if isinstance(cause, OSError):
        # A cut connection could not be replaced in the middle of a statement.
        return True
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    if any(kind.__name__ in _CUT for kind in type(error).__mro__):
        return True
    if isinstance(cause, sqlite3.Error):
        return _code_of(cause) in _SQLITE_OUTAGES
    return str(getattr(cause, "sqlstate", None) or "")[:2] in _POSTGRES_OUTAGES


def _code_of(error: sqlite3.Error) -> int:
    """Return the primary result code of SQLite, 0 where there is none."""
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
