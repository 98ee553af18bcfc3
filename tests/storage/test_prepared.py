"""Statements that go straight to the driver: the same answers, and a bound on what is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy
from sqlalchemy import Connection, select

from ledger.text.rewriting import MessageVersion
from ports.repositories import Repositories
from storage import Database, use_sqlalchemy
from storage.database.connections import prepared
from storage.database.tables import inbox
from tests.storage.samples import CHAT, NOW, entry, open_chat, outgoing, update


def test_the_version_is_the_one_whose_internals_are_known() -> None:
    """Read `AsyncAdapt_asyncpg_connection` and the compiler's attributes again before raising it."""
    assert sqlalchemy.__version__.startswith("2.1.")


@pytest.fixture(params=[False, True], ids=["direct", "sqlalchemy"])
def switched(request: pytest.FixtureRequest) -> Iterator[None]:
    use_sqlalchemy(always=request.param)
    yield
    use_sqlalchemy(always=False)


@pytest.mark.usefixtures("switched")
async def test_both_ways_do_the_same(database: Database) -> None:
    async with database.units.open(now=NOW) as unit:
        chat = await unit.run(open_chat)
    await database.inbox.add([update(1), update(2)], now=NOW)
    [delivery, _] = await database.inbox.claim(now=NOW, partitions=5, lease_seconds=60)
    booked = entry(chat.ledger.id, "12.30", tags=("a", "b"))
    async with database.units.open(now=NOW, claim=delivery) as unit:
        await unit.run(lambda b: b.entries.add([booked]))
        unit.send(outgoing("h1"))
    async with database.units.open(now=NOW) as unit:
        assert await unit.run(lambda b: b.entries.get(chat.ledger.id, booked.id)) == booked
    [message] = await database.outbox.pending(now=NOW, limit=5, skip=frozenset())
    assert (message.chat_id, message.message_key) == (CHAT, "h1")
    assert await database.outbox.pending(now=NOW, limit=5, skip=frozenset({CHAT})) == []
    assert await database.inbox.count() == 1


async def test_pruning_again_and_again_keeps_no_new_statement(database: Database) -> None:
    sizes = []
    for day in range(3):
        await database.inbox.add([update(day)], now=NOW)
        [delivery] = await database.inbox.claim(now=NOW, partitions=5, lease_seconds=60)
        async with database.units.open(now=NOW, claim=delivery):
            pass
        assert await database.prune(NOW + timedelta(days=30)) == 1
        sizes.append(len(prepared._prepared))
    assert sizes[1] == sizes[2]


async def test_versions_of_messages_go_after_a_week(database: Database) -> None:
    async with database.units.open(now=NOW) as unit:
        chat = await unit.run(open_chat)
        for day in (0, 5):
            version = MessageVersion(
                chat.ledger.id, f"tg:{CHAT}:{day}", NOW + timedelta(days=day), {"entries": []}
            )
            await unit.run(partial(_keep, version=version))
    # Telegram lets a person edit for two days, so what is older is never read again.
    assert await database.prune(NOW + timedelta(days=8)) == 1
    async with database.units.open(now=NOW) as unit:
        left = [await unit.run(partial(_find, chat.ledger.id, day)) for day in (0, 5)]
    assert [version is not None for version in left] == [False, True]


def _keep(repositories: Repositories, version: MessageVersion) -> None:
    repositories.conversations.keep_version(version)


def _find(ledger_id: int, day: int, repositories: Repositories) -> MessageVersion | None:
    return repositories.conversations.version(ledger_id, f"tg:{CHAT}:{day}")


async def test_statements_that_are_built_per_call_do_not_pile_up(database: Database) -> None:
    def read(connection: Connection) -> None:
        for number in range(prepared.PREPARED_MAX + 20):
            prepared.fetch(connection, select(inbox.c.id).where(inbox.c.id == number))

    await database.backend.read_queue(read)
    assert len(prepared._prepared) == prepared.PREPARED_MAX
