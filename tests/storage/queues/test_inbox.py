"""The inbox of a database: bodies are blanked, keys pruned, claims safe against other processes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from ports.queue import Delivery
from storage import Database, open_database
from storage.database.queues.arrivals import add_messages
from storage.database.tables import inbox
from tests.storage.samples import NOW, update


async def claim(database: Database) -> list[Delivery]:
    return await database.inbox.claim(now=NOW, partitions=9, lease_seconds=60)


async def handle(database: Database, delivery: Delivery) -> None:
    async with database.units.open(now=NOW, claim=delivery):
        pass


async def test_a_handled_body_is_gone(database: Database) -> None:
    await database.inbox.add([update(1)], now=NOW)
    [delivery] = await claim(database)
    await handle(database, delivery)
    bodies = await database.backend.read(lambda c: c.execute(select(inbox.c.body)).all())
    assert bodies == [(None,)]


async def test_a_key_is_forgotten_after_a_week(database: Database) -> None:
    await database.inbox.add([update(1), update(2)], now=NOW)
    [first, _] = await claim(database)
    await handle(database, first)
    assert await database.prune(NOW + timedelta(days=6)) == 0
    assert await database.prune(NOW + timedelta(days=8)) == 1
    assert await database.inbox.count() == 1, "what waits is never pruned"


@pytest.mark.external
async def test_a_message_that_was_committed_late_waits_for_no_lease(postgres_url: str) -> None:
    """Two jobs of a chat end at once; the one that took the lower id commits behind the other."""
    async with open_database(postgres_url) as database:
        await database.inbox.add([update(1)], now=NOW)
        [known] = await claim(database)
        await handle(database, known)
        async with database.backend.begin() as slow:
            await slow.run(lambda c: add_messages(c, [update(2)], NOW))
            await database.inbox.add([update(3)], now=NOW)
            [fast] = await claim(database)
            await slow.commit(lambda _: None)
        assert await claim(database) == [], "one claim of a chat at a time"
        await handle(database, fast)
        [late] = await claim(database)
        assert (fast.inbox_message, late.inbox_message) == (update(3), update(2))
