"""The worker over a queue in memory: leases and times that end in the middle of its work."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import pytest

import bot.engine.worker
from bot.engine.partitions import Clock
from bot.engine.press_answers import PressAnswers
from bot.engine.worker import LEASE_SECONDS, Handle, Worker
from bot.ops.clock import utc_now
from bot.telegram.api import BotApi
from ports.messages import Outgoing, Reply
from ports.queue import Delivery, InboxMessage
from ports.units import UnitOfWork
from storage.memory.queue import MemoryQueue
from tests.bot.parts import TestHandlers, until


async def test_a_partition_claimed_anew_by_the_same_process_is_handled_once() -> None:
    """As after a laptop slept: the lease ended, the task of the older claim is still there."""
    queue, shift = MemoryQueue(), [timedelta()]
    began, go_on = asyncio.Event(), asyncio.Event()

    async def act(delivery: Delivery, unit: UnitOfWork) -> None:
        if not began.is_set():
            began.set()
            await go_on.wait()
        unit.send(Outgoing(7, delivery.inbox_message.key, Reply("done")))

    async with running_worker(queue, act, lambda: utc_now() + shift[0]) as worker:
        await queue.inbox.add([InboxMessage(f"u{n}", 7, "{}") for n in range(3)], now=utc_now())
        worker.wake.set()
        await began.wait()
        shift[0] = timedelta(seconds=2 * LEASE_SECONDS)
        worker.wake.set()
        await until(lambda: len(queue.sent) == 3)
        go_on.set()
        await asyncio.sleep(0.05)
    assert [outgoing.message_key for outgoing in queue.sent] == ["u0", "u1", "u2"]
    assert await queue.inbox.count() == 0


async def test_what_takes_too_long_is_parked_as_that(monkeypatch: pytest.MonkeyPatch) -> None:
    async def act(delivery: Delivery, unit: UnitOfWork) -> None:
        _ = delivery, unit
        await asyncio.Event().wait()

    monkeypatch.setattr(bot.engine.worker, "HANDLE_SECONDS", 0.001)
    queue = MemoryQueue()
    async with running_worker(queue, act, utc_now) as worker:
        await queue.inbox.add([InboxMessage("u1", 7, "{}")], now=utc_now())
        worker.wake.set()
        await until(lambda: any(row.dead for row in queue.inbox.rows.values()))
    (letter,) = await queue.dead_letters.list_all(9)
    assert letter.error.split()[1] == "TimeoutError"


@asynccontextmanager
async def running_worker(queue: MemoryQueue, act: Handle, clock: Clock) -> AsyncIterator[Worker]:
    """Run a worker that waits for nothing between tries."""
    handlers = TestHandlers(act)
    wakes = [asyncio.Event() for _ in range(3)]
    worker = Worker(
        queue.units,
        queue.inbox,
        handlers,
        PressAnswers(handlers, BotApi("http://127.0.0.1:1", "1:none")),
        wakes[0],
        wakes[1],
        wakes[2],
        clock=clock,
        backoff=lambda _: 0,
    )
    running = asyncio.create_task(worker.run())
    try:
        yield worker
    finally:
        await worker.stop(1)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
