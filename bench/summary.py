"""The database alone, in a big file: 1,000,000 entries in it, 100,000 in the chat.

Query by query, on the clock and on the processor, to see which of them is slow; what a person waits
for, services included, is measured by `bench/figures.py`. Asked is what `/summary month` needs
(totals, days, the same of the month before, budgets), a page of `/list`, a search, and how much
memory a stream of everything takes. Two spreads of the chat's entries: over three years, and all of
them in the month asked for.

Usage: python -m bench.summary [--entries N] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from ledger.entries.queries import Coverage, Cursor, EntryFilter
from ledger.periods.period import Period
from ledger.settings import Settings
from ports.repositories import Repositories
from storage import open_database

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
MONTH = Period(date(2026, 11, 1), date(2026, 12, 1), "month")
BEFORE = Period(date(2026, 10, 1), date(2026, 11, 1), "month")
CATEGORIES = ("groceries", "eating_out", "transport", "housing", "health", "shopping", "other")
SPREAD, DENSE = 1, 2
LEDGERS = 10
ROUNDS = 30


def rows(entries: int, ledger: int, first: int) -> Iterator[tuple[Any, ...]]:
    """Rows of one ledger; every hundredth is deleted, every fiftieth has no rate."""
    at = NOW.isoformat(timespec="microseconds")
    for number in range(first, first + entries):
        back = number % 20 if ledger == DENSE else number % 1000
        day = (NOW.date() - timedelta(days=back)).isoformat()
        minor = number % 9973 + 1
        foreign = number % 50 == 0
        note = f"note {number % 500}"
        base = (None, None, None, None) if foreign else (minor, "EUR", "1", day)
        yield (
            f"e{number:09}", ledger, "expense", minor, "JPY" if foreign else "EUR", *base, day,
            note, None, CATEGORIES[number % len(CATEGORIES)], "[]", 1, "text", ledger, number, 0,
            None, at, at, at if number % 100 == 1 else None, note,
        )  # fmt: skip


async def fill(url: str, entries: int) -> None:
    """Make the ledgers, write the rows by hand."""
    async with open_database(url) as database, database.units.open(now=NOW) as unit:
        settings = Settings("EUR", "UTC", "en")
        for chat_id in range(1, LEDGERS + 1):
            await unit.run(
                lambda repositories, c=chat_id: repositories.chats.add(
                    c, "private", "x", settings, NOW
                )  # type: ignore[misc]
            )
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as raw:
        raw.execute("PRAGMA synchronous = OFF")
        raw.execute("BEGIN")
        places = ", ".join("?" * 24)
        for ledger in range(1, LEDGERS + 1):
            share = entries // LEDGERS
            values = rows(share, ledger, ledger * share)
            raw.executemany(f"INSERT INTO entries VALUES ({places})", values)  # noqa: S608
        raw.execute("COMMIT")


def summary(ledger: int) -> Callable[[Repositories], object]:
    """What `/summary month` needs."""

    def look(repositories: Repositories) -> object:
        return (
            repositories.entries.sums(ledger, MONTH),
            repositories.entries.totals(ledger, BEFORE),
            repositories.budgets.list_all(ledger),
        )

    return look


LOOKS: tuple[tuple[str, Callable[[Repositories], object]], ...] = (
    ("/summary month, 3 years of entries", summary(SPREAD)),
    ("/summary month, all in this month", summary(DENSE)),
    ("a budget's sum, 3 years", lambda b: b.budgets.spent(SPREAD, Coverage(("groceries",)), MONTH)),
    ("first page", lambda b: b.entries.page(SPREAD, EntryFilter(), limit=10)),
    (
        "page in the middle",
        lambda b: b.entries.page(
            SPREAD, EntryFilter(), limit=10, after=Cursor(date(2025, 6, 1), "e0")
        ),
    ),
    ("count of the month", lambda b: b.entries.count(SPREAD, EntryFilter(period=MONTH))),
    ("search, few hits", lambda b: b.entries.page(SPREAD, EntryFilter(words="note 77"), limit=10)),
    ("search, no hit", lambda b: b.entries.page(SPREAD, EntryFilter(words="nothing"), limit=10)),
    ("recent 2000", lambda b: b.entries.recent(SPREAD, 2000)),
)


async def measure(url: str) -> None:
    """Print the table."""
    async with open_database(url) as database:
        for name, look in LOOKS:
            await database.units.read(look)
            taken, worked = list[float](), list[float]()
            for _ in range(ROUNDS):
                start, busy = time.perf_counter(), time.process_time()
                await database.units.read(look)
                taken.append((time.perf_counter() - start) * 1000)
                worked.append((time.process_time() - busy) * 1000)
            middle, worst = statistics.median(taken), sorted(taken)[int(ROUNDS * 0.95)]
            alone = statistics.median(worked)
            print(f"{name:36} p50 {middle:7.2f} p95 {worst:7.2f} processor {alone:7.2f} ms")
        start, before = time.perf_counter(), _peak_mib()
        count = await database.units.read(
            lambda b: sum(
                1
                for ledger in range(1, LEDGERS + 1)
                for _ in b.entries.stream(ledger, EntryFilter())
            )
        )
        seconds = time.perf_counter() - start
        print(
            f"stream of {count} entries: {count / seconds:.0f}/s, +{_peak_mib() - before:.0f} MiB"
        )


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Fill and measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = (options.keep or Path(folder)) / "summary.db"
        if not path.exists():
            asyncio.run(fill(f"sqlite:///{path}", options.entries))
        print(f"{path.stat().st_size / 1e6:.0f} MB")
        asyncio.run(measure(f"sqlite:///{path}"))


if __name__ == "__main__":
    main()
