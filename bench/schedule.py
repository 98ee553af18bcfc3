"""What pushes cost: planning one, and an hour in which many chats are due at once (S07).

`plan` is the pure arithmetic of one schedule. Every chat gets a ledger of some entries, in one of
some zones and hours, all due by one Sunday evening. `idle` is a tick that finds nothing among all of
them; `claim` claims every push and plans its next time; `compose` sums claimed ones up and queues
them, a part of them. Beside both stands the longest time for which the event loop was held.

Usage: python -m bench.schedule [sqlite:///path | postgresql://…] [--chats N]
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial

from ledger.entries.entry import Converted, Entry
from ledger.money import Money
from ledger.periods.schedule import next_push
from ledger.settings import Settings
from ports.repositories import Repositories
from services.reporting.pushes import claim_due, plan
from services.reporting.recaps import COMPOSE_LIMIT, compose_due
from services.scope import Scope
from storage import Database, open_database

FRIDAY = datetime(2026, 11, 20, 12, tzinfo=UTC)
SUNDAY = datetime(2026, 11, 22, 17, tzinfo=UTC)
BERLIN = Settings(currency="EUR", timezone="Europe/Berlin", language="en")
COMPOSED = 400
"""Pushes that are composed; the others wait for the sender anyway."""
ENTRIES = 20
BATCH = 200
ZONES = ("Europe/Berlin", "Europe/Madrid", "Africa/Lagos", "Asia/Kolkata", "Asia/Tokyo")
LANGUAGES = ("en", "de", "en-GB", "fr", "ja", "pt-BR", "uk")
COFFEE = Money(Decimal("4.50"), "EUR")


def begin(repositories: Repositories, chats: range) -> None:
    """Make chats with a ledger, a schedule and some entries of this week and the last."""
    for chat_id in chats:
        zone, language = ZONES[chat_id % len(ZONES)], LANGUAGES[chat_id % len(LANGUAGES)]
        settings = replace(BERLIN, timezone=zone, language=language, weekly_hour=chat_id % 6 + 12)
        chat = repositories.chats.add(chat_id, "private", "Ann", settings, FRIDAY)
        plan(Scope(repositories, chat.ledger, 0, FRIDAY))
        numbers = range(ENTRIES if chat_id <= COMPOSED * 2 else 1)
        repositories.entries.add([entry(chat.ledger.id, chat_id, n) for n in numbers])


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


@dataclass
class Watch:
    """The longest time for which the event loop was held while something ran.

    In CPU time of its thread, so that other programs of the machine do not count.
    """

    longest: float = 0.0

    async def run(self) -> None:
        before = time.thread_time()
        while True:
            await asyncio.sleep(0.001)
            now = time.thread_time()
            self.longest = max(self.longest, now - before)
            before = now


async def claim(database: Database, now: datetime) -> int:
    """Claim every due push as the tick does; return how many there were."""
    count, more = 0, True
    while more:
        async with database.units.open(now=now) as unit:
            claimed = await unit.run(lambda repositories: claim_due(repositories, now))
        count, more = count + claimed.count, claimed.more
    return count


async def compose(database: Database, now: datetime, most: int) -> int:
    """Compose and queue claimed pushes as the tick does, at most so many."""
    count, more = 0, True
    while more and count < most:
        async with database.units.open(now=now) as unit:
            composed = await unit.run(lambda repositories: compose_due(repositories, now))
        count, more = count + len(composed.pushes), composed.more
    return count


async def measure(database: Database, chats: int) -> None:
    for first in range(1, chats + 1, BATCH):
        batch = range(first, min(first + BATCH, chats + 1))
        async with database.units.open(now=FRIDAY) as unit:
            await unit.run(partial(begin, chats=batch))
    started = time.perf_counter()
    for _ in range(100):
        assert not await claim(database, FRIDAY)
    idle = (time.perf_counter() - started) / 100
    print(f"idle    {idle * 1e3:8.2f} ms a tick among {chats} chats")
    watch = Watch()
    watching = asyncio.create_task(watch.run())
    started, cpu = time.perf_counter(), time.process_time()
    claimed = await claim(database, SUNDAY)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    assert claimed == chats, f"{claimed} claims for {chats} chats"
    assert not await claim(database, SUNDAY), "every one has its next time"
    held = f"loop held {watch.longest * 1e3:.0f} ms at most"
    print(f"claim   {seconds:8.2f} s for {chats} chats, {cpu:.2f} s of CPU, {held}")
    watch.longest = 0.0
    started = time.perf_counter()
    composed = await compose(database, SUNDAY, COMPOSED)
    seconds = time.perf_counter() - started
    held = f"loop held {watch.longest * 1e3:.0f} ms at most"
    print(
        f"compose {seconds:8.2f} s for {composed} of them, {composed / seconds:.0f} a second, {held}"
    )
    print(f"        {seconds / composed * COMPOSE_LIMIT * 1e3:8.1f} ms a unit of {COMPOSE_LIMIT}")
    watching.cancel()


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
    parser.add_argument("--chats", type=int, default=100_000)
    given = parser.parse_args()
    measure_plan()
    with tempfile.TemporaryDirectory() as folder:
        async with open_database(given.url or f"sqlite:///{folder}/bench.db") as database:
            await measure(database, given.chats)


if __name__ == "__main__":
    asyncio.run(main())
