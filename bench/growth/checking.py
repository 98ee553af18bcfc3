"""How long `kvitto check --ledger` takes over a sound database, and over one with damage in it.

    python -m bench.growth checking [--entries 1000000] [--ledgers 100]

Fills a SQLite file with entries that have their history, counts and digests, and runs the command in a
process of its own: once as it is, which must find nothing, and once with one row altered in each of
three ways, which it must name. The yardstick is SQLite's own check of the same file.
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
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, insert, update

from bench.load import ROOT
from ledger.entries.changes import Operation, entry_change
from ports.repositories import Repositories
from storage import open_database
from storage.database.repositories.all import SqlRepositories
from storage.database.repositories.entries.evidence import digest_operation
from storage.database.tables import changes, evidence, operations
from tests.storage.samples import ANN, NOW, TODAY, entry, money, open_chat

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


def check(url: str, folder: str) -> tuple[set[str], float, float]:
    """Run the command; return the kinds that it found, its seconds, and its CPU seconds."""
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "check", "--ledger"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, "RECEIPT_STORE": f"{folder}/receipts"},
        capture_output=True,
        text=True,
        check=False,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    kinds = {line.partition(": ")[2].partition(" ")[0] for line in ended.stdout.splitlines()}
    return kinds - {"ok"}, time.monotonic() - began, cpu


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--ledgers", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kvitto.db"
        url = f"sqlite:///{path}"
        began = time.monotonic()
        asyncio.run(build(url, options.entries, options.ledgers))
        size = path.stat().st_size / 1e6
        print(
            f"{options.entries} entries, {size:.0f} MB, written in {time.monotonic() - began:.0f} s"
        )
        began = time.monotonic()
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA integrity_check").fetchall()
        print(f"SQLite's own check      {time.monotonic() - began:6.1f} s")
        kinds, seconds, cpu = check(url, folder)
        print(
            f"check, nothing wrong    {seconds:6.1f} s, {cpu:.1f} s of CPU, found {kinds or 'nothing'}"
        )
        assert not kinds
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA foreign_keys = OFF")
            for statement in DAMAGE.values():
                connection.execute(statement)
        kinds, seconds, cpu = check(url, folder)
        missing = set(DAMAGE) - kinds
        print(
            f"check, three damages    {seconds:6.1f} s, {cpu:.1f} s of CPU, missed {missing or 'none'}"
        )
        assert not missing


if __name__ == "__main__":
    main()
