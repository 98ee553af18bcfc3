"""What both kinds of databases offer to the plugs of this package: transactions and looks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, InterfaceError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from ledger.errors import SettingsError, UnavailableError

T = TypeVar("T")


class Transaction(Protocol):
    """One open transaction; plain code runs where its connection lives."""

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Run statements."""

    async def commit(self, last: Callable[[Connection], T]) -> T:
        """Run the last statements and commit, in one go; returns when it is durable."""


class Backend(Protocol):
    """A database."""

    def begin(self, *, lane: int | None = None) -> AbstractAsyncContextManager[Transaction]:
        """Open a transaction; without a commit it is rolled back.

        Raises `LaneBusyError` when another process works in this lane.
        """

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run one piece of work in a transaction of its own."""

    async def read(self, look: Callable[[Connection], T]) -> T:
        """Look at one consistent snapshot."""

    def leader(self, name: str) -> AbstractAsyncContextManager[Callable[[], Awaitable[bool]]]:
        """Try to be the one process that does something; see `Database.leader`."""

    async def close(self) -> None:
        """Let every connection go."""


# Primary result codes of SQLite that speak of the file or the disk, not of the statement:
# busy, locked, read only, input or output, corrupt, full, cannot open, protocol, not a database.
_SQLITE_OUTAGES = frozenset({5, 6, 8, 10, 11, 13, 14, 15, 26})
# Classes of PostgreSQL's SQLSTATE: connection, rolled back (deadlock), resources, operator, system.
_POSTGRES_OUTAGES = frozenset({"08", "40", "53", "57", "58"})
# Wrong name or password, no such database.
_POSTGRES_REFUSALS = frozenset({"28", "3D"})


def translated(error: BaseException) -> BaseException:
    """Return our error for one of the driver's; programmer's errors stay what they are."""
    if isinstance(error, DBAPIError):
        code = str(getattr(error.orig, "sqlstate", None) or "")[:2]
        if code in _POSTGRES_REFUSALS:
            return SettingsError("database_refused", name="DATABASE_URL")
        if code not in _POSTGRES_OUTAGES and not _is_outage(error):
            return error
    elif not isinstance(error, OSError | PendingRollbackError | PoolTimeoutError):
        return error
    return UnavailableError("database_unavailable", kind=type(error).__name__)


def _is_outage(error: DBAPIError) -> bool:
    """Say whether trying the same again later may go well."""
    if error.connection_invalidated or isinstance(error, InterfaceError):
        return True
    code = getattr(error.orig, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in _SQLITE_OUTAGES
