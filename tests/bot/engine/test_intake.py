"""Intake when Telegram or the database is in trouble, and what readiness says of it."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

import orjson
import pytest

from bot.engine.inbox_messages import inbox_message_of
from bot.engine.intake import CONFLICT_MEMORY_SECONDS, POLL_SECONDS, Intake, PollState
from bot.engine.webhook_intake import WebhookIntake, keep_webhook
from bot.ops.clock import utc_now
from bot.ops.metrics import REGISTRY
from bot.setup.installation import Readiness
from bot.telegram.api import BotApi, TelegramRefusedError
from demo.botapi.errors import ApiError
from demo.server import DemoServer
from ledger.errors import InputError, UnavailableError
from storage import Database
from tests.bot.parts import open_parts, until


def posted(update: dict[str, object]) -> bytes:
    """Return what Telegram would post."""
    return orjson.dumps(update)


async def test_a_second_poller_makes_us_say_so_and_nothing_is_lost(
    demo: DemoServer, database: Database
) -> None:
    sim = demo.simulation
    chat = sim.private_chat(sim.add_user("Ann"))
    async with open_parts(demo, database) as parts, BotApi(demo.url, demo.token) as other:
        async with asyncio.timeout(60):
            told = "another process polls with the same token"
            while parts.intake.state.problem(time.monotonic()) != told:
                # Whoever asks second is in the way of the first.
                with suppress(TelegramRefusedError):
                    await other.call("getUpdates", {"timeout": 0})
                await asyncio.sleep(0.05)
        sim.say(sim.user(chat.id), chat, "hello")
        (answer,) = await sim.answers(chat)
        assert answer.text == "echo hello"
        assert parts.intake.state.problem(time.monotonic()) is not None
        later = time.monotonic() + CONFLICT_MEMORY_SECONDS
        parts.intake.state.answered_at = later
        assert parts.intake.state.problem(later) is None


async def test_an_idle_bot_is_ready_at_once_and_waits_for_updates_from_then_on(
    demo: DemoServer, database: Database
) -> None:
    sim = demo.simulation
    sim.faults.refuse(ApiError(500, "Internal Server Error"), method="getUpdates", times=1)
    async with open_parts(demo, database) as parts:
        await until(lambda: len(sim.requests("getUpdates")) >= 3)
        assert parts.intake.state.problem(time.monotonic()) is None
    waits = [request.values["timeout"] for request in sim.requests("getUpdates")]
    assert waits[:3] == [0, 0, POLL_SECONDS]


async def test_a_webhook_left_from_before_is_taken_away_at_the_start(
    demo: DemoServer, database: Database
) -> None:
    sim = demo.simulation
    chat = sim.private_chat(sim.add_user("Ann"))
    async with BotApi(demo.url, demo.token) as api:
        await api.call("setWebhook", {"url": "https://127.0.0.1:1/telegram"})
    async with open_parts(demo, database):
        sim.say(sim.user(chat.id), chat, "hello")
        await sim.answers(chat)


async def test_a_webhook_that_comes_later_is_left_alone_and_told(
    demo: DemoServer, database: Database
) -> None:
    sim = demo.simulation
    async with open_parts(demo, database) as parts, BotApi(demo.url, demo.token) as api:
        chat = sim.private_chat(sim.add_user("Ann"))
        sim.say(sim.user(chat.id), chat, "hello")
        await sim.answers(chat)
        await api.call("setWebhook", {"url": "https://127.0.0.1:1/telegram"})
        await until(lambda: parts.intake.state.trouble == "a webhook is set for this bot")
    assert not sim.requests("deleteWebhook")


async def test_a_wrong_token_is_told(demo: DemoServer, database: Database) -> None:
    demo.simulation.faults.refuse(ApiError(401, "Unauthorized"), method="getUpdates", times=99)
    async with open_parts(demo, database) as parts:
        await until(lambda: parts.intake.state.trouble == "Telegram does not know this token")


async def test_half_an_emoji_keeps_nobodys_messages_away(
    demo: DemoServer, database: Database
) -> None:
    """A lone surrogate makes the whole page unreadable for a strict reader."""
    sim = demo.simulation
    ann, bob = sim.add_user("Ann"), sim.add_user("Bob")
    sim.say(ann, sim.private_chat(ann), "cut \ud83d")
    sim.say(bob, sim.private_chat(bob), "hello")
    async with open_parts(demo, database):
        (answer,) = await sim.answers(sim.private_chat(bob))
        assert answer.text == "echo hello"
        (answer,) = await sim.answers(sim.private_chat(ann))
        assert answer.text == "echo cut \ufffd"


class FullDisk:
    """An inbox whose database cannot store for a while."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.fails = 2

    async def add(self, *arguments: object, **options: object) -> int:
        self.fails -= 1
        if self.fails >= 0:
            raise UnavailableError("database_unavailable")
        return await self.database.inbox.add(*arguments, **options)  # type: ignore[arg-type]

    def __getattr__(self, name: str) -> object:
        return getattr(self.database.inbox, name)


async def test_updates_that_cannot_be_stored_are_not_confirmed(
    demo: DemoServer, database: Database
) -> None:
    sim = demo.simulation
    chat = sim.private_chat(sim.add_user("Ann"))
    sim.say(sim.user(chat.id), chat, "hello")
    async with BotApi(demo.url, demo.token) as api:
        inbox = FullDisk(database)

        async def leads() -> bool:
            return True

        intake = Intake(api, inbox, asyncio.Event(), leads)  # type: ignore[arg-type]
        task = asyncio.create_task(intake.run())
        await until(lambda: intake.state.trouble == "the database cannot store")
        assert sim.pending_update_count == 1
        await until(lambda: not sim.pending_update_count)
        assert await database.inbox.count() == 1
        task.cancel()


async def test_the_webhook_refuses_when_the_queue_is_full(database: Database) -> None:
    """L06: refused, so that Telegram keeps it, and never accepted and dropped."""
    intake = WebhookIntake(database.inbox, asyncio.Event(), waiting_max=3)
    for number in range(3):
        await intake.store(posted({"update_id": number}))
    await asyncio.sleep(0.3)
    with pytest.raises(UnavailableError):
        await intake.store(posted({"update_id": 99}))
    assert await database.inbox.count() == 3


async def test_a_post_waits_for_the_end_of_the_start(database: Database) -> None:
    """Refused, it would come again seconds later, and a balancer may send half of all posts here."""
    readiness = Readiness()
    storing = asyncio.create_task(readiness.store(posted({"update_id": 1})))
    await asyncio.sleep(0.01)
    assert not storing.done()
    readiness.take_posts(WebhookIntake(database.inbox, asyncio.Event()))
    await storing
    assert await database.inbox.count() == 1
    readiness.refuse_posts()
    with pytest.raises(UnavailableError):
        await readiness.store(posted({"update_id": 2}))


async def test_the_same_post_many_times_at_once_is_one_arrival(database: Database) -> None:
    """D03: copies in parallel, shuffled, and again later."""
    intake = WebhookIntake(database.inbox, asyncio.Event())
    posts = [{"update_id": number % 50, "message": {"chat": {"id": 7}}} for number in range(250)]
    await asyncio.gather(*(intake.store(posted(update)) for update in posts))
    assert await database.inbox.count() == 50
    delivery = await database.inbox.claim(now=utc_now(), partitions=1, lease_seconds=60)
    async with database.units.open(now=utc_now(), claim=delivery[0]):
        pass
    await intake.store(posted(posts[int(delivery[0].inbox_message.key[1:])]))
    assert await database.inbox.count() == 49


async def test_a_post_that_is_no_update_is_the_senders_mistake(database: Database) -> None:
    intake = WebhookIntake(database.inbox, asyncio.Event())
    with pytest.raises(InputError):
        await intake.store(posted({"no": "id"}))


async def test_a_post_with_half_an_emoji_is_taken(database: Database) -> None:
    intake = WebhookIntake(database.inbox, asyncio.Event())
    body = b'{"update_id":5,"message":{"chat":{"id":7},"text":"\\ud83d 4.50 \\ud83d\\ude00"}}'
    await intake.store(body)
    (delivery,) = await database.inbox.claim(now=utc_now(), partitions=9, lease_seconds=60)
    assert orjson.loads(delivery.inbox_message.body)["message"]["text"] == "\ufffd 4.50 \U0001f600"


async def test_the_webhook_is_set_again_until_telegram_takes_it(demo: DemoServer) -> None:
    state = PollState()
    demo.simulation.faults.refuse(ApiError(400, "Bad Request: bad webhook"), method="setWebhook")
    async with BotApi(demo.url, demo.token) as api:
        task = asyncio.create_task(keep_webhook(api, "https://127.0.0.1:1/telegram", "s", state))
        await until(lambda: state.problem(time.monotonic()) is None)
        task.cancel()
    assert len(demo.simulation.requests("setWebhook")) == 2
    assert is_served(), "an installation by webhook is not deaf"


def test_a_process_that_takes_nothing_in_says_nothing_about_telegram() -> None:
    state = PollState()
    state.failed("not asked")
    state.left_to_others()
    assert state.problem(time.monotonic()) is None
    assert not is_served()


def is_served() -> bool:
    return bool(REGISTRY.get_sample_value("kvitto_polling"))


async def test_a_webhook_that_somebody_took_away_is_set_again(
    demo: DemoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    import bot.engine.webhook_intake as module

    monkeypatch.setattr(module, "CHECK_SECONDS", 0.05)
    state = PollState()
    async with BotApi(demo.url, demo.token) as api:
        task = asyncio.create_task(keep_webhook(api, "https://127.0.0.1:1/telegram", "s", state))
        await until(lambda: len(demo.simulation.requests("setWebhook")) == 1)
        await api.call("deleteWebhook")
        await until(lambda: len(demo.simulation.requests("setWebhook")) == 2)
        task.cancel()


async def test_stored_twice_is_stored_once(database: Database) -> None:
    inbox_message = inbox_message_of({"update_id": 5, "message": {"chat": {"id": 7}}})
    assert await database.inbox.add([inbox_message], now=utc_now(), offset=6) == 1
    assert await database.inbox.add([inbox_message, inbox_message], now=utc_now(), offset=6) == 0
