"""A database of every schema that has landed becomes today's: each row stays, and nothing is damaged."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from bench.upgrade.first_release import load
from storage import open_database
from storage.migrations import FOLDER, HEAD, find_schema, migrate, migrate_to
from storage.moving import Totals, sum_up
from tests.storage.test_migrations import empty_database

pytestmark = pytest.mark.slow

REVISIONS = sorted(path.name[:4] for path in FOLDER.glob("versions/[0-9]*.py"))
NOW = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the first release's data in each schema that has landed, one file each."""
    folder = tmp_path_factory.mktemp("landed")
    load(f"sqlite:///{folder / REVISIONS[0]}", folder / "receipts")
    for before, revision in pairwise(REVISIONS):
        shutil.copyfile(folder / before, folder / revision)
        asyncio.run(migrate_to(f"sqlite:///{folder / revision}", revision))
    return folder


@pytest.fixture(scope="module")
def right_totals(landed: Path) -> Totals:
    return asyncio.run(total_and_check(f"sqlite:///{landed / HEAD}"))


async def total_and_check(url: str) -> Totals:
    """Return what the live entries sum up to; fail where anything is damaged."""
    async with open_database(url) as database:
        assert await database.find_damage(NOW) == []
        return await database.backend.read(sum_up)


@pytest.mark.parametrize("revision", REVISIONS)
async def test_its_data_becomes_todays(
    landed: Path, tmp_path: Path, right_totals: Totals, revision: str
) -> None:
    shutil.copyfile(landed / revision, tmp_path / "kvitto.db")
    url = f"sqlite:///{tmp_path / 'kvitto.db'}"
    assert await find_schema(url) == revision
    await migrate(url)
    assert await find_schema(url) == HEAD
    assert await total_and_check(url) == right_totals
    assert right_totals


def test_rows_of_every_table_stay_from_the_schema_on_in_which_it_landed(
    landed: Path, tmp_path: Path
) -> None:
    """A column without a default that must be filled is refused by tables with rows alone."""
    path = tmp_path / "kvitto.db"
    shutil.copyfile(landed / REVISIONS[0], path)
    filled: set[str] = set()
    for revision in REVISIONS[1:]:
        filled |= fill_empty_tables(path)
        asyncio.run(migrate_to(f"sqlite:///{path}", revision))
    with closing(sqlite3.connect(path)) as connection:
        today = list_tables(connection)
        lost = [name for name in filled if name in today and not count(connection, name)]
    assert lost == []
    assert len(filled) > 10


def fill_empty_tables(path: Path) -> set[str]:
    """Put a row of plain values into each empty table, and return the tables' names."""
    filled = set()
    with closing(sqlite3.connect(path)) as connection:
        for name in list_tables(connection):
            if not count(connection, name):
                values = build_row(connection, name)
                marks = ", ".join("?" for _ in values)
                columns = ", ".join(values)
                connection.execute(
                    f"INSERT INTO {name} ({columns}) VALUES ({marks})",  # noqa: S608
                    list(values.values()),
                )
                filled.add(name)
        connection.commit()
    return filled


def build_row(connection: sqlite3.Connection, table: str) -> dict[str, object]:
    """Return a value for each column; one that refers to a row refers to one that is there."""
    columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
    row = {column[1]: plain_value(column[2]) for column in columns}
    for key in connection.execute(f"PRAGMA foreign_key_list({table})").fetchall():
        parent, column, parent_column = key[2], key[3], key[4]
        found = connection.execute(f"SELECT {parent_column} FROM {parent} LIMIT 1").fetchone()  # noqa: S608
        row[column] = found[0]
    return row


def list_tables(connection: sqlite3.Connection) -> list[str]:
    """Return the tables of ours, those that others refer to first."""
    names = [
        row[0]
        for row in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid"
        )
    ]
    return [name for name in names if not name.startswith(("sqlite_", "alembic_"))]


def count(connection: sqlite3.Connection, table: str) -> int:
    found: int = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
    return found


def plain_value(kind: str) -> object:
    """Return a value that a column of a type takes."""
    if kind.startswith(("INT", "BIG", "SMALL", "BOOL")):
        return 1
    if kind.startswith("DATE"):
        return "2026-11-28"
    return "{}" if kind.startswith("JSON") else "2026-11-28T00:00:00.000000+00:00"


@pytest.mark.external
async def test_a_server_takes_the_same_way(
    landed: Path, tmp_path: Path, postgres_server: str, right_totals: Totals
) -> None:
    """Stops at every schema on the way, as an installation does that takes every release."""
    _ = landed
    url = await empty_database(postgres_server, "every_schema")
    await asyncio.to_thread(load, url, tmp_path / "receipts")
    for revision in REVISIONS[1:]:
        await migrate_to(url, revision)
        assert await find_schema(url) == revision
    assert await total_and_check(url) == right_totals
