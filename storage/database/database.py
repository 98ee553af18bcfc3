"""Open a database and build every plug that needs it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Select, literal_column, select
from sqlalchemy.engine import URL

from ledger.errors import UnavailableError
from ports.blobs import Blobs
from ports.spending import Caps
from storage.database.connections.backend import Backend
from storage.database.connections.engine import is_sqlite, parse_url
from storage.database.connections.prepared import fetch_value
from storage.database.connections.sqlite import SqliteBackend
from storage.database.queues.claims import Claims, LocalClaims, SharedClaims
from storage.database.queues.dead_letters import SqlDeadLetters
from storage.database.queues.gathering import Gatherer
from storage.database.queues.inbox import SqlInbox
from storage.database.queues.jobs import SqlJobs
from storage.database.queues.outbox import SqlOutbox
from storage.database.queues.sent_journal import SentJournal
from storage.database.repositories.blobs import find_referenced, referenced_blobs
from storage.database.repositories.shadow_evaluations import SqlTallies
from storage.database.repositories.spending import SqlSpending
from storage.database.tables import metadata
from storage.database.units import SqlUnits
from storage.database.upkeep.pruning import prune
from storage.database.upkeep.traces import erase_traces
from storage.migrations import check_pages, migrate

if TYPE_CHECKING:
    from storage.check import Damage
    from storage.database.connections.postgres import PostgresBackend
    from storage.database.connections.wakes import SharedWakes


_ALIVE: Select[tuple[int]] = select(literal_column("1"))


@dataclass(frozen=True, slots=True)
class Database:
    """An open database with its plugs."""

    backend: Backend
    units: SqlUnits
    inbox: SqlInbox
    jobs: SqlJobs
    outbox: SqlOutbox
    dead_letters: SqlDeadLetters
    tallies: SqlTallies

    def leader(self, name: str) -> AbstractAsyncContextManager[Callable[[], Awaitable[bool]]]:
        """Compete for a task that one process does (polling, sending).

        Yields a function to call before each round of work: it tries to become the leader when
        there is none, returns whether this process leads, and notices a lost connection.
        Leaving the block lets another process lead. On SQLite the answer is always yes.
        """
        return self.backend.leader(name)

    def share_wakes(self, hear: Callable[[str], None]) -> SharedWakes | None:
        """Return what wakes the other processes and calls `hear` for theirs; None on SQLite."""
        return self.backend.share_wakes(hear)

    async def check_writing(self) -> None:
        """Wait for a turn to write and commit nothing. Raises `UnavailableError`."""
        await self.backend.write(lambda connection: fetch_value(connection, _ALIVE))

    async def check_pages(self) -> None:
        """Read every page of a SQLite file. Raises `UnavailableError` (`database_damaged`)."""
        await self.backend.read(check_pages)

    async def find_damaged_tables(self) -> list[str]:
        """Read a SQLite file table by table, in a read of its own each; return the damaged ones."""
        if not isinstance(self.backend, SqliteBackend):
            return []  # a server looks after its own pages
        damaged: list[str] = []
        for table in metadata.sorted_tables:
            try:
                await self.backend.read_apart(partial(check_pages, table=table.name))
            except UnavailableError as error:
                if error.message_id != "database_damaged":
                    raise
                damaged.append(table.name)
        return damaged

    def spending(self, caps: Caps) -> SqlSpending:
        """Return the plug for the costs of paid readers, with its caps."""
        return SqlSpending(self.backend, caps)

    async def prune(self, now: datetime) -> int:
        """Delete what is older than its time (see `pruning`); return how many rows went."""
        await erase_traces(self.backend)
        return await prune(self.backend, now)

    async def find_damage(self, now: datetime, blobs: Blobs | None = None) -> list[Damage]:
        """Look for damage (see `storage.check`); with `blobs` also for files that are missing."""
        # Its 60 statements are built with the import, and a running bot never looks.
        from storage.check import Damage, find_damage  # noqa: PLC0415

        found = await self.backend.read(lambda connection: find_damage(connection, now))
        if blobs is not None:
            stored = {key async for key in blobs.keys()}  # noqa: SIM118  # a method, no dict
            missing = await self.referenced_blobs() - stored
            found += [Damage("file_missing", key) for key in sorted(missing)]
        return found

    async def find_referenced(self, keys: Sequence[str]) -> set[str]:
        """Return those of these keys of files that rows name; any other is an orphan."""
        return await self.backend.read(lambda connection: find_referenced(connection, keys))

    async def referenced_blobs(self) -> set[str]:
        """Return the keys of all files that rows name."""
        return await self.backend.read(referenced_blobs)


@asynccontextmanager
async def open_database(url: str, *, up_to_date: bool = True) -> AsyncIterator[Database]:
    """Open a database, migrated to the newest schema first if `up_to_date`.

    Raises:
        SettingsError: the URL is wrong, or the database newer than the program.
        UnavailableError: it cannot be reached.
    """
    parsed = parse_url(url)
    if up_to_date:
        await migrate(url)
    backend = _build_backend(parsed)
    claims: Claims = LocalClaims(backend) if is_sqlite(parsed) else SharedClaims(backend)
    journal = SentJournal(Path(f"{parsed.database}.sent")) if is_sqlite(parsed) else None
    try:
        await backend.open()
        yield assemble(backend, claims, journal)
    finally:
        await backend.close()
        if journal is not None:
            journal.close()


def assemble(backend: Backend, claims: Claims, journal: SentJournal | None) -> Database:
    """Build every plug over an open backend."""
    return Database(
        backend=backend,
        units=SqlUnits(backend, claims),
        inbox=SqlInbox(backend, claims, Gatherer(backend)),
        jobs=SqlJobs(backend),
        outbox=SqlOutbox(backend, journal),
        dead_letters=SqlDeadLetters(backend),
        tallies=SqlTallies(backend),
    )


def _build_backend(url: URL) -> SqliteBackend | PostgresBackend:
    if is_sqlite(url):
        return SqliteBackend(url)
    # Brings asyncpg along, which SQLite does not need.
    from storage.database.connections.postgres import PostgresBackend  # noqa: PLC0415

    return PostgresBackend(url)
