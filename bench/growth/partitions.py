"""Ten million entries in one table, and in hash partitions by ledger, through the program's own queries.

    python -m bench.growth partitions [--rows 10000000] [--ledgers 100000] [--partitions 32]

The server makes the rows by itself, in the order in which people write: ledgers side by side, day after day.
The table of the schema `hashed` stands before the plain one in the search path of its turn, so both are asked
by the same code: a summary of a month, a page of a list, a search, and an entry added in a unit of its own,
each of a ledger by chance. Memory of the server is left at its default (128 MB), so most pages come from the
system's cache.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import asyncpg

from bench.growth.texts import create
from ledger.chats import Chat
from ledger.entries.entry import Converted, Entry
from ledger.entries.queries import EntryFilter
from ledger.money import Money
from ledger.periods.period import month_of
from ports.repositories import Repositories
from services.ids import new_id
from services.reporting.reports import list_page, summarise
from services.scope import Scope
from storage import Database, open_database
from storage.migrations import migrate
from tests.postgres import running_postgres

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SEED = 20261120
ASKED = 400
"""Ledgers that are asked by each query, other ones in each round."""

_LEDGERS = """
    INSERT INTO ledgers (id, key, currency, settings, created_at)
    SELECT n, lpad(to_hex(n), 24, '0'), 'EUR',
        '{"currency": "EUR", "timezone": "Europe/Berlin", "language": "en"}', $2
    FROM generate_series(1, $1::bigint) AS n
"""
_CHATS = """
    INSERT INTO chats (chat_id, ledger_id, kind, title)
    SELECT n, n, 'private', 'Ann' FROM generate_series(1, $1::bigint) AS n
"""
_COLUMNS = """id, ledger_id, type, amount_minor, currency, base_minor, base_currency, rate, rate_on,
    spent_on, note, category, tags, paid_by, source, source_key, created_at, updated_at, search"""
_ROWS = f"""
    INSERT INTO filled ({_COLUMNS})
    SELECT lpad(to_hex(n), 26, '0'), 1 + n % $2::bigint, 'expense', 100 + n * 7919 % 8900, 'EUR',
        100 + n * 7919 % 8900, 'EUR', '1', day, day, 'coffee ' || n % 977,
        (ARRAY['groceries', 'eating_out', 'transport', 'housing', 'health', 'other'])[1 + n % 6],
        '[]', 7, 'text', 'tg:' || 1 + n % $2::bigint || ':' || n || ':0', moment, moment,
        'coffee ' || n % 977 || ' '
    FROM generate_series($3::bigint, $4::bigint) AS n,
        LATERAL (SELECT $5::timestamptz - ($1::bigint - n) * $6::interval AS moment) AS written,
        LATERAL (SELECT moment::date AS day) AS spent
"""  # noqa: S608  # our own names
BATCH = 1_000_000


async def build(url: str, rows: int, ledgers: int, partitions: int) -> None:
    """Fill both tables, and index them as the migrations do."""
    connection = await asyncpg.connect(url)
    run = connection.execute
    await run("SET maintenance_work_mem = '1GB'")
    await run("SET synchronous_commit = off")
    await run(_LEDGERS, ledgers, NOW)
    await run(_CHATS, ledgers)
    indexes = await connection.fetch(
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = 'entries'"
    )
    await run("CREATE SCHEMA plain")
    await run("CREATE TABLE plain.entries (LIKE public.entries INCLUDING DEFAULTS)")
    await run("SET search_path = plain")
    await run("ALTER TABLE entries RENAME TO filled")
    pause = NOW - NOW.replace(year=NOW.year - 3)
    for first in range(1, rows + 1, BATCH):
        last = min(first + BATCH - 1, rows)
        await run(_ROWS, rows, ledgers, first, last, NOW, pause / rows)
    await run("ALTER TABLE filled RENAME TO entries")
    await run("CREATE SCHEMA hashed")
    await run(
        "CREATE TABLE hashed.entries (LIKE public.entries INCLUDING DEFAULTS)"
        " PARTITION BY HASH (ledger_id)"
    )
    for number in range(partitions):
        await run(
            f"CREATE TABLE hashed.entries_{number} PARTITION OF hashed.entries"
            f" FOR VALUES WITH (MODULUS {partitions}, REMAINDER {number})"
        )
    await run("INSERT INTO hashed.entries SELECT * FROM plain.entries")
    for schema in ("plain", "hashed"):
        began = time.monotonic()
        for index in indexes:
            await run(_define(index["indexdef"], schema))
        await run(f"VACUUM ANALYZE {schema}.entries")
        print(f"{schema}: indexed in {time.monotonic() - began:.0f} s", flush=True)
    await connection.close()


def _define(definition: str, schema: str) -> str:
    """Return an index of the plain table for a schema; unique ones of partitions need the ledger."""
    made = definition.replace("ON public.entries", f"ON {schema}.entries")
    return made.replace("(id)", "(ledger_id, id)") if schema == "hashed" else made


async def sizes(url: str) -> dict[str, tuple[int, int]]:
    """Return bytes of rows and of indexes by schema."""
    connection = await asyncpg.connect(url)
    found = await connection.fetch(
        "SELECT n.nspname, sum(pg_relation_size(c.oid))::bigint, sum(pg_indexes_size(c.oid))::bigint"
        " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname IN ('plain', 'hashed') AND c.relkind = 'r' GROUP BY 1"
    )
    await connection.close()
    return {row[0]: (row[1], row[2]) for row in found}


def _entry(ledger_id: int, number: int) -> Entry:
    money = Money(Decimal(450) / 100, "EUR")
    name, on = new_id(NOW), date(2026, 11, 20)
    return Entry(
        name, ledger_id, "expense", money, on, "coffee", "eating_out", 7, "text",
        f"bench:{number}:{name}", NOW, NOW, base=Converted(money, Decimal(1), on),
    )  # fmt: skip


def _summarise(repositories: Repositories, chat: Chat) -> None:
    summarise(Scope(repositories, chat.ledger, 0, NOW), month_of(NOW.date(), 1))


def _list(repositories: Repositories, chat: Chat) -> None:
    list_page(Scope(repositories, chat.ledger, 0, NOW), EntryFilter())


def _search(repositories: Repositories, chat: Chat) -> None:
    list_page(Scope(repositories, chat.ledger, 0, NOW), EntryFilter(words="coffee 77"))


def _add(repositories: Repositories, chat: Chat) -> None:
    repositories.entries.add([_entry(chat.ledger.id, chat.chat_id)])


QUERIES: dict[str, Callable[[Repositories, Chat], None]] = {
    "summary of a month": _summarise,
    "page of a list": _list,
    "search": _search,
    "an entry added": _add,
}


async def ask(database: Database, what: str, ledgers: Sequence[int]) -> list[float]:
    """Return the milliseconds of a query for each of these ledgers."""
    work, taken = QUERIES[what], []
    for ledger in ledgers:
        chat = await database.units.read(lambda found, n=ledger: found.chats.of_ledger(n))  # type: ignore[misc]  # a bound default
        began = time.perf_counter()
        if work is _add:
            await database.units.write(lambda found, c=chat: work(found, c))  # type: ignore[misc]
        else:
            await database.units.read(lambda found, c=chat: work(found, c))  # type: ignore[misc]
        taken.append((time.perf_counter() - began) * 1000)
    return taken


async def measure(url: str, ledgers: int, rounds: int) -> dict[tuple[str, str], list[float]]:
    """Ask both tables in turn; return the times by schema and query."""
    found: dict[tuple[str, str], list[float]] = {}
    dice = random.Random(SEED)
    for _ in range(rounds):
        chosen = dice.sample(range(1, ledgers + 1), ASKED)
        for schema in ("plain", "hashed"):
            connection = await asyncpg.connect(url)
            await connection.execute(f"ALTER ROLE kvitto SET search_path = {schema}, public")
            await connection.close()
            async with open_database(url, up_to_date=False) as database:
                for what in QUERIES:
                    # The first of each prepares its statements.
                    await ask(database, what, chosen[:10])
                    found.setdefault((schema, what), []).extend(await ask(database, what, chosen))
    return found


async def compare(base: str, options: argparse.Namespace) -> None:
    url = await create(base, "partitions")
    await migrate(url)
    await build(url, options.rows, options.ledgers, options.partitions)
    print(f"{options.rows} entries of {options.ledgers} ledgers, {options.partitions} partitions")
    for schema, (heap, indexes) in sorted((await sizes(url)).items(), reverse=True):
        print(f"{schema:<8} rows {heap / 1e6:9.0f} MB, indexes {indexes / 1e6:9.0f} MB")
    found = await measure(url, options.ledgers, options.rounds)
    print(f"{'ms':<22}{'plain p50':>11}{'p95':>9}{'hashed p50':>12}{'p95':>9}{'ratio p50':>11}")
    for what in QUERIES:
        plain, hashed = found["plain", what], found["hashed", what]
        cells = [statistics.median(plain), _p95(plain), statistics.median(hashed), _p95(hashed)]
        print(
            f"{what:<22}{cells[0]:>11.2f}{cells[1]:>9.2f}{cells[2]:>12.2f}{cells[3]:>9.2f}"
            f"{cells[2] / cells[0]:>11.2f}"
        )


def _p95(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=20)[-1]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--ledgers", type=int, default=100_000)
    parser.add_argument("--partitions", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        running_postgres(Path(folder) / "postgres", durable=True) as base,
    ):
        asyncio.run(compare(base, options))
    return 0


if __name__ == "__main__":
    sys.exit(main())
