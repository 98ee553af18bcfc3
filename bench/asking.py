"""What a question waits for: 1,000,000 entries in ten ledgers, 100,000 of them the chat's.

`/find` with many, few and no hits, next to the scan of rows by LIKE that it replaces;
`/summary` of a month that holds all 100,000; and the rows of an export. On both databases, or on one.

Usage: python -m bench.asking [--entries N] [--rounds N] [--database sqlite|postgres]
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import asyncpg
from sqlalchemy import Connection, bindparam, func, select, text

from ledger.entries.queries import EntryFilter
from ledger.periods.period import Period
from ledger.settings import Settings
from ports.repositories import Repositories
from services.reporting.reports import list_page, summarise
from services.scope import Scope
from storage import Database, open_database
from storage.database.connections.engine import is_sqlite, parse_url
from storage.database.tables import entries
from tests.postgres import running_postgres

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
MONTH = Period(date(2026, 11, 1), date(2026, 12, 1), "month")
LEDGERS = 10
SPREAD, DENSE = 1, 2
"""Chats whose entries lie in six years, and in one month."""
SEARCHES = (
    ("many hits", "coffee"),
    ("few hits", "shop4711"),
    ("old hits", "attic"),
    ("two letters", "ee"),
    ("no hit", "zzzz"),
    ("two words", "coffee attic"),
)

FILL = """
INSERT INTO entries (id, ledger_id, type, amount_minor, currency, base_minor, base_currency, rate,
    rate_on, spent_on, note, category, category_guessed, tags, marks, paid_by, source, source_key,
    created_at, updated_at, search)
WITH RECURSIVE numbers(n) AS (SELECT CAST(0 AS bigint) UNION ALL SELECT n + 1 FROM numbers WHERE n < :entries - 1)
SELECT 'e' || (n * 7919 % 1000003) || '-' || n, n % 10 + 1, 'expense', n % 9973 + 1, 'EUR',
    n % 9973 + 1, 'EUR', '1', {day}, {day},
    CASE WHEN n % 50 < 10 THEN 'coffee ' WHEN n < 10000 AND n % 100 < 10 THEN 'attic ' ELSE 'bread '
    END || 'shop' || (n / 10 * 7919 % 5003) || ' item' || (n / 10 * 104729 % 1009), 'groceries',
    {false}, '[]', '[]', 1, 'text', 'k' || n, {now}, {now},
    CASE WHEN n % 50 < 10 THEN 'coffee ' WHEN n < 10000 AND n % 100 < 10 THEN 'attic ' ELSE 'bread '
    END || 'shop' || (n / 10 * 7919 % 5003) || ' item' || (n / 10 * 104729 % 1009) || ' '
FROM numbers
"""
_DAY = "'20' || (20 + n / 10 / 17000) || '-0' || (n / 10 % 9 + 1) || '-' || (10 + n / 90 % 19)"
_DENSE_DAY = "'2026-11-' || (10 + n / 10 % 20)"
_CATEGORIES = ("eating_out", "transport", "housing", "health", "shopping", "other")

_SCAN = select(func.count()).where(
    entries.c.ledger_id == bindparam("ledger"),
    entries.c.deleted_at.is_(None),
    # Two added texts keep the planner from the index, so that rows are read as before.
    (entries.c.note + entries.c.search).contains(bindparam("word")),
)


def fill(connection: Connection, number: int) -> None:
    """Write the entries by statements of the database itself."""
    on_sqlite = connection.dialect.name == "sqlite"
    day = f"CASE WHEN n % 10 + 1 = {DENSE} THEN {_DENSE_DAY} ELSE {_DAY} END"
    shapes = {
        "day": day if on_sqlite else f"CAST({day} AS date)",
        "false": "0" if on_sqlite else "false",
        "now": "'2026-11-20T12:00:00.000000+00:00'",
    }
    if not on_sqlite:
        shapes["now"] = f"CAST({shapes['now']} AS timestamptz)"
    statement = FILL.format(**shapes)
    if not on_sqlite:
        statement = statement.replace("'[]'", "CAST('[]' AS json)")
    connection.execute(text(statement), {"entries": number})
    for place, category in enumerate(_CATEGORIES, start=1):
        where = {"category": category, "place": place}
        change = "UPDATE entries SET category = :category WHERE amount_minor % 7 = :place"
        connection.execute(text(change), where)


async def measure(database: Database, rounds: int) -> None:
    """Print the median, the 95th percentile and the processor's time of each question."""
    for name, words in SEARCHES:
        which = EntryFilter(words=words)
        await _time(database, rounds, f"/find, {name}", lambda s, w=which: list_page(s, w))  # type: ignore[misc]
    for name, words in (("many hits", "coffee"), ("no hit", "zzzz")):
        where = {"ledger": SPREAD, "word": words}
        taken = list[float]()
        for _ in range(rounds):
            start = time.perf_counter()
            await database.backend.read(lambda c, w=where: c.execute(_SCAN, w).all())  # type: ignore[misc]
            taken.append(time.perf_counter() - start)
        _print(f"baseline, LIKE over rows, {name}", taken, [])
    await _time(database, rounds, "/summary, all in this month", _summarise, DENSE)
    await _time(database, rounds, "/summary, six years", _summarise)
    await _time(database, 3, "export's rows", _stream)


def _summarise(scope: Scope) -> object:
    return summarise(scope, MONTH)


def _stream(scope: Scope) -> object:
    return sum(1 for _ in scope.repositories.entries.stream(scope.ledger.id))


async def _time(
    database: Database,
    rounds: int,
    name: str,
    ask: Callable[[Scope], object],
    chat_id: int = SPREAD,
) -> None:
    def look(repositories: Repositories) -> object:
        presence = repositories.chats.find(chat_id)
        assert presence is not None
        return ask(Scope(repositories, presence.chat.ledger, 0, NOW))

    taken, worked = list[float](), list[float]()
    await database.units.read(look)
    for _ in range(rounds):
        start, busy = time.perf_counter(), time.process_time()
        await database.units.read(look)
        taken.append(time.perf_counter() - start)
        worked.append(time.process_time() - busy)
    _print(name, taken, worked)


def _print(name: str, taken: list[float], worked: list[float]) -> None:
    middle = statistics.median(taken) * 1000
    worst = sorted(taken)[int(len(taken) * 0.95)] * 1000
    alone = f" processor {statistics.median(worked) * 1000:7.1f}" if worked else ""
    print(f"{name:36} p50 {middle:7.1f} p95 {worst:7.1f}{alone} ms", flush=True)


async def run(url: str, number: int, rounds: int) -> None:
    """Fill a database and measure it."""
    async with open_database(url) as database:
        async with database.units.open(now=NOW) as unit:
            settings = Settings("EUR", "UTC", "en")
            for chat_id in range(1, LEDGERS + 1):
                await unit.run(
                    lambda repositories, c=chat_id: repositories.chats.add(  # type: ignore[misc]
                        c, "private", "x", settings, NOW
                    )
                )
        start = time.perf_counter()
        await database.backend.write(lambda connection: fill(connection, number))
        print(f"filled in {time.perf_counter() - start:.0f} s")
    if not is_sqlite(parse_url(url)):
        # As autovacuum does within a minute; the index alone answers only for vacuumed pages.
        connection = await asyncpg.connect(url)
        await connection.execute("VACUUM ANALYZE entries")
        await connection.close()
    async with open_database(url) as database:
        await measure(database, rounds)


@contextmanager
def _urls(only: str | None, folder: Path) -> Iterator[list[str]]:
    found = [f"sqlite:///{folder / 'asking.db'}"] if only != "postgres" else []
    if only == "sqlite":
        yield found
        return
    with running_postgres(folder / "postgres") as server:
        yield [*found, f"{server}postgres"]


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--database", choices=("sqlite", "postgres"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, _urls(options.database, Path(folder)) as urls:
        for url in urls:
            print(url.partition(":")[0])
            asyncio.run(run(url, options.entries, options.rounds))


if __name__ == "__main__":
    main()
