"""What pushes cost: planning one, and a minute in which many chats are due at once (S07).

`plan` is the pure arithmetic of one schedule. `due` gives every chat a ledger of twenty entries,
moves the clock to its Sunday evening and ticks as the program does: a unit of twenty pushes, claimed,
summed up and committed, until none is left. `idle` is a tick that finds nothing, among all of them.

Usage: python -m bench.schedule [sqlite:///path | postgresql://…] [--chats N]
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial

from ledger.entry import Converted, Entry
from ledger.money import Money
from ledger.schedule import next_push
from ledger.settings import Settings
from ports.repositories import Repositories
from services.reporting.pushes import plan
from services.schedules import TAKE_LIMIT, Taken, take_due
from services.scope import Scope
from storage import Database, open_database

FRIDAY = datetime(2026, 11, 20, 12, tzinfo=UTC)
SUNDAY = datetime(2026, 11, 22, 17, tzinfo=UTC)
BERLIN = Settings(currency="EUR", timezone="Europe/Berlin", language="en")
ENTRIES = 20
BATCH = 200
COFFEE = Money(Decimal("4.50"), "EUR")


def begin(repositories: Repositories, chats: range) -> None:
    """Make chats with a ledger, a schedule and some entries of this week and the last."""
    for chat_id in chats:
        chat = repositories.chats.add(chat_id, "private", "Ann", BERLIN, FRIDAY)
        plan(Scope(repositories, chat.ledger, 0, FRIDAY))
        repositories.entries.add([entry(chat.ledger.id, chat_id, n) for n in range(ENTRIES)])


def entry(ledger_id: int, chat_id: int, number: int) -> Entry:
    on = date(2026, 11, 20) - number % 12 * timedelta(days=1)
    return Entry(
        id=f"e{chat_id:08}-{number:03}",
        ledger_id=ledger_id,
        type="expense",
        money=COFFEE,
        spent_on=on,
        note="coffee",
        category="eating_out",
        paid_by=chat_id,
        source="text",
        source_key=f"tg:{chat_id}:{number}:0",
        created_at=FRIDAY,
        updated_at=FRIDAY,
        base=Converted(COFFEE, Decimal(1), on),
    )


async def tick(database: Database, now: datetime) -> Taken:
    async with database.units.open(now=now) as unit:
        return await unit.run(lambda repositories: take_due(repositories, now))


async def measure(database: Database, chats: int) -> None:
    for first in range(1, chats + 1, BATCH):
        batch = range(first, min(first + BATCH, chats + 1))
        async with database.units.open(now=FRIDAY) as unit:
            await unit.run(partial(begin, chats=batch))
    started = time.perf_counter()
    for _ in range(100):
        assert not (await tick(database, FRIDAY)).pushes
    idle = (time.perf_counter() - started) / 100
    started, sent = time.perf_counter(), 0
    while (taken := await tick(database, SUNDAY)).pushes:
        sent += len(taken.pushes)
    seconds = time.perf_counter() - started
    assert sent == chats, f"{sent} pushes for {chats} chats"
    print(f"idle   {idle * 1e3:8.2f} ms a tick among {chats} schedules")
    print(f"due    {seconds:8.1f} s for {sent} chats, {sent / seconds:.0f} a second")
    print(f"       {seconds / sent * TAKE_LIMIT * 1e3:8.1f} ms a unit of {TAKE_LIMIT}")


def measure_plan() -> None:
    zones = ("Europe/Berlin", "America/Santiago", "Australia/Lord_Howe", "Asia/Tokyo")
    times = 20_000
    started = time.perf_counter()
    for number in range(times):
        settings = replace(BERLIN, timezone=zones[number % 4], weekly_hour=number % 24)
        at = FRIDAY + timedelta(hours=number)
        assert next_push("weekly", settings, now=at, last_period=None)
    print(f"plan   {(time.perf_counter() - started) / times * 1e6:8.1f} µs a schedule")


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", nargs="?")
    parser.add_argument("--chats", type=int, default=10_000)
    given = parser.parse_args()
    measure_plan()
    with tempfile.TemporaryDirectory() as folder:
        async with open_database(given.url or f"sqlite:///{folder}/bench.db") as database:
            await measure(database, given.chats)


if __name__ == "__main__":
    asyncio.run(main())
