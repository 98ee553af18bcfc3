"""Delivery to a webhook."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from demo.simulation import Simulation
from tests.demo.answers import Call


@dataclass
class Hook:
    """A web server that receives updates and gives prepared answers."""

    url: str = ""
    updates: list[dict[str, Any]] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    in_work: int = 0
    in_work_max: int = 0

    async def take(self, request: web.Request) -> web.Response:
        self.in_work += 1
        self.in_work_max = max(self.in_work_max, self.in_work)
        await asyncio.sleep(self.seconds)
        self.in_work -= 1
        self.updates.append(await request.json())
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token", ""))
        self.times.append(time.monotonic())
        status = self.statuses.pop(0) if self.statuses else 200
        return web.Response(status=status, headers=self.headers if status >= 300 else None)

    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.updates]


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    app = web.Application()
    app.router.add_post("/telegram", hook.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/telegram"
    yield hook
    await runner.cleanup()


async def until_delivered(sim: Simulation) -> None:
    async with asyncio.timeout(60):
        while sim.pending_update_count:
            await sim.telegram.updates.arrival(0.05)


async def test_updates_are_posted_with_the_secret(sim: Simulation, call: Call, hook: Hook) -> None:
    ann = sim.add_user("Ann")
    sim.say(ann, sim.private_chat(ann), "before")
    await call("setWebhook", url=hook.url, secret_token="s3cret")
    sim.say(ann, sim.private_chat(ann), "after")

    await until_delivered(sim)

    assert hook.texts() == ["before", "after"]
    assert set(hook.secrets) == {"s3cret"}


async def test_an_update_is_repeated_until_it_is_taken_and_its_chat_waits(
    sim: Simulation, call: Call, hook: Hook
) -> None:
    ann, bob = sim.add_user("Ann"), sim.add_user("Bob")
    hook.statuses = [500, 503, 404]
    await call("setWebhook", url=hook.url)
    sim.say(ann, sim.private_chat(ann), "one")
    sim.say(ann, sim.private_chat(ann), "two")
    await asyncio.sleep(0.02)
    sim.say(bob, sim.private_chat(bob), "other chat")

    await until_delivered(sim)

    own = [text for text in hook.texts() if text != "other chat"]
    assert own[-2:] == ["one", "two"]
    assert own.count("two") == 1
    assert len(hook.updates) == 6
    info = (await call("getWebhookInfo")).result
    assert info["last_error_message"].startswith("Wrong response from the webhook:")
    assert info["pending_update_count"] == 0


async def test_retry_after_is_honoured(sim: Simulation, call: Call, hook: Hook) -> None:
    ann = sim.add_user("Ann")
    hook.statuses, hook.headers = [429], {"Retry-After": "1"}
    await call("setWebhook", url=hook.url)
    sim.say(ann, sim.private_chat(ann), "one")

    await until_delivered(sim)

    assert hook.times[1] - hook.times[0] >= 1


async def test_no_more_than_max_connections_are_used_and_one_per_chat(
    sim: Simulation, call: Call, hook: Hook
) -> None:
    hook.seconds = 0.1
    people = [sim.add_user(f"P{number}") for number in range(10)]
    for number in range(3):
        for person in people:
            sim.say(person, sim.private_chat(person), f"{person.first_name} {number}")
    await call("setWebhook", url=hook.url, max_connections=4)

    await until_delivered(sim)

    assert hook.in_work_max == 4
    for person in people:
        name = person.first_name
        own = [text for text in hook.texts() if text.split()[0] == name]
        assert own == [f"{name} {number}" for number in range(3)]


async def test_dropping_and_deleting(sim: Simulation, call: Call, hook: Hook) -> None:
    sim.feed({"message": {"text": "old"}})
    await call("setWebhook", url=hook.url, drop_pending_updates=True)
    sim.feed({"message": {"text": "new"}})
    await until_delivered(sim)
    await call("deleteWebhook")
    sim.feed({"message": {"text": "polled"}})
    await asyncio.sleep(0.05)

    assert hook.texts() == ["new"]
    assert (await call("getWebhookInfo")).result["url"] == ""
    assert len((await call("getUpdates")).result) == 1
