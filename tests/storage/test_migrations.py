"""Migrations: the tables as the code has them, killed at any moment, never backwards."""

from __future__ import annotations

import asyncio
import os
import re
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from ledger.errors import SettingsError, UnavailableError
from storage import Database, open_database
from storage.database.tables import metadata
from storage.database.tables.base import set_postgres_conditions
from storage.migrations import (
    FOLDER,
    HEAD,
    OLDEST,
    build_schema,
    find_oldest,
    find_schema,
    migrate,
)

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


TAKES_AWAY = re.compile(
    r"\.(drop_\w+|rename_table)\(|new_column_name|nullable=False(?![^\n]*(server_default|primary_key))"
    r"|type_=|unique=True|UPDATE|DELETE"
)
"""What a migration does that an older release may not get along with, apart from making tables."""


def test_migrations_that_take_away_raise_the_oldest_release() -> None:
    """Or say in a comment `# older releases: …` why those that run on it get along with it."""
    for path in sorted(FOLDER.glob("versions/*.py")):
        source = path.read_text()
        if path.name[:4] <= OLDEST or "# older releases:" in source:
            continue
        source = re.sub(r"op\.create_table\(.*?\n    \)\n", "", source, flags=re.DOTALL)
        found = TAKES_AWAY.search(source)
        assert found is None, f"{path.name}: {found} needs OLDEST = {path.name[:4]!r}"


def test_head_is_the_newest_revision() -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


async def test_the_revisions_make_the_tables_that_the_code_uses(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        set_postgres_conditions()
        return list(compare_metadata(context, metadata))

    async with database.backend.begin() as transaction:
        assert await transaction.run(differences) == []


def describe(connection: Connection) -> dict[str, object]:
    """Return all that a schema is made of; the order of columns may differ."""
    inspector = inspect(connection)
    found: dict[str, object] = {}
    for name in inspector.get_table_names():
        columns = {
            one["name"]: (str(one["type"]), one["nullable"], plain_default(one["default"]))
            for one in inspector.get_columns(name)
        }
        parts: list[Any] = [
            inspector.get_pk_constraint(name),
            *inspector.get_foreign_keys(name),
            *inspector.get_unique_constraints(name),
            *inspector.get_check_constraints(name),
            *inspector.get_indexes(name),
        ]
        # SQLite keeps the name of a key whose table was renamed; PostgreSQL renames it.
        if connection.dialect.name == "sqlite":
            parts = [one if "column_names" in one else {**one, "name": None} for one in parts]
        found[name] = (columns, sorted(map(write_part, parts)), inspector.get_table_options(name))
    if connection.dialect.name == "postgresql":
        found["functions"] = sorted(connection.exec_driver_sql(OTHERS).scalars())
    return found


def write_part(part: dict[str, Any]) -> str:
    """Write a key, a check or an index."""
    options = part.get("dialect_options", {})
    return (
        f"{ ({**part, 'dialect_options': {name: str(value) for name, value in options.items()}}) }"
    )


def plain_default(default: str | None) -> str | None:
    """Return a column's default without the brackets that some versions of Alembic write."""
    return default.strip("()") if default else default


OTHERS = """
SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION ALL SELECT 'extension ' || extname FROM pg_extension
UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT relname || ' ' || array_to_string(reloptions, ',') FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND reloptions IS NOT NULL
UNION ALL SELECT 'sequence ' || sequencename || ' ' || data_type FROM pg_sequences
UNION ALL SELECT table_name || '.' || column_name || ' ' || is_identity || coalesce(collation_name, '')
    FROM information_schema.columns WHERE table_schema = 'public'
"""
"""What SQLAlchemy's inspector does not tell of PostgreSQL."""


async def test_a_new_database_has_the_tables_that_the_revisions_make(
    database_url: str, database: Database, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'revised.db'}"
    if not database_url.startswith("sqlite"):
        url = await empty_database(request.getfixturevalue("postgres_server"), "revised")
    await build_schema(url, HEAD)
    made = await database.backend.read(describe)
    async with open_database(url, up_to_date=False) as revised:
        assert await revised.backend.read(describe) == made
        assert await revised.backend.read(find_oldest) == OLDEST


async def test_migrating_again_and_by_several_at_once_changes_nothing(database_url: str) -> None:
    await asyncio.gather(*(migrate(database_url) for _ in range(4)))


async def test_several_processes_may_make_the_first_schema_at_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new' / 'kvitto.db'}"
    await asyncio.gather(*(migrate(url) for _ in range(4)))
    async with open_database(url) as database:
        assert await database.inbox.count() == 0


@pytest.mark.external
async def test_several_processes_may_make_the_first_schema_at_once_on_postgres(
    postgres_server: str,
) -> None:
    url = await empty_database(postgres_server, "together")
    await asyncio.gather(*(migrate(url) for _ in range(4)))
    async with open_database(url) as database:
        assert await database.inbox.count() == 0


async def upgrade_by_newer_release(url: str, oldest: str | None) -> None:
    """Leave the tables as a release of the future would, which notes the oldest one that may run."""
    newer = text("UPDATE alembic_version SET version_num = '9999', oldest = :oldest")
    async with open_database(url) as database:
        await database.backend.write(lambda c: c.execute(newer, {"oldest": oldest}).rowcount)


async def test_an_older_release_starts_on_tables_that_only_have_more(database_url: str) -> None:
    async with open_database(database_url) as database:
        assert await database.backend.read(find_oldest) == OLDEST
    await upgrade_by_newer_release(database_url, HEAD)
    async with open_database(database_url) as database:
        assert await database.inbox.count() == 0
    assert await find_schema(database_url) == "9999"


@pytest.mark.parametrize("oldest", ["9999", None], ids=["takes_away", "not_noted"])
async def test_a_newer_schema_stops_the_start_before_anything_is_written(
    database_url: str, oldest: str | None
) -> None:
    await upgrade_by_newer_release(database_url, oldest)
    with pytest.raises(SettingsError) as stopped:
        async with open_database(database_url):
            pass
    assert stopped.value.message_id == "schema_newer"
    assert stopped.value.values["name"] == "DATABASE_URL"


WRONG = [
    "",
    "kvitto.db",
    "sqlite://",
    "sqlite:///:memory:",
    "mysql://localhost/kvitto",
    "postgresql://localhost",
    "redis://localhost",
    "http://x y",
]


@pytest.mark.parametrize("url", WRONG)
async def test_a_wrong_url_names_its_setting_and_not_its_value(url: str) -> None:
    with pytest.raises(SettingsError) as stopped:
        async with open_database(url):
            pass
    assert stopped.value.values == {"name": "DATABASE_URL"}
    if url:
        assert url not in str(stopped.value)


async def test_a_server_that_is_away_is_told_so() -> None:
    with pytest.raises(UnavailableError):
        async with open_database("postgresql://kvitto:secret@127.0.0.1:1/kvitto"):
            pass


async def test_a_file_that_is_no_database_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"this is no database at all" * 100)
    with pytest.raises(UnavailableError):
        async with open_database(f"sqlite:///{tmp_path / 'x.db'}"):
            pass


@pytest.mark.external
async def test_a_server_that_refuses_is_a_wrong_setting(postgres_server: str) -> None:
    with pytest.raises(SettingsError):
        async with open_database(postgres_server + "no_such_database"):
            pass


# --- killed ---------------------------------------------------------------------------------------

_CHILD = """
import asyncio, sys
from storage.migrations import migrate
import storage.database.connections.sqlite, alembic.command
print("ready", flush=True)
asyncio.run(migrate(sys.argv[1]))
"""


def kill_while_migrating(url: str, seconds: float) -> bool:
    """Start a migration, kill it after a while; say whether it was still running."""
    child = subprocess.Popen(
        [sys.executable, "-c", _CHILD, url],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert child.stdout is not None
    child.stdout.readline()
    time.sleep(seconds)
    running = child.poll() is None
    child.kill()
    child.wait()
    child.stdout.close()
    return running


async def test_a_killed_migration_ends_at_the_next_start(tmp_path: Path) -> None:
    """Row U02, shortened."""
    killed = 0
    for number in range(6):
        path = tmp_path / f"{number}.db"
        await build_schema(f"sqlite:///{path}", "0001")
        killed += kill_while_migrating(f"sqlite:///{path}", 0.02 + 0.06 * number)
        await migrate(f"sqlite:///{path}")
        connection = sqlite3.connect(path)
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
        assert not [name for name in names if "_alembic_tmp_" in name]
        assert set(metadata.tables) <= names
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()
    assert killed, "none was hit in the middle: the pauses are too long"


@pytest.mark.external
async def test_a_killed_migration_ends_at_the_next_start_on_postgres(postgres_server: str) -> None:
    for number in range(3):
        url = await empty_database(postgres_server, f"killed_{number}")
        await build_schema(url, "0001")
        kill_while_migrating(url, 0.1 + 0.15 * number)
        await migrate(url)
        async with open_database(url) as database:
            assert await database.inbox.count() == 0


async def empty_database(server: str, name: str) -> str:
    connection = await asyncpg.connect(server + "postgres")
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    return server + name
