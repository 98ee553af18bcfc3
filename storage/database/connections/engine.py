"""Open connections to SQLite and PostgreSQL, and configure them."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool

from ledger.errors import SettingsError
from ports.lean_imports import import_alone
from storage.database.connections.riders import STATEMENTS_MAX, flush
from storage.database.types import dump_json, load_json
from storage.folders import make_private

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

BUSY_SECONDS = 30
"""Seconds that a writer waits for another process (a backup, a second command) to let go."""
BUSY_PAUSE_SECONDS = 0.01
REPORTS_SIZE = 3
"""Connections for reports to one SQLite file."""
CHECKPOINT_PAGES = 4000
"""Pages in the write-ahead log (16 MB) after which it is folded into the file."""
CACHE_KIB = 16_384
"""Page cache of one connection."""
SQLITE_MIN = (3, 35, 0)
"""First SQLite with RETURNING."""

_JSON: dict[str, Any] = {"json_serializer": dump_json, "json_deserializer": load_json}
# Parameters hold amounts and people's words: they stay out of errors and logs.
_QUIET: dict[str, Any] = {"hide_parameters": True}


def parse_url(url: str) -> URL:
    """Read `DATABASE_URL`.

    Raises:
        SettingsError: when it is neither `sqlite:///path` nor `postgresql://…`.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise SettingsError("setting_wrong", name="DATABASE_URL") from None
    kind = parsed.get_backend_name()
    if kind == "sqlite" and parsed.database and parsed.database != ":memory:":
        return parsed.set(drivername="sqlite")
    if kind in {"postgresql", "postgres"} and parsed.database:
        return _async_postgres(parsed)
    raise SettingsError("setting_wrong", name="DATABASE_URL")


def _async_postgres(url: URL) -> URL:
    """Name the driver, and write `ssl` where libpq has `sslmode`."""
    query = dict(url.query)
    if "sslmode" in query:
        query["ssl"] = query.pop("sslmode")
    return url.set(drivername="postgresql+asyncpg", query=query)


def is_sqlite(url: URL) -> bool:
    """Return which of the two kinds this is."""
    return url.get_backend_name() == "sqlite"


def build_sqlite_engine(url: URL, *, read_only: bool = False) -> Engine:
    """Build an engine whose connections begin no transactions of their own accord.

    The driver's own way (a deferred BEGIN before the first write) loses read-modify-writes, so it
    is switched off and whoever uses the connection says BEGIN, IMMEDIATE where it writes.
    """
    if sqlite3.sqlite_version_info < SQLITE_MIN:
        raise SettingsError("sqlite_too_old", name="DATABASE_URL", found=sqlite3.sqlite_version)
    path = Path(url.database or "")
    make_private(path.parent)
    if not read_only and not path.exists():
        path.touch(mode=0o600)
    engine = create_engine(
        url,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        # A connection is used by one thread at a time, but closed by whoever shuts down.
        connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS},
        **_QUIET,
        **_JSON,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        _tell_sqlite(connection, read_only=read_only)

    return engine


def load_async_engines() -> ModuleType:
    """Return SQLAlchemy's module of async engines, without the ORM (8 MB, 0.2 s)."""
    return import_alone("sqlalchemy.ext.asyncio.engine")


def build_sqlite_report_engine(url: URL) -> AsyncEngine:
    """Build an async engine whose connections can only read, for whatever is not on the hot path."""
    engine: AsyncEngine = load_async_engines().create_async_engine(
        url.set(drivername="sqlite+aiosqlite"),
        pool_size=REPORTS_SIZE,
        max_overflow=0,
        isolation_level="AUTOCOMMIT",
        connect_args={"timeout": BUSY_SECONDS},
        **_QUIET,
        **_JSON,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401  # the adapted one
        cursor = connection.cursor()
        for pragma in _pragmas(read_only=True):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine


def _tell_sqlite(connection: sqlite3.Connection, *, read_only: bool) -> None:
    """Set what SQLite forgets with every connection."""
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    _use_log(connection)
    for pragma in _pragmas(read_only=read_only):
        connection.execute(f"PRAGMA {pragma}")


def _pragmas(*, read_only: bool) -> list[str]:
    pragmas = [
        # A commit is on the disk before anybody is told that something was saved.
        "synchronous = FULL",
        "foreign_keys = ON",
        # What was deleted is overwritten, not only unlinked.
        "secure_delete = ON",
        "temp_store = MEMORY",
        f"cache_size = -{CACHE_KIB}",
        f"wal_autocheckpoint = {CHECKPOINT_PAGES}",
    ]
    if read_only:
        pragmas.append("query_only = ON")
    return pragmas


def _use_log(connection: sqlite3.Connection) -> None:
    """Let a file have a write-ahead log; of several processes that make it, one is first.

    This one step does not wait for others by itself: SQLite answers at once that it is busy.
    """
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            code = getattr(error, "sqlite_errorcode", None) or 0
            if code & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(BUSY_PAUSE_SECONDS)
        else:
            return


def build_postgres_engine(
    url: URL, *, pool_size: int, relaxed: bool = False, snapshots: bool = False
) -> AsyncEngine:
    """Build an engine with a bounded pool.

    A commit of a relaxed one does not wait for the server's disk. With `snapshots` a transaction
    sees one snapshot and cannot write.
    """
    settings = {"application_name": "kvitto"}
    if relaxed:
        settings["synchronous_commit"] = "off"
    options: dict[str, Any] = {}
    if snapshots:
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    engine: AsyncEngine = load_async_engines().create_async_engine(
        url,
        execution_options=options,
        pool_size=pool_size,
        max_overflow=0,
        pool_pre_ping=False,
        pool_recycle=1800,
        pool_timeout=30,
        connect_args={
            "timeout": 10,
            "server_settings": settings,
            "prepared_statement_cache_size": STATEMENTS_MAX,
        },
        **_QUIET,
        **_JSON,
    )

    @event.listens_for(engine.sync_engine, "before_execute")
    def _flush(connection: Connection, *_: object) -> None:
        flush(connection)

    return engine
