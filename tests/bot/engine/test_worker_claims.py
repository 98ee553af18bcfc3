"""The worker over a queue in memory: leases that end in the middle of its work."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta

from bot.engine.press_answers import PressAnswers
from bot.engine.worker import LEASE_SECONDS, Worker
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
        clock=lambda: utc_now() + shift[0],
    )
    running = asyncio.create_task(worker.run())
    await queue.inbox.add([InboxMessage(f"u{n}", 7, "{}") for n in range(3)], now=utc_now())
    worker.wake.set()
    await began.wait()
    shift[0] = timedelta(seconds=2 * LEASE_SECONDS)
    worker.wake.set()
    await until(lambda: len(queue.sent) == 3)
    go_on.set()
    await asyncio.sleep(0.05)
    await worker.stop(1)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    assert [outgoing.message_key for outgoing in queue.sent] == ["u0", "u1", "u2"]
    assert await queue.inbox.count() == 0
