"""Bring a database to the newest schema, and refuse one that is too new for the code.

A migration is one transaction on both databases: a process that is killed in the middle leaves the
schema as it was, and the next start begins again. `HEAD` is compared first, so that a database that
is up to date costs one statement and does not even load Alembic. An empty database gets today's tables
at once, in 0.02 s instead of 1.5; a test compares them with what the revisions make.

While processes are replaced one by one, releases run side by side on the newest schema, and an older one
may be started again. It runs as long as the migrations only added something: each upgrade notes `OLDEST`
in the database, where the older release reads it.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    String,
    Table,
    Text,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from ledger.errors import SettingsError, UnavailableError
from ports.lean_imports import import_without
from storage.database.connections.backend import translated
from storage.database.connections.engine import (
    build_postgres_engine,
    build_sqlite_engine,
    is_sqlite,
    parse_url,
)
from storage.database.tables import metadata
from storage.database.tables.base import set_postgres_conditions

HEAD = "0032"
"""The newest revision in `versions/`; a test compares them."""

OLDEST = "0032"
"""The oldest `HEAD` of a release that may run on the tables. A migration that takes away, renames or
narrows what an older release reads or writes raises it to its own number; a test looks for that."""

MOVING = "moving"
"""The revision of a database that `storage.moving` is filling; nothing else may use it."""

CHECKED_BYTES_MAX = 64 << 20
"""SQLite files up to this size are read whole at a start, which takes a fraction of a second."""

FOLDER = Path(__file__).parent

_HAS_VERSIONS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'",
    "postgresql": "SELECT to_regclass('alembic_version')::text",
}
_VERSIONS = Table(
    "alembic_version",
    MetaData(naming_convention={"pk": "%(table_name)s_pkc"}),
    Column("version_num", String(32), primary_key=True),
    Column("oldest", Text),
)
"""Alembic's own table, with our column; see `OLDEST`."""
_LOCK = text(f"SELECT pg_advisory_xact_lock({0x6B76}, 0)")


async def build_schema(url: str, revision: str) -> None:
    """Replace the tables of a database that holds no row by those of a revision.

    Raises:
        UnavailableError: it cannot be reached.
    """

    def build(connection: Connection) -> None:
        found = MetaData()
        found.reflect(connection)
        found.drop_all(connection)
        _run_revisions(connection, revision)

    await _change_schema(url, build)


async def migrate(url: str) -> None:
    """Bring the database to the newest schema; several processes may try at once.

    Raises:
        SettingsError: the database was written by a newer version of the program.
        UnavailableError: it cannot be reached.
    """
    await _change_schema(url, upgrade)


async def migrate_to(url: str, revision: str) -> None:
    """Bring a database to a revision of the past, which tests of upgrades begin from.

    Raises:
        UnavailableError: it cannot be reached.
    """
    await _change_schema(url, lambda connection: _run_revisions(connection, revision))


async def migrate_apart(url: str) -> bool:
    """Bring the database to the newest schema in a process of its own, whose memory ends with it.

    Alembic and what a migration leaves would take 7 MB for as long as the bot runs. A failure is not
    told here, because `migrate` tries again and names it; it also makes the tables of a new database,
    which needs no Alembic.

    Returns:
        True where nothing is left for `migrate` to look at, because a server's schema was today's.

    Raises:
        UnavailableError: it cannot be reached.
    """
    found = await find_schema(url)
    if found in (None, HEAD):
        # A file is read for damage, and a new database has no tables yet.
        return found == HEAD and not is_sqlite(parse_url(url))
    # The address is not an argument, since it may hold a password and arguments are public.
    command = (sys.executable, "-m", __name__)
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        await process.communicate(url.encode())
    finally:
        if process.returncode is None:
            # We are being stopped; the migration is one transaction and leaves nothing.
            process.kill()
    return False


async def _change_schema(url: str, work: Callable[[Connection], None]) -> None:
    parsed = parse_url(url)
    try:
        if is_sqlite(parsed):
            await asyncio.to_thread(_change_sqlite, parsed, work)
        else:
            await _change_postgres(parsed, work)
    except (SQLAlchemyError, OSError) as error:
        raise translated(error) from error


async def find_schema(url: str) -> str | None:
    """Return the revision of a database's schema; None when there is none yet. Makes nothing.

    Raises:
        UnavailableError: it cannot be reached.
    """
    parsed = parse_url(url)
    try:
        if is_sqlite(parsed):
            return await asyncio.to_thread(_find_in_sqlite, parsed)
        engine = build_postgres_engine(parsed, pool_size=1)
        try:
            async with engine.connect() as connection:
                return await connection.run_sync(find_revision)
        finally:
            await engine.dispose()
    except (SQLAlchemyError, OSError) as error:
        raise translated(error) from error


def _find_in_sqlite(url: URL) -> str | None:
    if not Path(url.database or "").exists():
        return None
    engine = build_sqlite_engine(url, read_only=True)
    try:
        with engine.connect() as connection:
            return find_revision(connection)
    finally:
        engine.dispose()


def _change_sqlite(url: URL, work: Callable[[Connection], None]) -> None:
    engine = build_sqlite_engine(url)
    try:
        with engine.connect() as connection:
            if work is upgrade and find_revision(connection) == HEAD:
                if Path(url.database or "").stat().st_size <= CHECKED_BYTES_MAX:
                    check_pages(connection)
                return
            # A table is rebuilt by copying it: its children must not notice. The switch works
            # only outside a transaction.
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                work(connection)
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                assert not broken, "a migration must keep every reference"
                connection.exec_driver_sql("COMMIT")
            except BaseException:
                connection.exec_driver_sql("ROLLBACK")
                raise
    finally:
        engine.dispose()


async def _change_postgres(url: URL, work: Callable[[Connection], None]) -> None:
    engine = build_postgres_engine(url, pool_size=1)
    try:
        async with engine.begin() as connection:
            await connection.execute(_LOCK)
            await connection.run_sync(work)
    finally:
        await engine.dispose()


def check_pages(connection: Connection, table: str = "1") -> None:
    """Read every page of a SQLite file, or of one table; a server looks after its own pages.

    Raises:
        UnavailableError: a page is damaged (`database_damaged`).
    """
    if connection.dialect.name != "sqlite":
        return
    found = connection.exec_driver_sql(f"PRAGMA quick_check({table})").scalar()
    if found != "ok":
        raise UnavailableError("database_damaged")


def find_revision(connection: Connection) -> str | None:
    """Return the revision of the database's schema, None when it is empty."""
    # Every start asks this. As plain SQL it costs a tenth of what reading the table's definition does.
    if connection.exec_driver_sql(_HAS_VERSIONS[connection.dialect.name]).scalar() is None:
        return None
    found: str | None = connection.exec_driver_sql(
        "SELECT version_num FROM alembic_version"
    ).scalar()
    return found


def find_oldest(connection: Connection) -> str | None:
    """Return the `HEAD` of the oldest release that may run on the tables; None where none was noted."""
    versions = Table("alembic_version", MetaData(), autoload_with=connection)
    if "oldest" not in versions.c:
        return None
    found: str | None = connection.execute(select(versions.c.oldest)).scalar()
    return found


def _note_oldest(connection: Connection) -> None:
    versions = Table("alembic_version", MetaData(), autoload_with=connection)
    if "oldest" in versions.c:
        connection.execute(update(versions).values(oldest=OLDEST))


def _may_run_on(connection: Connection, revision: str) -> bool:
    """Return whether this release may run on the tables of a newer one."""
    oldest = find_oldest(connection) if revision > HEAD else None
    return oldest is not None and oldest <= HEAD


def upgrade(connection: Connection) -> None:
    """Make or change tables in the connection's transaction; leave newer ones as they are."""
    revision = find_revision(connection)
    if revision == MOVING:
        remedy = "`kvitto move` has not finished; run it once more"
        raise SettingsError("schema_moving", name="DATABASE_URL", remedy=remedy)
    if revision is None:
        _make_tables(connection)
    elif revision != HEAD and not _may_run_on(connection, revision):
        _run_revisions(connection, "head", revision)


def _make_tables(connection: Connection) -> None:
    """Make the tables of an empty database, as all revisions would one after the other."""
    if connection.dialect.name == "postgresql":
        set_postgres_conditions()
    metadata.create_all(connection, checkfirst=False)
    _VERSIONS.create(connection, checkfirst=False)
    connection.execute(insert(_VERSIONS).values(version_num=HEAD, oldest=OLDEST))


def _run_revisions(connection: Connection, target: str, revision: str | None = None) -> None:
    # Loaded only when there is something to do.
    import_without("alembic.command", "pygments")
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    if revision is not None:
        try:
            ScriptDirectory.from_config(config).get_revision(revision)
        except CommandError:
            raise SettingsError(
                "schema_newer", name="DATABASE_URL", found=revision, known=HEAD
            ) from None
    command.upgrade(config, target)
    _note_oldest(connection)
