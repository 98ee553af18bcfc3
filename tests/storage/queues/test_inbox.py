"""The inbox of a database: bodies are blanked, keys pruned, claims safe against other processes."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from ports.queue import Delivery
from storage import Database
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
