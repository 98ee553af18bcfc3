"""Few messages leave at the same moment, and none waits for Telegram's answer to another for long."""

from __future__ import annotations

import asyncio

from bot.telegram.bursts import LEAVING_MAX, Bursts


async def leave(bursts: Bursts, left: list[int], number: int, answer: asyncio.Event) -> None:
    async with bursts.leaving():
        left.append(number)
        await answer.wait()


async def begin(count: int) -> tuple[list[int], asyncio.Event, list[asyncio.Task[None]]]:
    bursts, left, answer = Bursts(), list[int](), asyncio.Event()
    tasks = [asyncio.create_task(leave(bursts, left, n, answer)) for n in range(count)]
    await asyncio.sleep(0)
    return left, answer, tasks


async def test_an_answer_makes_room_for_the_next_in_their_order() -> None:
    left, answer, tasks = await begin(LEAVING_MAX * 2)
    assert left == list(range(LEAVING_MAX))
    answer.set()
    await asyncio.gather(*tasks)
    assert left == list(range(LEAVING_MAX * 2))


async def test_no_message_waits_until_a_slow_answer_comes() -> None:
    left, answer, tasks = await begin(LEAVING_MAX * 3)
    for _ in range(1000):
        if len(left) == LEAVING_MAX * 3:
            break
        await asyncio.sleep(0.01)
    assert left == list(range(LEAVING_MAX * 3))
    answer.set()
    await asyncio.gather(*tasks)


async def test_a_cancelled_message_keeps_no_room() -> None:
    bursts, left, never = Bursts(), list[int](), asyncio.Event()
    first = [asyncio.create_task(leave(bursts, left, n, never)) for n in range(LEAVING_MAX)]
    await asyncio.sleep(0)
    for task in first:
        task.cancel()
    await asyncio.gather(*first, return_exceptions=True)
    # Neither the end of a cancelled one nor its timer gives a place twice.
    await asyncio.sleep(0.02)
    again = [asyncio.create_task(leave(bursts, left, n, never)) for n in range(LEAVING_MAX + 1)]
    await asyncio.sleep(0)
    assert len(left) == LEAVING_MAX * 2
    for task in again:
        task.cancel()
    await asyncio.gather(*again, return_exceptions=True)
