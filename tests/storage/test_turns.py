"""Turns at the one writer, and what passes the queue."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import Connection, text

from ports.repositories import Repositories
from storage import Database, open_database
from storage.database.connections.priority_lock import PriorityLock
from tests.storage.samples import CHAT, NOW, open_chat, outgoing

_LEVEL = text("PRAGMA synchronous")
FULL, NORMAL = 2, 1


async def test_the_first_to_come_is_the_first_to_go_and_what_is_short_goes_before() -> None:
    turns, order = PriorityLock(), list[str]()

    async def take(name: str, *, ahead: bool = False) -> None:
        await turns.acquire(ahead=ahead)
        order.append(name)
        await asyncio.sleep(0)
        turns.release()

    await turns.acquire()
    tasks = [asyncio.create_task(take(name)) for name in "abc"]
    await asyncio.sleep(0)
    tasks.append(asyncio.create_task(take("short", ahead=True)))
    await asyncio.sleep(0)
    assert turns.is_wanted
    turns.release()
    await asyncio.gather(*tasks)
    assert order == ["short", "a", "b", "c"]
    assert not turns.is_wanted


@pytest.mark.parametrize("has_come", [False, True], ids=["while it waits", "as its turn comes"])
async def test_who_is_cancelled_leaves_the_turn_to_the_next(*, has_come: bool) -> None:
    turns = PriorityLock()
    await turns.acquire()
    gone = asyncio.create_task(turns.acquire())
    follows = asyncio.create_task(turns.acquire())
    await asyncio.sleep(0)
    if has_come:
        turns.release()
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    if not has_come:
        turns.release()
    async with asyncio.timeout(1):
        await follows
    turns.release()
    async with asyncio.timeout(1):
        await turns.acquire()


async def test_who_is_cancelled_as_the_turn_is_given_on_is_cancelled() -> None:
    """Both in one turn of the loop: the release has taken the waiter out of the queue already."""
    turns = PriorityLock()
    await turns.acquire()
    gone = asyncio.create_task(turns.acquire())
    await asyncio.sleep(0)
    gone.cancel()
    turns.release()
    with pytest.raises(asyncio.CancelledError):
        await gone
    async with asyncio.timeout(1):
        await turns.acquire()


async def test_a_stop_iteration_reaches_its_waiter_and_the_writer_goes_on(sqlite_url: str) -> None:
    """A future refuses this one error; its waiter would wait forever, and all writes with it."""
    async with open_database(sqlite_url) as database, asyncio.timeout(10):

        def work(repositories: Repositories) -> None:
            next(iter(()))

        with pytest.raises(RuntimeError):
            async with database.units.open(now=NOW) as unit:
                await unit.run(work)
        await database.check_writing()


async def test_a_mark_among_many_units_is_kept_with_them(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        await _post(database)
        [outbox_message] = await database.outbox.pending(now=NOW, limit=9, skip=frozenset())
        done = list[str]()

        async def work(name: str) -> None:
            async with database.units.open(now=NOW) as unit:
                await unit.run(lambda repositories: open_chat(repositories, CHAT + len(name)))
                await unit.run(_look)
            done.append(name)

        async def mark() -> None:
            await database.outbox.sent([(outbox_message, 7)], now=NOW)
            done.append("mark")

        units = [asyncio.create_task(work("u" * number)) for number in range(1, 9)]
        await asyncio.sleep(0)
        await asyncio.gather(mark(), *units)
        assert len(done) == 9
        assert await database.outbox.count() == 0


async def test_only_marks_do_not_wait_for_the_disk(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        backend = database.backend
        assert await backend.write(_level) == FULL
        assert await backend.write_relaxed(_level) == NORMAL
        assert await backend.write(_level) == FULL


async def test_a_mark_that_fails_takes_back_itself_alone(database: Database) -> None:
    await _post(database)

    def fail(connection: Connection) -> None:
        connection.execute(text("DELETE FROM outbox"))
        raise KeyError

    outcomes = await asyncio.gather(
        database.backend.write_relaxed(fail), _post(database, "h2"), return_exceptions=True
    )
    assert isinstance(outcomes[0], KeyError)
    assert await database.outbox.count() == 2


async def _post(database: Database, handle: str = "h1") -> None:
    async with database.units.open(now=NOW) as unit:
        unit.send(outgoing(handle))


def _look(repositories: Repositories) -> None:
    repositories.chats.find(CHAT)


def _level(connection: Connection) -> int:
    return int(connection.execute(_LEVEL).scalar_one())
