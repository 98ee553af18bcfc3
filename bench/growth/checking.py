"""How long `kvitto check --ledger` takes over a sound database, and over one with damage in it.

    python -m bench.growth checking [--entries 1000000] [--ledgers 100] [--postgres]

Fills a database with entries that have their history, counts and digests, and runs the command in a
process of its own: once as it is, which must find nothing, and once with one row altered in each of
three ways, which it must name. The yardstick is SQLite's own check of the same file; on PostgreSQL, which has
none, it is a read of each row of the three large tables. CPU is that of the command and of the server.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import psutil
from sqlalchemy import Connection, insert, update

from bench.growth.musts import Must, report
from bench.growth.texts import create_now
from bench.load import ROOT
from ledger.entries.changes import Operation, entry_change
from ports.repositories import Repositories
from storage import open_database
from storage.database.repositories.all import SqlRepositories
from storage.database.repositories.entries.evidence import digest_operation
from storage.database.tables import changes, evidence, operations
from tests.postgres import PostgresServer, open_postgres
from tests.storage.samples import ANN, NOW, TODAY, entry, money, open_chat

SECONDS_MAX = 60
"""For a million entries."""
NOTES = ("coffee", "groceries at the market", "taxi home", "rent", "Äpfel & Birnen")
DAMAGE = {
    "entry_differs_from_history": "UPDATE entries SET amount_minor = amount_minor + 1, "
    "base_minor = base_minor + 1 WHERE id = 'e1-77'",
    "history_incomplete": "DELETE FROM operations WHERE id = 'o2-5'",
    "operation_altered": "UPDATE operations SET verb = 'edit' WHERE id = 'o3-9'",
}


def add_ledger(repositories: Repositories, number: int) -> int:
    """Add a chat with a member; return its ledger."""
    chat = open_chat(repositories, number)
    for kind in ("weekly", "monthly"):
        repositories.schedules.plan(chat.ledger.id, kind, NOW)
    return chat.ledger.id


def fill(connection: Connection, number: int, count: int) -> None:
    """Fill a ledger with entries that were each booked by an operation of its own."""
    repositories = SqlRepositories(connection)
    ledger = add_ledger(repositories, number)
    made, operation_rows, change_rows = [], [], []
    for place in range(count):
        name = f"{number}-{place}"
        one = entry(
            ledger,
            id=f"e{name}",
            money=money(f"{place % 9000 / 100 + 1:.2f}"),
            note=f"{NOTES[place % len(NOTES)]} {place}",
            spent_on=TODAY - timedelta(days=place % 900),
            paid_by=ANN,
        )
        made.append(one)
        change = entry_change(None, one)
        assert change is not None
        operation = Operation(f"o{name}", ledger, ANN, "capture", NOW)
        operation_rows.append(
            {
                "id": operation.id,
                "ledger_id": ledger,
                "user_id": ANN,
                "verb": "capture",
                "at": NOW,
                "number": place + 1,
                "digest": digest_operation(operation, [change]),
            }
        )
        change_rows.append(
            {
                "operation_id": operation.id,
                "ledger_id": ledger,
                "subject": change.subject,
                "subject_id": change.subject_id,
                "after": change.after,
            }
        )
    repositories.entries.add(made)
    connection.execute(insert(operations), operation_rows)
    connection.execute(insert(changes), change_rows)
    where = evidence.c.ledger_id == ledger
    connection.execute(update(evidence).where(where).values(operations=count))


async def build(url: str, count: int, ledgers: int) -> None:
    async with open_database(url) as database:
        for number in range(1, ledgers + 1):
            await database.backend.write(lambda c, n=number: fill(c, n, count // ledgers))  # type: ignore[misc]  # a bound default


@dataclass(frozen=True, slots=True)
class Checked:
    """What a run of the command found, and what it took; seconds."""

    kinds: set[str]
    seconds: float
    cpu: float


class SqliteFile:
    """A file in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "kvitto.db"
        self.url = f"sqlite:///{self.path}"

    def cpu_seconds(self) -> float:
        return 0.0

    def megabytes(self) -> float:
        return self.path.stat().st_size / 1e6

    def read_all(self) -> None:
        self._run(["PRAGMA integrity_check"])

    def damage(self) -> None:
        self._run(["PRAGMA foreign_keys = OFF", *DAMAGE.values()])

    def _run(self, statements: Sequence[str]) -> None:
        with closing(sqlite3.connect(self.path, isolation_level=None)) as connection:
            for statement in statements:
                connection.execute(statement).fetchall()


class PostgresDatabase:
    """A database of a server of its own."""

    def __init__(self, server: PostgresServer) -> None:
        self.url = create_now(server.url, "checked")
        assert server.process is not None
        self._process = psutil.Process(server.process.pid)

    def cpu_seconds(self) -> float:
        """Return the seconds of sessions that have ended."""
        times = self._process.cpu_times()
        return float(times.children_user + times.children_system)

    def megabytes(self) -> float:
        return float(self._run(["SELECT pg_database_size('checked')"])) / 1e6

    def read_all(self) -> None:
        tables = ("entries", "operations", "changes")
        self._run([f"SELECT sum(hashtext(t::text)) FROM {table} AS t" for table in tables])  # noqa: S608  # our own names

    def damage(self) -> None:
        self._run(["SET session_replication_role = replica", *DAMAGE.values()])

    def _run(self, statements: Sequence[str]) -> Any:  # noqa: ANN401  # whatever the last one selects
        async def run() -> Any:  # noqa: ANN401  # as above
            connection = await asyncpg.connect(self.url)
            for statement in statements:
                found = await connection.fetchval(statement)
            await connection.close()
            return found

        return asyncio.run(run())


Checkable = SqliteFile | PostgresDatabase


def check(database: Checkable, folder: Path) -> Checked:
    """Run the command."""
    server, began = database.cpu_seconds(), time.monotonic()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "check", "--ledger"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database.url, "RECEIPT_STORE": f"{folder}/receipts"},
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - began
    # The server's session ends a moment after the command.
    time.sleep(1)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    kinds = {line.partition(": ")[2].partition(" ")[0] for line in ended.stdout.splitlines()}
    return Checked(kinds - {"ok"}, seconds, cpu + database.cpu_seconds() - server)


def measure(database: Checkable, folder: Path, options: argparse.Namespace) -> bool:
    """Print the rows; return whether the bound is met."""
    began = time.monotonic()
    asyncio.run(build(database.url, options.entries, options.ledgers))
    size, seconds = database.megabytes(), time.monotonic() - began
    print(f"{options.entries} entries, {size:.0f} MB, written in {seconds:.0f} s", flush=True)
    began = time.monotonic()
    database.read_all()
    baseline = f"yardstick {time.monotonic() - began:.1f} s"
    sound = check(database, folder)
    assert not sound.kinds, sound.kinds
    database.damage()
    spoiled = check(database, folder)
    missing = set(DAMAGE) - spoiled.kinds
    assert not missing, missing
    bound = Must(SECONDS_MAX * options.entries / 1_000_000)
    met = True
    for what, found in (("nothing wrong", sound), ("three damages", spoiled)):
        more = f"{found.cpu:.1f} s of CPU, {baseline}"
        met &= report(f"check, {what}", found.seconds, "s", bound, more)
    return met


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--ledgers", type=int, default=100)
    parser.add_argument("--postgres", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        database: Checkable
        if options.postgres:
            database = PostgresDatabase(stack.enter_context(open_postgres(folder / "postgres")))
        else:
            database = SqliteFile(folder)
        return int(not measure(database, folder, options))


if __name__ == "__main__":
    sys.exit(main())
