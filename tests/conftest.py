"""Fixtures for every suite: real databases of both kinds, empty and migrated."""

from __future__ import annotations

import asyncio
import itertools
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from storage import Database, open_database
from storage.migrations import migrate
from tests.postgres import running_postgres

_NUMBERS = itertools.count()


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a running server, up to the database's name."""
    with running_postgres(tmp_path_factory.mktemp("postgres") / "server") as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """Name of a migrated database; copies of it are made in a few milliseconds."""
    asyncio.run(_create(postgres_server, "kvitto_template"))
    asyncio.run(migrate(postgres_server + "kvitto_template"))
    return "kvitto_template"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    asyncio.run(migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.external)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an empty, migrated database of its own: once SQLite, once PostgreSQL."""
    if request.param == "sqlite":
        path = tmp_path / "kvitto.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite:///{path}"
    server: str = request.getfixturevalue("postgres_server")
    template: str = request.getfixturevalue("postgres_template")
    name = f"test_{next(_NUMBERS)}"
    asyncio.run(_create(server, name, template))
    return server + name


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open database of either kind."""
    async with open_database(database_url) as opened:
        yield opened


async def _create(server: str, name: str, template: str = "template1") -> None:
    connection = await asyncpg.connect(server + "postgres")
    try:
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    finally:
        await connection.close()
