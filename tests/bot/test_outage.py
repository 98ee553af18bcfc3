"""A moment without PostgreSQL: the process lives, says so, and goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import asyncpg
import orjson
import pytest

from bot.engine.webhook_intake import WebhookIntake
from demo.botapi.world import Message
from demo.server import DemoServer
from ledger.errors import UnavailableError
from storage import Database, open_database
from tests.bot.outages import Proxy, open_proxy
from tests.bot.parts import open_parts

pytestmark = pytest.mark.external

AGAIN_SECONDS = 25.0
"""Ten, and for how long a shared machine may stand still meanwhile."""


async def away(proxy: Proxy) -> None:
    """The server is gone for a while."""
    await proxy.shut()
    await asyncio.sleep(3)
    await proxy.open()


async def restarted(proxy: Proxy) -> None:
    """The server ended and was back at once."""
    await proxy.shut()
    await proxy.open()


async def dropped(proxy: Proxy) -> None:
    """Something between dropped every connection."""
    proxy.cut()


@pytest.mark.parametrize("outage", [away, restarted, dropped])
async def test_the_bot_outlives_an_outage_and_goes_on_within_ten_seconds(
    demo: DemoServer, postgres_url: str, outage: Callable[[Proxy], Awaitable[None]]
) -> None:
    sim = demo.simulation
    chat = sim.private_chat(sim.add_user("Ann"))
    person = sim.user(chat.id)
    async with (
        open_proxy(postgres_url) as (proxy, url),
        open_database(url) as database,
        database.leader("intake") as polls,
        database.leader("sender") as sends,
        open_parts(demo, database, leaders=(polls, sends)),
    ):
        sim.say(person, chat, "before")
        await sim.until(lambda: len(sim.sent(chat)) == 1)
        sim.say(person, chat, "during")
        await outage(proxy)
        sim.say(person, chat, "after")
        await sim.until(lambda: _echoes(sim.sent(chat)) >= 3, timeout=AGAIN_SECONDS)


@pytest.mark.parametrize("idle_seconds", [0.0, 5.0])
async def test_terminated_backends_lose_and_double_nothing(
    demo: DemoServer, postgres_url: str, idle_seconds: float
) -> None:
    """An administrator ends every connection, again and again, busy ones and idle ones."""
    sim = demo.simulation
    chat = sim.private_chat(sim.add_user("Ann"))
    person = sim.user(chat.id)
    async with (
        open_database(postgres_url) as database,
        database.leader("intake") as polls,
        database.leader("sender") as sends,
        open_parts(demo, database, leaders=(polls, sends)),
    ):
        for number in range(3):
            await asyncio.sleep(idle_seconds)
            sim.say(person, chat, f"first{number}.")
            assert await _terminate_backends(postgres_url) > 0
            sim.say(person, chat, f"second{number}.")
            await sim.until(
                lambda number=number: _is_said(sim.sent(chat), f"second{number}."),  # type: ignore[misc]
                timeout=AGAIN_SECONDS,
            )
            idle_seconds = 0
        await sim.quiet(1.0)
        text = " ".join(message.text for message in sim.sent(chat))
        for word in (f"{which}{number}." for which in ("first", "second") for number in range(3)):
            assert text.count(word) == 1, word


async def _terminate_backends(url: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        return len(
            await connection.fetch(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    finally:
        await connection.close()


def _is_said(messages: Sequence[Message], word: str) -> bool:
    return any(word in message.text for message in messages)


def _echoes(messages: Sequence[object]) -> int:
    """Count what was answered; confirmations that queue up may be joined."""
    text = " ".join(getattr(message, "text", "") for message in messages)
    return sum(word in text for word in ("before", "during", "after"))


async def test_a_post_is_refused_while_the_database_is_away(postgres_url: str) -> None:
    """Telegram sends a post again that was answered with 503."""
    async with open_proxy(postgres_url) as (proxy, url), open_database(url) as database:
        intake = WebhookIntake(database.inbox, asyncio.Event())
        await intake.store(_posted(1))
        await proxy.shut()
        for number in (2, 3):
            with pytest.raises(UnavailableError):
                await intake.store(_posted(number))
        await proxy.open()
        await _retried(lambda: intake.store(_posted(2)))
        assert await _count(database) == 2


async def _retried(attempt: Callable[[], Awaitable[None]]) -> None:
    """Do as Telegram does."""
    for _ in range(20):
        try:
            await attempt()
        except UnavailableError:
            await asyncio.sleep(0.2)
        else:
            return
    pytest.fail("never stored")


async def _count(database: Database) -> int:
    return await database.inbox.count()


def _posted(number: int) -> bytes:
    return orjson.dumps({"update_id": number, "message": {"chat": {"id": 7}}})
