"""Units of work: all or nothing, once, and never a connection lost."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.util import await_only

from ledger.budgets.budget import Budget
from ledger.chats import Chat
from ledger.entries.queries import EntryFilter
from ledger.errors import ClaimLostError, UnavailableError
from ledger.money import Money
from ports.queue import NewJob
from ports.repositories import Repositories
from storage import Database, open_database
from storage.database.connections.postgres import PostgresBackend
from storage.database.connections.sqlite import SqliteBackend
from tests.storage.samples import CHAT, NOW, entry, money, open_chat, outgoing, update


async def a_chat(database: Database, chat_id: int = CHAT) -> Chat:
    async with database.units.open(now=NOW) as unit:
        return await unit.run(lambda b: open_chat(b, chat_id))


async def entries_of(database: Database, chat: Chat) -> int:
    return len(
        await database.units.read(lambda b: list(b.entries.stream(chat.ledger.id, EntryFilter())))
    )


class BrokenError(Exception):
    """What a handler may raise."""


async def test_effects_messages_jobs_and_mark_come_together(database: Database) -> None:
    chat = await a_chat(database)
    await database.inbox.add([update(1)], now=NOW)
    [delivery] = await database.inbox.claim(now=NOW, partitions=5, lease_seconds=60)
    async with database.units.open(now=NOW, claim=delivery) as unit:
        await unit.run(lambda b: b.entries.add([entry(chat.ledger.id)]))
        unit.send(outgoing("h1"))
        unit.start(NewJob("k", "read", {"a": 1}))
        assert await database.outbox.count() == 0, "nothing shows before the commit"
        assert await entries_of(database, chat) == 0
    assert await entries_of(database, chat) == 1
    assert await database.outbox.count() == 1
    assert await database.jobs.count() == 1
    assert await database.inbox.count() == 0


async def test_an_error_takes_everything_back(database: Database) -> None:
    chat = await a_chat(database)
    await database.inbox.add([update(1)], now=NOW)
    [delivery] = await database.inbox.claim(now=NOW, partitions=5, lease_seconds=60)

    async def fail() -> None:
        async with database.units.open(now=NOW, claim=delivery) as unit:
            await unit.run(lambda b: b.entries.add([entry(chat.ledger.id)]))
            unit.send(outgoing("h1"))
            unit.start(NewJob("k", "read", {}))
            raise BrokenError

    with pytest.raises(BrokenError):
        await fail()
    assert await entries_of(database, chat) == 0
    assert await database.outbox.count() == 0
    assert await database.jobs.count() == 0
    assert await database.inbox.count() == 1


async def test_an_error_inside_the_work_takes_everything_back(database: Database) -> None:
    chat = await a_chat(database)

    def work(repositories: Repositories) -> None:
        repositories.entries.add([entry(chat.ledger.id)])
        raise BrokenError

    with pytest.raises(BrokenError):
        async with database.units.open(now=NOW) as unit:
            await unit.run(work)
    assert await entries_of(database, chat) == 0


async def test_a_message_that_was_handled_before_has_no_second_effect(database: Database) -> None:
    chat = await a_chat(database)
    await database.inbox.add([update(1)], now=NOW)
    [delivery] = await database.inbox.claim(now=NOW, partitions=5, lease_seconds=60)
    for expected in (1, 1, 1):
        with suppress(ClaimLostError):
            async with database.units.open(now=NOW, claim=delivery) as unit:
                await unit.run(lambda b: b.entries.add([entry(chat.ledger.id)]))
                unit.send(outgoing(f"h{expected}"))
        assert await entries_of(database, chat) == expected
    assert await database.outbox.count() == 1


async def test_a_unit_without_anything_costs_nothing(database: Database) -> None:
    async with database.units.open(now=NOW):
        pass


async def test_a_look_cannot_write(database: Database) -> None:
    with pytest.raises((UnavailableError, DBAPIError)):
        await database.units.read(open_chat)


async def test_a_look_sees_one_snapshot(database: Database) -> None:
    chat = await a_chat(database)

    async def book() -> None:
        async with database.units.open(now=NOW) as unit:
            await unit.run(lambda b: b.entries.add([entry(chat.ledger.id)]))

    def look(repositories: Repositories) -> tuple[int, int]:
        first = len(list(repositories.entries.stream(chat.ledger.id, EntryFilter())))
        if isinstance(database.backend, SqliteBackend):
            await_only(book())
        return first, len(list(repositories.entries.stream(chat.ledger.id, EntryFilter())))

    assert await database.units.read(look) == (0, 0)


async def test_fifty_writers_lose_no_change_of_one_entry_and_one_budget(
    database: Database,
) -> None:
    """Row D11: read-modify-write from everywhere, with pauses between reading and writing."""
    chat = await a_chat(database)
    first = entry(chat.ledger.id, money=money("1.00"))
    budget = Budget("b1", chat.ledger.id, "", money("1.00"), "month")

    def prepare(repositories: Repositories) -> None:
        repositories.entries.add([first])
        repositories.budgets.put(budget, NOW)

    async with database.units.open(now=NOW) as unit:
        await unit.run(prepare)

    def more(value: Money) -> Money:
        return Money(value.amount + Decimal("0.01"), value.currency)

    async def change(number: int) -> None:
        for _ in range(4):
            async with database.units.open(now=NOW) as unit:
                found = await unit.run(lambda b: b.entries.get(chat.ledger.id, first.id))
                limit = await unit.run(lambda b: b.budgets.find(chat.ledger.id, "b1"))
                assert limit is not None
                if number % 3 == 0:
                    await asyncio.sleep(0)
                grown = replace(found, money=more(found.money))
                raised = replace(limit, limit=more(limit.limit))
                await unit.run(lambda b, e=grown: b.entries.save(e))  # type: ignore[misc]
                await unit.run(lambda b, e=raised: b.budgets.put(e, NOW))  # type: ignore[misc]

    await asyncio.gather(*map(change, range(50)))
    found = await database.units.read(
        lambda b: (b.entries.find(chat.ledger.id, first.id), b.budgets.list_all(chat.ledger.id))
    )
    assert found[0] is not None
    assert (found[0].money.minor, found[1][0].limit.minor) == (300, 300)


async def test_a_row_is_locked_without_a_claim_too(database: Database) -> None:
    chat = await a_chat(database)
    first = entry(chat.ledger.id, money=money("1.00"))
    async with database.units.open(now=NOW) as unit:
        await unit.run(lambda b: b.entries.add([first]))

    async def change() -> None:
        async with database.units.open(now=NOW) as unit:
            found = await unit.run(lambda b: b.entries.get(chat.ledger.id, first.id))
            await asyncio.sleep(0.001)
            grown = Money(found.money.amount + Decimal("0.01"), "EUR")
            await unit.run(lambda b: b.entries.save(replace(found, money=grown)))

    await asyncio.gather(*(change() for _ in range(60)))
    last = await database.units.read(lambda b: b.entries.find(chat.ledger.id, first.id))
    assert last is not None
    assert last.money.minor == 160


async def test_one_failing_unit_takes_nobody_elses_work_with_it(database: Database) -> None:
    """On SQLite units share a commit when many are waiting; each still stands for itself."""
    chat = await a_chat(database)

    async def work(number: int) -> bool:
        with suppress(BrokenError):
            async with database.units.open(now=NOW) as unit:
                await unit.run(lambda b: b.entries.add([entry(chat.ledger.id, note=str(number))]))
                unit.send(outgoing(f"h{number}"))
                if number % 3 == 0:
                    raise BrokenError
            return True
        return False

    done = await asyncio.gather(*map(work, range(200)))
    stored = await database.units.read(
        lambda b: list(b.entries.stream(chat.ledger.id, EntryFilter()))
    )
    assert {int(each.note) for each in stored} == {n for n in range(200) if done[n]}
    assert await database.outbox.count() == sum(done) == 133


async def test_cancelled_units_leave_nothing_and_give_their_connection_back(
    database: Database,
) -> None:
    """Row F13."""
    chat = await a_chat(database)

    async def work(number: int) -> None:
        async with database.units.open(now=NOW) as unit:
            await unit.run(lambda b: b.entries.add([entry(chat.ledger.id)]))
            await unit.run(lambda b: list(b.entries.stream(chat.ledger.id, EntryFilter())))
            await asyncio.sleep(30)

    for wave in range(10):
        tasks = [asyncio.create_task(work(number)) for number in range(20)]
        await asyncio.sleep(0.002 * wave)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    async with asyncio.timeout(60):
        # Whoever comes afterwards finds the way free, many at a time.
        await asyncio.gather(*(entries_of(database, chat) for _ in range(40)))
        async with database.units.open(now=NOW) as unit:
            await unit.run(lambda b: b.entries.add([entry(chat.ledger.id)]))
    assert await entries_of(database, chat) == 1
    if isinstance(database.backend, PostgresBackend):
        assert await _idle_in_transaction(database) == 0


async def _idle_in_transaction(database: Database) -> int:
    from sqlalchemy import text

    query = text("SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'")
    async with database.backend.begin() as transaction:
        return await transaction.run(lambda c: int(c.execute(query).scalar_one()))


@pytest.mark.external
async def test_nobody_overtakes_a_unit_that_runs(postgres_url: str) -> None:
    """A lease that ends while its unit runs: the partition is free when the unit has ended."""
    async with open_database(postgres_url) as here, open_database(postgres_url) as there:
        await here.inbox.add([update(1), update(2)], now=NOW)
        [delivery, rest] = await here.inbox.claim(now=NOW, partitions=5, lease_seconds=1)
        late = NOW + timedelta(seconds=30)
        async with here.units.open(now=NOW, claim=delivery) as unit:
            await unit.run(open_chat)
            assert not await there.inbox.claim(now=late, partitions=5, lease_seconds=1)
        [taken] = await there.inbox.claim(now=late, partitions=5, lease_seconds=1)
        assert (taken.id, taken.fence) == (rest.id, rest.fence + 1)
        with pytest.raises(ClaimLostError):
            async with here.units.open(now=NOW, claim=rest):
                pass


@pytest.mark.external
async def test_a_migration_waits_for_units_of_both_chats(postgres_url: str) -> None:
    async with open_database(postgres_url) as database:
        await database.inbox.add([update(1, -5), update(2, -100)], now=NOW)
        deliveries = await database.inbox.claim(now=NOW, partitions=5, lease_seconds=60)
        for delivery in deliveries:
            async with database.units.open(now=NOW, claim=delivery) as unit:
                await unit.run(open_chat)
                moving = asyncio.create_task(database.outbox.migrate(-5, -100, now=NOW))
                await asyncio.sleep(0.2)
                assert not moving.done()
            await moving


async def test_looks_inside_units_never_wait_for_each_other(database: Database) -> None:
    await a_chat(database)

    async def work(number: int) -> None:
        async with database.units.open(now=NOW) as unit:
            if isinstance(database.backend, PostgresBackend):
                await unit.run(lambda b: b.chats.find(CHAT))
            await database.units.read(lambda b: b.chats.find(CHAT))

    async with asyncio.timeout(60):
        await asyncio.gather(*(work(number) for number in range(100)))


async def test_one_process_leads_and_another_takes_over(database_url: str) -> None:
    async with open_database(database_url) as here, open_database(database_url) as there:
        async with here.leader("sender") as mine:
            assert await mine()
            assert await mine()
            async with there.leader("sender") as theirs, there.leader("intake") as intake:
                assert await intake(), "another office is free"
                if isinstance(here.backend, PostgresBackend):
                    assert not await theirs()
        async with there.leader("sender") as theirs:
            assert await theirs()


@pytest.mark.external
async def test_a_leader_that_lost_its_connection_notices(postgres_url: str) -> None:
    from sqlalchemy import text

    cut = text(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' "
        "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    async with open_database(postgres_url) as here, here.leader("sender") as mine:
        assert await mine()
        async with here.backend.begin() as transaction:
            await transaction.run(lambda c: c.execute(cut).all())
        assert not await mine()
        assert await mine(), "it stands again"


async def test_sqlite_waits_for_another_process_that_writes(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        work = asyncio.create_task(a_chat(database))
        await asyncio.sleep(0.2)
        assert not work.done()
        other.execute("COMMIT")
        other.close()
        assert (await work).chat_id == CHAT


async def test_what_sqlite_rolls_back_by_itself_is_told_to_the_whole_group(
    sqlite_url: str,
) -> None:
    """A full disk: SQLite may end the transaction under all who share it."""
    async with open_database(sqlite_url) as database:
        chat = await a_chat(database)
        backend = database.backend
        assert isinstance(backend, SqliteBackend)

        async def work(number: int) -> str:
            try:
                async with database.units.open(now=NOW) as unit:
                    if number == 7:
                        await unit.run(_lose_transaction)
                    await unit.run(lambda b: b.entries.add([entry(chat.ledger.id)]))
            except UnavailableError:
                return "told"
            return "saved"

        answers = await asyncio.gather(*map(work, range(20)))
        assert answers[7] == "told"
        assert answers.count("saved") == await entries_of(database, chat)
        assert answers.count("saved") >= 12
        with pytest.raises(UnavailableError):
            await database.units.read(lambda b: _fill_disk(b.connection))  # type: ignore[attr-defined]
        with pytest.raises(UnavailableError):
            await backend.read(_fill_disk)
        assert answers.count("saved") == await entries_of(database, chat)


def _lose_transaction(repositories: Repositories) -> None:
    """Do what SQLite does when the disk is full."""
    repositories.connection.connection.dbapi_connection.execute("ROLLBACK")  # type: ignore[attr-defined]


def _fill_disk(connection: Connection) -> None:
    connection.exec_driver_sql("ROLLBACK")
    error = sqlite3.OperationalError("full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    raise error
