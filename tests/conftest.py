"""Fixtures for every suite: real databases of both kinds, empty and migrated."""

from __future__ import annotations

import asyncio
import gc
import itertools
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import pytest
from hypothesis import HealthCheck, settings

from ports.aws import AwsAccess
from storage import Database, open_database
from storage.database.tables import metadata
from storage.migrations import HEAD, OLDEST, migrate
from tests.aws import running_aws
from tests.failures import Failures
from tests.guard import forbid_network
from tests.leftovers import no_thread_left
from tests.postgres import running_postgres

forbid_network()

# How long an example takes says more of the machine than of us: by itself Hypothesis fails one of 0.2 seconds.
settings.register_profile(
    "unhurried", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("unhurried")

_NUMBERS = itertools.count()
_used: list[str] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--failures-to",
        type=Path,
        metavar="FILE",
        help="write the tests that may be tried once more, one a line",
    )


GC_OBJECTS = 10_000
"""New objects after which Python looks for cycles; its own 700 is for programs that hold less than a suite."""


def pytest_configure(config: pytest.Config) -> None:
    gc.set_threshold(GC_OBJECTS)
    file = config.getoption("failures_to")
    if file and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Failures(file))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put long files first, so that no process ends the run alone with one of them."""
    long = {
        item.path
        for item in items
        if any(mark.name in {"external", "browser", "slow"} for mark in item.iter_markers())
    }
    items.sort(key=lambda item: item.path not in long)


def pytest_collection_finish() -> None:
    # Thousands of tests stay until the end. Each look for cycles among them takes a part of a second, and all
    # of those took a sixth of the quick suite.
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _ended_threads() -> Iterator[None]:
    # The first fixture of a test ends last, after its event loop.
    with no_thread_left():
        yield


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of a running server, up to the database's name."""
    # Not in pytest's own folder: whenever another pytest starts, that is closed to the server's user.
    with (
        TemporaryDirectory(prefix="kvitto-postgres-") as folder,
        running_postgres(Path(folder) / "server") as url,
    ):
        yield url


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AwsAccess]:
    """Access to a running server of S3 and SQS; mark such tests `external`."""
    with running_aws(tmp_path_factory.mktemp("aws")) as access:
        yield access


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


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """URL of an empty, migrated file of its own."""
    path = tmp_path / "kvitto.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """URL of an empty, migrated database; mark such tests `external`.

    Making one takes a tenth of a second, emptying a used one a hundredth.
    """
    if not _used:
        _used.append(f"test_{next(_NUMBERS)}")
        asyncio.run(_create(postgres_server, _used[-1], postgres_template))
    name = _used.pop()
    yield postgres_server + name
    if asyncio.run(_empty(postgres_server + name)):
        _used.append(name)


@pytest.fixture(params=["sqlite_url", pytest.param("postgres_url", marks=pytest.mark.external)])
def database_url(request: pytest.FixtureRequest) -> str:
    """URL of an empty, migrated database of its own: once SQLite, once PostgreSQL."""
    url: str = request.getfixturevalue(request.param)
    return url


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


# TRUNCATE would make new files for hundreds of tables and indexes, which takes ten times as long.
_EMPTY = "; ".join(
    [
        "SET lock_timeout = 500",
        # No trigger checks references, so the order of the tables does not matter.
        "SET session_replication_role = replica",
        *(f'DELETE FROM "{name}"' for name in metadata.tables),  # noqa: S608  # our own names
        """SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false)
            FROM pg_sequences WHERE last_value IS NOT NULL""",
        # What a move leaves that was not finished.
        "DROP TABLE IF EXISTS move_progress",
        f"UPDATE alembic_version SET version_num = '{HEAD}', oldest = '{OLDEST}'",  # noqa: S608  # our own number
    ]
)
_BUSY = """SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
    AND backend_type = 'client backend'"""


async def _empty(url: str) -> bool:
    """Empty every table; False when a test left something behind that is in the way."""
    connection = await asyncpg.connect(url)
    try:
        if await connection.fetchval(_BUSY):
            return False
        await connection.execute(_EMPTY)
    except asyncpg.PostgresError:
        return False
    finally:
        await connection.close()
    return True
