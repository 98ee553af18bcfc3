"""Time insights of a ledger of 100,000 entries, and their part of the weekly push of usual ledgers."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial

from bench.insights.synthetic import TODAY, write_household
from ledger.entries.entry import Converted, Entry
from ledger.money import Money
from ledger.periods.period import week_of
from ledger.recurring.detection import Spending
from ledger.settings import Settings
from ports.repositories import Repositories
from services.insights.finding import list_insights, take_news
from services.insights.forecast import forecast
from services.reporting.highlights import find_highlights
from services.reporting.reports import summarise
from services.scope import Scope
from storage import Database, open_database

NOW = datetime(2026, 11, 29, 18, tzinfo=UTC)
LARGE = 100_000
CHATS = 30
BATCH = 5000
TIMES = 5
CPU_MS_MAX = 300


def fill(repositories: Repositories, chat_id: int, entries: list[Spending], first: int) -> Scope:
    """Add entries to the ledger of a chat, which may be new."""
    settings = Settings(currency="EUR", timezone="Europe/Berlin", language="en")
    chat = repositories.chats.add(chat_id, "private", "Ann", settings, NOW)
    scope = Scope(repositories, chat.ledger, chat_id, NOW)
    repositories.entries.add(
        [_entry(scope, one, f"{chat_id}-{first + n:07}") for n, one in enumerate(entries)]
    )
    return scope


def _entry(scope: Scope, one: Spending, entry_id: str) -> Entry:
    money = Money.of_minor(one.minor, one.currency)
    return Entry(
        id=entry_id,
        ledger_id=scope.ledger.id,
        type=one.type,
        money=money,
        spent_on=one.on,
        note=one.note,
        category=one.category,
        paid_by=scope.actor,
        source="text",
        source_key=f"api:{entry_id}:0",
        created_at=NOW,
        updated_at=NOW,
        base=Converted(money, Decimal(1), one.on),
    )


async def cpu_ms(database: Database, work: Callable[[Repositories], object]) -> float:
    """Return the median CPU time of some runs, each in a unit of its own."""
    found = []
    for _ in range(TIMES):
        async with database.units.open(now=NOW) as unit:
            before = time.process_time()
            await unit.run(work)
            found.append(time.process_time() - before)
    return statistics.median(found) * 1000


async def measure(database: Database) -> bool:
    """Print all times; return whether the large ledger is quick enough."""
    household = write_household(100)
    # The same household many times over: as many entries a day as a shop has.
    large = (household * (LARGE // len(household) + 1))[:LARGE]
    for first in range(0, LARGE, BATCH):
        part = large[first : first + BATCH]
        async with database.units.open(now=NOW) as unit:
            await unit.run(partial(fill, chat_id=1, entries=part, first=first))
    shown = await cpu_ms(database, lambda r: list_insights(_scope(r, 1)))
    told = await cpu_ms(database, lambda r: forecast(_scope(r, 1)))
    print(f"/insights of {LARGE} entries {shown:8.1f} ms of CPU, its forecast alone {told:.1f} ms")
    chats = range(2, 2 + CHATS)
    for chat_id in chats:
        entries = [one for one in write_household(chat_id) if one.on <= TODAY]
        async with database.units.open(now=NOW) as unit:
            await unit.run(partial(fill, chat_id=chat_id, entries=entries, first=0))
    week = week_of(NOW.date()) if NOW.weekday() else week_of(NOW.date() - timedelta(days=1))

    def summaries(repositories: Repositories) -> None:
        for chat_id in chats:
            scope = _scope(repositories, chat_id)
            find_highlights(scope, summarise(scope, week, kind="weekly"))

    def news(repositories: Repositories) -> None:
        for chat_id in chats:
            take_news(_scope(repositories, chat_id))

    plain, more = await cpu_ms(database, summaries), await cpu_ms(database, news)
    print(
        f"weekly push: {plain / CHATS:.1f} ms of CPU a chat for its summary, {more / CHATS:.1f} ms for its insights"
    )
    return shown <= CPU_MS_MAX


def _scope(repositories: Repositories, chat_id: int) -> Scope:
    place = repositories.chats.find(chat_id)
    assert place is not None, "it was filled"
    return Scope(repositories, place.chat.ledger, chat_id, NOW)


async def main() -> bool:
    """Measure on a new database."""
    with tempfile.TemporaryDirectory() as folder:
        async with open_database(f"sqlite:///{folder}/bench.db") as database:
            return await measure(database)
