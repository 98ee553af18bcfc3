"""Turns at the one writer, and what passes the queue."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from threading import Event

import pytest
from sqlalchemy import Connection, text

from ports.repositories import Repositories
from storage import Database, open_database
from tests.storage.samples import CHAT, NOW, open_chat, outgoing

_LEVEL = text("PRAGMA synchronous")
FULL, NORMAL = 2, 1


async def test_what_is_short_goes_before_all_that_is_queued(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        order, begun, go_on = list[str](), Event(), Event()

        def note(name: str, *, waits: bool = False) -> Callable[[Connection], None]:
            def work(_connection: Connection) -> None:
                order.append(name)
                if waits:
                    begun.set()
                    go_on.wait()

            return work

        backend = database.backend
        units = [asyncio.create_task(backend.write(note("first", waits=True)))]
        await asyncio.to_thread(begun.wait)
        units += [asyncio.create_task(backend.write(note(name))) for name in "abc"]
        await asyncio.sleep(0)
        short = asyncio.create_task(backend.write_relaxed(note("short")))
        await asyncio.sleep(0)
        go_on.set()
        await asyncio.gather(short, *units)
        assert order == ["first", "short", "a", "b", "c"]


async def test_what_is_short_never_lands_in_an_open_unit(sqlite_url: str) -> None:
    """That unit may still be rolled back."""
    async with open_database(sqlite_url) as database:
        await _post(database)
        [message] = await database.outbox.pending(now=NOW, limit=9, skip=frozenset())
        with suppress(KeyError):
            async with database.units.open(now=NOW) as unit:
                await unit.run(_look)
                marking = asyncio.create_task(database.outbox.sent([(message, 7)]))
                await unit.run(_look)
                raise KeyError
        await marking
        assert await database.outbox.count() == 0


async def test_who_is_cancelled_leaves_the_turn_to_the_next(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database, asyncio.timeout(60):
        async with database.units.open(now=NOW) as unit:
            await unit.run(_look)
            gone = asyncio.create_task(_post(database, "gone"))
            follows = asyncio.create_task(_post(database, "follows"))
            await asyncio.sleep(0)
            gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)
        await follows
        pending = await database.outbox.pending(now=NOW, limit=9, skip=frozenset())
        assert [message.message_key for message in pending] == ["follows"]


async def test_a_stop_iteration_reaches_its_waiter_and_the_writer_goes_on(sqlite_url: str) -> None:
    """A future refuses this one error; its waiter would wait forever, and all writes with it."""
    async with open_database(sqlite_url) as database, asyncio.timeout(60):

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
            await database.outbox.sent([(outbox_message, 7)])
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


async def test_a_mark_shares_the_commit_of_a_unit_that_has_finished(sqlite_url: str) -> None:
    """A commit of its own would not wait for the disk, but would be one more."""
    async with open_database(sqlite_url) as database:
        begun, go_on = Event(), Event()

        def wait(_connection: Connection) -> None:
            begun.set()
            go_on.wait()

        backend = database.backend
        units = [asyncio.create_task(backend.write(wait))]
        await asyncio.to_thread(begun.wait)
        units.append(asyncio.create_task(_post(database)))
        await asyncio.sleep(0)
        mark = asyncio.create_task(backend.write_relaxed(_level))
        await asyncio.sleep(0)
        go_on.set()
        assert await mark == FULL
        await asyncio.gather(*units)


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
