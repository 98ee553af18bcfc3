"""The inbox: once, in order, with patience."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from datetime import timedelta

from ledger.errors import AlreadyHandledError, LaneBusyError
from ports.queue import Delivery
from storage import Database
from tests.storage.samples import NOW, entry, open_chat, update

NOBODY: frozenset[int] = frozenset()


async def handle(database: Database, delivery: Delivery) -> None:
    async with database.units.open(now=NOW, lane=delivery.inbox_message.lane) as unit:
        unit.handled(delivery)


async def test_arrivals_wait_in_order_and_known_keys_are_passed_over(database: Database) -> None:
    assert await database.inbox.add([update(5), update(3), update(5)], now=NOW) == 2
    assert await database.inbox.add([update(3), update(4)], now=NOW) == 1
    found = await database.inbox.pending(now=NOW, limit=10, skip=NOBODY)
    assert [each.inbox_message.key for each in found] == ["u5", "u3", "u4"], "a key is no order"
    assert found[0].inbox_message == update(5)
    assert found[0].received_at == NOW
    assert await database.inbox.count() == 3


async def test_the_offset_comes_with_the_arrivals(database: Database) -> None:
    assert await database.inbox.offset() == 0
    await database.inbox.add([update(5)], now=NOW, offset=6)
    assert await database.inbox.offset() == 6
    await database.inbox.add([], now=NOW, offset=2)  # update ids may start again anywhere
    assert await database.inbox.offset() == 2


async def test_lanes_in_work_are_left_out(database: Database) -> None:
    await database.inbox.add([update(1, 10), update(2, 20), update(3, 10)], now=NOW)
    found = await database.inbox.pending(now=NOW, limit=10, skip=frozenset({10}))
    assert [each.inbox_message.lane for each in found] == [20]
    assert len(await database.inbox.pending(now=NOW, limit=1, skip=NOBODY)) == 1


async def test_a_lane_waits_for_its_head(database: Database) -> None:
    await database.inbox.add([update(1, 10), update(2, 10), update(3, 20)], now=NOW)
    [head, *_] = await database.inbox.pending(now=NOW, limit=10, skip=NOBODY)
    later = NOW + timedelta(seconds=30)
    await database.inbox.failed(head, error="ValueError worker", retry_at=later, now=NOW)
    found = await database.inbox.pending(now=NOW, limit=10, skip=NOBODY)
    assert [each.inbox_message.key for each in found] == ["u3"]
    found = await database.inbox.pending(now=later, limit=10, skip=NOBODY)
    assert [(each.inbox_message.key, each.tries) for each in found] == [
        ("u1", 1),
        ("u2", 0),
        ("u3", 0),
    ]


async def test_a_parked_arrival_lets_its_lane_go_on(database: Database) -> None:
    await database.inbox.add([update(1, 10), update(2, 10)], now=NOW)
    [head, _] = await database.inbox.pending(now=NOW, limit=10, skip=NOBODY)
    await database.inbox.failed(head, error="ValueError worker", retry_at=None, now=NOW)
    found = await database.inbox.pending(now=NOW, limit=10, skip=NOBODY)
    assert [each.inbox_message.key for each in found] == ["u2"]
    [letter] = await database.dead_letters.list_all(10)
    assert (letter.lane, letter.kind, letter.tries, letter.at) == (10, "update", 1, NOW)
    assert letter.error == "ValueError worker"
    await database.dead_letters.retry(letter.id, now=NOW)
    [again, _] = await database.inbox.pending(now=NOW, limit=10, skip=NOBODY)
    assert again.inbox_message == update(1, 10), "its body was kept"
    assert again.tries == 0


async def test_a_handled_body_is_gone_but_its_key_is_remembered(database: Database) -> None:
    await database.inbox.add([update(1)], now=NOW)
    [delivery] = await database.inbox.pending(now=NOW, limit=10, skip=NOBODY)
    await handle(database, delivery)
    assert await database.inbox.add([update(1)], now=NOW + timedelta(hours=25)) == 0
    assert await database.inbox.count() == 0
    from sqlalchemy import select

    from storage.database.tables import inbox

    bodies = await database.backend.read(lambda c: c.execute(select(inbox.c.body)).all())
    assert bodies == [(None,)]


async def test_a_key_is_forgotten_after_a_week(database: Database) -> None:
    await database.inbox.add([update(1), update(2)], now=NOW)
    [first, _] = await database.inbox.pending(now=NOW, limit=10, skip=NOBODY)
    await handle(database, first)
    assert await database.prune(NOW + timedelta(days=6)) == 0
    assert await database.prune(NOW + timedelta(days=8)) == 1
    assert await database.inbox.count() == 1, "what waits is never pruned"


async def test_repeated_deliveries_have_one_effect_each(database: Database) -> None:
    """Row D03, shortened: 300 updates, some 900 deliveries at once, shuffled; several workers."""
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    copies = [update(n, n % 7) for n in range(300) for _ in range(chance.randint(1, 5))]
    chance.shuffle(copies)
    batches = [copies[start : start + 9] for start in range(0, len(copies), 9)]
    new = await asyncio.gather(*(database.inbox.add(batch, now=NOW) for batch in batches))
    assert sum(new) == 300
    async with database.units.open(now=NOW) as unit:
        chat = await unit.run(open_chat)

    async def work() -> None:
        while found := await database.inbox.pending(now=NOW, limit=40, skip=NOBODY):
            for delivery in found:
                with suppress(AlreadyHandledError, LaneBusyError):
                    lane = delivery.inbox_message.lane
                    async with database.units.open(now=NOW, lane=lane) as unit:
                        await unit.run(lambda b: b.entries.add([entry(chat.ledger.id)]))
                        unit.handled(delivery)

    await asyncio.gather(*(work() for _ in range(4)))
    booked = await database.units.read(lambda b: list(b.entries.stream(chat.ledger.id, None)))
    assert len(booked) == 300
    assert await database.inbox.count() == 0
