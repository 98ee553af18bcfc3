"""The clock's door: ticks go on whatever happens in them, and never overlap."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime

from scheduler.pushes import PushTick
from scheduler.ticks import Tick, open_ticks
from scheduler.webhooks import WebhookTick
from storage import open_database
from tests.bot.parts import until


def now() -> datetime:
    return datetime.now(UTC)


async def test_a_tick_that_fails_comes_again() -> None:
    moments: list[datetime] = []

    async def run(moment: datetime) -> None:
        moments.append(moment)
        raise ValueError

    async with open_ticks([Tick("failing", 0.05, run, after_seconds=0)], now):
        await until(lambda: len(moments) >= 3)
    assert all(moment.tzinfo is not None for moment in moments)


async def test_a_slow_tick_is_not_started_again_meanwhile() -> None:
    running, most, done = 0, 0, 0

    async def run(moment: datetime) -> None:
        nonlocal running, most, done
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.2)
        running, done = running - 1, done + 1

    async with open_ticks([Tick("slow", 0.03, run, after_seconds=0)], now):
        await until(lambda: done >= 3)
    assert most == 1


async def test_ticks_have_the_time_of_the_clock_they_are_given() -> None:
    moments: list[datetime] = []
    then = datetime(2030, 1, 6, 18, tzinfo=UTC)

    async def run(moment: datetime) -> None:
        moments.append(moment)

    async with open_ticks([Tick("moved", 0.05, run, after_seconds=0)], lambda: then):
        await until(lambda: len(moments) >= 3)
    assert set(moments) == {then}


async def test_ticks_that_find_nothing_due_open_no_connection_for_reports(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        before = set(threading.enumerate())
        await WebhookTick(database.units, asyncio.Event()).run(now())
        await PushTick(database.units, asyncio.Event()).run(now())
        # Each connection for reports has a thread of its own.
        assert set(threading.enumerate()) == before
