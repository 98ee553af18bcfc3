"""What a person waits for in a big ledger: a million entries in the file, a tenth in the chat.

Through the services, as the bot does it; `bench/summary.py` has the single queries below them.
Prints the time of `/summary` (week, month, year), of a page and a search, and of an export with what
it adds to the resident memory. With `--one-ledger` all entries are one chat's (promise L08). Nothing
is warmed but by the first call, which is printed apart.

Usage: python -m bench.figures [--rows N] [--one-ledger]
"""

from __future__ import annotations

import argparse
import asyncio
import random
import resource
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bot.engine.documents import DocumentProcess
from ledger.categories import SPENDING
from ledger.chats import Chat
from ledger.entries.queries import EntryFilter
from ledger.formats.known import FORMATS
from ledger.periods.period import Period, month_of, week_of
from ledger.settings import Settings
from ports.repositories import Repositories
from services.exporting.exporter import Exporter
from services.exporting.request import ExportRequest
from services.reporting.reports import list_page, summarise
from services.scope import Scope
from storage import Database, open_database
from storage.blobs.disk import DiskBlobs

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TODAY = NOW.date()
SETTINGS = Settings(currency="EUR", timezone="Europe/Berlin", language="en")
DAYS = 1100
LEDGERS = 10
ROUNDS = 30

COLUMNS = (
    "id, ledger_id, type, amount_minor, currency, base_minor, base_currency, rate, rate_on, "
    "spent_on, note, category, tags, paid_by, source, source_key, "
    "created_at, updated_at, search, marks"
)


def rows(count: int, ledgers: int) -> Iterator[tuple[Any, ...]]:
    dice = random.Random(1)
    at = NOW.isoformat(timespec="microseconds")
    for number in range(count):
        ledger = 1 + number % ledgers
        on = (TODAY - dice.randrange(DAYS) * timedelta(days=1)).isoformat()
        minor = dice.randint(100, 9000)
        note = f"note {number}"
        yield (
            *(f"{dice.randrange(10**24):026}", ledger, "expense", minor, "EUR", minor, "EUR"),
            *("1", on, on, note, dice.choice(SPENDING), "[]", 7, "text", f"tg:{ledger}:{number}:0"),
            *(at, at, note, "[]"),
        )


async def fill(path: Path, count: int, ledgers: int) -> None:
    async with (
        open_database(f"sqlite:///{path}") as database,
        database.units.open(now=NOW) as unit,
    ):
        await unit.run(
            lambda repositories: [
                repositories.chats.add(1 + n, "private", "Ann", SETTINGS, NOW)
                for n in range(ledgers)
            ]
        )
    with sqlite3.connect(path) as connection:
        marks = ", ".join("?" * len(COLUMNS.split(",")))
        connection.executemany(
            f"INSERT INTO entries ({COLUMNS}) VALUES ({marks})",  # noqa: S608  # our own names
            rows(count, ledgers),
        )


def _summarise(period: Period, repositories: Repositories, chat: Chat) -> object:
    return summarise(Scope(repositories, chat.ledger, 0, NOW), period)


async def timed(
    database: Database, name: str, work: Callable[[Repositories, Chat], object]
) -> None:
    def look(repositories: Repositories) -> list[float]:
        chat = repositories.chats.of_ledger(1)
        seconds = []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            work(repositories, chat)
            seconds.append(time.perf_counter() - started)
        return seconds

    first, *rest = await database.units.read(look)
    figures = (first, statistics.median(rest), sorted(rest)[-2])
    print(f"{name:<16}" + "".join(f"{seconds * 1e3:10.2f}" for seconds in figures))


async def measure(path: Path) -> None:
    year = Period(date(2026, 1, 1), date(2027, 1, 1), "year")
    async with open_database(f"sqlite:///{path}") as database:
        print(f"{'milliseconds':<16}{'first':>10}{'median':>10}{'p95':>10}")
        for name, period in (
            ("summary week", week_of(TODAY, 0)),
            ("summary month", month_of(TODAY, 1)),
            ("summary year", year),
        ):
            await timed(database, name, partial(_summarise, period))
        await timed(
            database, "list", lambda b, c: list_page(Scope(b, c.ledger, 0, NOW), EntryFilter())
        )
        words = EntryFilter(words="note 77")
        await timed(database, "find", lambda b, c: list_page(Scope(b, c.ledger, 0, NOW), words))
        count = await database.units.read(lambda found: found.entries.count(1, EntryFilter()))
        await measure_exports(database, path.parent, count)


async def measure_exports(database: Database, folder: Path, rows: int) -> None:
    """Print the time of each format that holds this many rows, and how memory grew in this process."""
    exporter = Exporter(database.units, DiskBlobs(folder / "receipts"), DocumentProcess())
    for name, form in FORMATS.items():
        if form.rows_max and rows > form.rows_max:
            continue
        with tempfile.TemporaryDirectory() as target:
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            started, worked = time.perf_counter(), _cpu_seconds()
            files = await exporter.write(1, ExportRequest(name), Path(target), now=NOW)
            seconds, cpu = time.perf_counter() - started, _cpu_seconds() - worked
            grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
            written = sum(file.rows for file in files)
            size = sum(file.path.stat().st_size for file in files) / 1e6
        print(
            f"{name:<16}{seconds:8.1f} s, {cpu:.1f} s of CPU for {written} rows,"
            f" {size:.1f} MB, +{grown:.0f} MB resident"
        )


def _cpu_seconds() -> float:
    """Return the time that this process and its ended children worked."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, kinds))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--one-ledger", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        asyncio.run(fill(path, given.rows, 1 if given.one_ledger else LEDGERS))
        asyncio.run(measure(path))


if __name__ == "__main__":
    main()
