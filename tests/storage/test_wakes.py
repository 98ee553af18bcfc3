"""Wakes between the processes of one PostgreSQL."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import AsyncExitStack

import asyncpg
import pytest

from storage import open_database
from storage.database.connections.wakes import CHANNEL, SharedWakes


@pytest.mark.external
async def test_other_processes_hear_at_once_few_times_and_again_after_a_cut(
    postgres_url: str,
) -> None:
    heard: dict[int, Counter[str]] = {0: Counter(), 1: Counter()}
    some = asyncio.Event()

    def hear(process: int, name: str) -> None:
        heard[process][name] += 1
        some.set()

    async def announce_until_heard(wakes: SharedWakes) -> None:
        some.clear()
        while not some.is_set():
            wakes.announce("worker")
            await asyncio.sleep(0.02)

    async with AsyncExitStack() as stack:
        wakes = []
        for process in heard:
            database = await stack.enter_async_context(open_database(postgres_url))
            shared = database.share_wakes(lambda name, process=process: hear(process, name))  # type: ignore[misc]  # a bound default
            assert shared is not None
            running = asyncio.create_task(shared.run())
            stack.callback(running.cancel)
            wakes.append(shared)
        async with asyncio.timeout(60):
            await announce_until_heard(wakes[0])
            heard[1].clear()
            for _ in range(200):
                wakes[0].announce("worker")
                wakes[0].announce("sender")
                await asyncio.sleep(0)
            some.clear()
            await some.wait()
            assert sum(heard[1].values()) <= 4, "gathered"
            assert not heard[0], "a process does not wake itself"
            killer = await asyncpg.connect(postgres_url)
            listening = "SELECT pid FROM pg_stat_activity WHERE query LIKE 'LISTEN%' OR query LIKE 'SELECT pg_notify%'"
            for row in await killer.fetch(listening):
                await killer.execute("SELECT pg_terminate_backend($1)", row["pid"])
            await killer.execute("SELECT pg_notify($1, 'a name of a newer release')", CHANNEL)
            await killer.close()
            await announce_until_heard(wakes[1])
    assert heard[0]["worker"]


async def test_a_sqlite_file_has_one_process(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        assert database.share_wakes(lambda _: None) is None
