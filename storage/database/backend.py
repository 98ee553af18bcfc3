"""What both kinds of databases offer to the plugs of this package: transactions and looks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import (
    DBAPIError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    PendingRollbackError,
)
from sqlalchemy.exc import (
    TimeoutError as PoolTimeoutError,
)

from ledger.errors import UnavailableError

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


def translated(error: BaseException) -> BaseException:
    """Return our error for one of the driver's; programmer's errors stay what they are."""
    if isinstance(error, IntegrityError):
        return error
    if isinstance(error, OperationalError | InterfaceError | PoolTimeoutError | OSError):
        return UnavailableError("database_unavailable", kind=type(error).__name__)
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return UnavailableError("database_unavailable", kind=type(error).__name__)
    if isinstance(error, PendingRollbackError):
        return UnavailableError("database_unavailable", kind=type(error).__name__)
    return error
