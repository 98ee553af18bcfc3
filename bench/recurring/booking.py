"""Book 10,000 entries that are due at once, with kills and a second scheduler.

Usage: python -m bench.recurring.booking [sqlite:///path | postgresql://…] [--kills N]. Two schedulers need
PostgreSQL; on SQLite one after the other is killed.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from random import Random

from sqlalchemy import func, select

from bench.recurring.scheduler import NOW, run_tick
from ledger.money import Money
from ledger.recurring.rules import Plan, Rule
from ledger.recurring.series import Series
from ledger.settings import Settings
from ports.repositories import Repositories
from services.recurring.planning import plan_series
from services.scope import Scope
from storage import Database, open_database
from storage.database.tables import entries, message_entries

CHATS, SERIES = 1000, 10
DUE = CHATS * SERIES
SECONDS_MAX = 10.0
CHATS_PER_UNIT = 50
BEGUN = datetime(2026, 11, 20, 12, tzinfo=UTC)
BERLIN = Settings(currency="EUR", timezone="Europe/Berlin", language="en")
RENT = Money(Decimal(850), "EUR")


def begin(repositories: Repositories, chats: range) -> None:
    """Make chats whose every series is due on 1 December."""
    for chat_id in chats:
        ledger = repositories.chats.add(chat_id, "private", "Ann", BERLIN, BEGUN).ledger
        scope = Scope(repositories, ledger, chat_id, BEGUN)
        for number in range(SERIES):
            plan = Plan(Rule("month", 1, date(2026, 12, 1)))
            series = Series(
                f"s{chat_id:06}-{number}", ledger.id, "expense", RENT, f"rent {number}", "housing",
                plan, chat_id, chat_id, BEGUN,
            )  # fmt: skip
            repositories.series.put(series, BEGUN)
            plan_series(scope, series)


async def fill(url: str) -> None:
    """Write all chats."""
    async with open_database(url) as database:
        for first in range(1, CHATS + 1, CHATS_PER_UNIT):
            chats = range(first, first + CHATS_PER_UNIT)
            async with database.units.open(now=BEGUN) as unit:
                await unit.run(partial(begin, chats=chats))


async def count(database: Database) -> tuple[int, int, int]:
    """Return booked entries, different ones among them, and entries that messages confirm."""

    def work(repositories: Repositories) -> tuple[int, int, int]:
        connection = repositories.connection  # type: ignore[attr-defined]
        both = select(func.count(), func.count(entries.c.source_key.distinct()))
        booked = connection.execute(both.where(entries.c.source == "recurring")).one()
        told = connection.execute(select(func.count()).select_from(message_entries)).scalar_one()
        return (*booked, told)

    async with database.units.open(now=NOW) as unit:
        return await unit.run(work)


async def measure_speed(url: str) -> bool:
    """Book all in this process; return whether it was quick enough and complete."""
    await fill(url)
    async with open_database(url) as database:
        started, cpu = time.monotonic(), time.process_time()
        await run_tick(database)
        seconds, cpu = time.monotonic() - started, time.process_time() - cpu
        found = await count(database)
    load = os.getloadavg()[0]
    print(
        f"  {DUE} due at once: {seconds:.1f} s, {cpu:.1f} s of CPU, at a load of {load:.1f} on {os.cpu_count()} CPUs"
    )
    print(f"  booked, different, told: {found}")
    return found == (DUE, DUE, DUE) and cpu <= SECONDS_MAX


async def measure_kills(url: str, kills: int) -> bool:
    """Let schedulers book and be killed, two at a time on PostgreSQL; return whether all is once."""
    await fill(url)
    random = Random(kills)
    schedulers = 2 if url.startswith("postgresql") else 1
    running = [_start(url) for _ in range(schedulers)]
    for number in range(kills):
        await asyncio.sleep(random.uniform(1.5, 4.0))
        victim = number % schedulers
        running[victim].kill()
        running[victim].wait()
        running[victim] = _start(url)
    for one in running:
        await asyncio.to_thread(one.wait)
    async with open_database(url) as database:
        found = await count(database)
    print(f"  {kills} kills, {schedulers} at a time: booked, different, told: {found}")
    return found == (DUE, DUE, DUE)


def _start(url: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "bench.recurring.scheduler", url])


async def main(url: str = "", kills: int = 4) -> bool:
    """Measure both, each over a new SQLite file without a URL."""
    with tempfile.TemporaryDirectory() as folder:
        if url:
            return await measure_kills(url, kills)
        quick = await measure_speed(f"sqlite:///{folder}/speed.db")
        return await measure_kills(f"sqlite:///{folder}/kills.db", kills) and quick


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", nargs="?", default="")
    parser.add_argument("--kills", type=int, default=4)
    given = parser.parse_args()
    sys.exit(0 if asyncio.run(main(given.url, given.kills)) else 1)
