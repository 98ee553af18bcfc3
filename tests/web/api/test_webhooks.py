"""Programs are told what changes, signed, in order, and never at an address of the inside."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from ipaddress import ip_network
from typing import Any

import pytest
from aiohttp import web
from standardwebhooks import Webhook

from bot.ops.clock import utc_now
from bot.webhooks.posting import GoneError, HttpPoster
from ledger.errors import InputError, UnavailableError
from ports.jobs import DeliverWebhook, WebhookGivenUp
from ports.programs.webhooks import AddressRule
from ports.queue import Job
from ports.repositories import Repositories
from replies.job_results import webhook_given_up
from replies.results import ResultScope
from scheduler.webhooks import WebhookTick
from services.webhooks.delivering import WebhookDelivery
from tests.services.setup import ANN
from tests.web.api.stage import GROUP, HOME, ApiStage

LOOPBACK = AddressRule((ip_network("127.0.0.0/8"),))


@dataclass(slots=True)
class Receiver:
    """A program that is told, and what it answers."""

    url: str = ""
    status: int = 200
    taken: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.taken.append(({name.lower(): value for name, value in request.headers.items()}, body))
        headers = {"Location": self.url} if self.status == 302 else {}
        return web.Response(status=self.status, headers=headers)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    one = Receiver()
    app = web.Application()
    app.router.add_post("/hook", one.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert runner.addresses
    one.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield one
    await runner.cleanup()


async def _make(api: ApiStage, url: str, rule: AddressRule = LOOPBACK) -> dict[str, Any]:
    assert api.site.backend is not None
    api.site.backend = replace(api.site.backend, webhook_rule=rule)
    made = await api.call("POST", f"/ledgers/{api.home}/webhooks", json={"url": url})
    assert made.status == 201, made.body
    found: dict[str, Any] = made.json
    return found


async def _start(api: ApiStage) -> list[Job]:
    """Let the clock look for webhooks that lag, and claim their jobs."""
    await WebhookTick(api.database.units, asyncio.Event()).run(api.now)
    claimed = await api.database.jobs.claim(now=api.now, room=lambda _: 9, lease_seconds=60)
    return [job for job in claimed if job.kind == DeliverWebhook.kind]


async def _deliver(api: ApiStage, job: Job) -> None:
    delivery = WebhookDelivery(api.database.units, HttpPoster(LOOPBACK), utc_now)
    await delivery.run(DeliverWebhook(str(job.values["webhook_id"])), job)


async def test_every_change_is_told_once_and_signed(anywhere: ApiStage, receiver: Receiver) -> None:
    api = anywhere
    await api.book(amount="1", note="before")
    hook = await _make(api, receiver.url)
    (listed,) = (await api.call("GET", f"/ledgers/{api.home}/webhooks")).json["items"]
    assert "secret" not in listed
    assert "127.0.0.1" in str((await api.told())[-1].payload["text"])
    assert await _start(api) == []

    made = await api.book(amount="4.50", note="coffee")
    path = f"/ledgers/{api.home}/expenses/{made['id']}"
    await api.call("PATCH", path, json={"note": "tea"})
    await api.call("DELETE", path)
    (job,) = await _start(api)
    assert await _start(api) == [], "its job is there already"
    await _deliver(api, job)
    await api.database.jobs.done(job, event=None, now=api.now)
    told = [Webhook(hook["secret"]).verify(body, headers) for headers, body in receiver.taken]
    assert [one["type"] for one in told] == [
        "expense.created",
        "expense.updated",
        "expense.deleted",
    ]
    # All of them show the entry as it is now.
    assert {one["data"]["id"] for one in told} == {made["id"]}
    assert [one["data"]["expense"] for one in told] == [None, None, None]
    assert await _start(api) == []

    await api.undo()
    (job,) = await _start(api)
    await _deliver(api, job)
    headers, body = receiver.taken[-1]
    assert Webhook(hook["secret"]).verify(body, headers)["data"]["expense"]["note"] == "tea"


async def test_a_message_is_tried_again_under_its_id_and_given_up_once(
    api: ApiStage, receiver: Receiver
) -> None:
    hook = await _make(api, receiver.url)
    await api.told()
    await api.book(amount="1", note="one")
    await api.book(amount="2", note="two")
    await api.told()
    (job,) = await _start(api)
    for receiver.status in (500, 302, 404):
        with pytest.raises(UnavailableError):
            await _deliver(api, job)
    receiver.status = 200
    await _deliver(api, job)
    ids = [headers["webhook-id"] for headers, _ in receiver.taken]
    assert len(set(ids)) == 2
    assert ids[:4] == [ids[0]] * 4
    await api.database.jobs.done(job, event=None, now=api.now)

    receiver.status = 410
    await api.book(amount="3", note="three")
    await api.told()
    (job,) = await _start(api)
    with pytest.raises(GoneError):
        await _deliver(api, job)
    for _ in range(2):
        async with api.database.units.open(now=api.now) as unit:
            scope = ResultScope(api.services, unit, HOME, f"j{job.id}", api.now)
            await webhook_given_up(scope, WebhookGivenUp(hook["id"]))
    (message,) = await api.told()
    assert "127.0.0.1" in str(message.payload["text"])
    await api.book(amount="4", note="four")
    assert await _start(api) == []
    found = await api.call("GET", f"/ledgers/{api.home}/webhooks/{hook['id']}")
    assert found.json["failed_at"] is not None

    # The operator retries its dead letter, and it goes on.
    receiver.status = 200
    await _deliver(api, job)
    found = await api.call("GET", f"/ledgers/{api.home}/webhooks/{hook['id']}")
    assert found.json["failed_at"] is None
    gone = await api.call("DELETE", f"/ledgers/{api.home}/webhooks/{hook['id']}")
    assert gone.status == 204


async def test_no_address_of_the_inside_is_called(api: ApiStage, receiver: Receiver) -> None:
    port = receiver.url.rpartition(":")[2]
    poster = HttpPoster()
    # The client reads the last one as an address, so no resolver is asked.
    stops = "127.0.0.1".replace(".", "\u3002")
    for host in ("127.0.0.1", "localhost", "127.1", "[::1]", "[::ffff:127.0.0.1]", stops):
        with pytest.raises(UnavailableError):
            await poster.post(f"http://{host}:{port}", b"{}", {})
    assert receiver.taken == []
    rule = AddressRule()
    for url in (
        "http://example.org/",
        "https://10.0.0.1/",
        "https://[fe80::1]/",
        "https://169.254.169.254/latest/meta-data",
        "https://user:pass@example.org/",
        "https:///x",
        "ftp://example.org/",
        "https://example.org:99999/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://127.1/",
        "https://127.0.0.1./",
        "https://[::127.0.0.1]/",
        "https://localhost/",
        "https://router.local./",
        "https://intranet/",
        "https://" + "x" * 500,
    ):
        with pytest.raises(InputError):
            rule.check(url)
        answer = await api.call("POST", f"/ledgers/{api.home}/webhooks", json={"url": url})
        assert answer.status == 422, url
    rule.check("https://example.org/hook?a=b")
    inside = "0.0.0.0 10.1.2.3 100.64.0.1 172.16.0.1 192.168.0.1 224.0.0.1 255.255.255.255 :: ::1"
    inside += " fe80::1%eth0 fc00::1 ff02::1 64:ff9b::7f00:1 2002:7f00:1::1 ::ffff:10.0.0.1 x"
    # IPv4 in older spellings of IPv6, local addresses of before, and where clouds keep secrets.
    inside += " ::127.0.0.1 ::ffff:0:127.0.0.1 fec0::1 4000::1 192.0.0.192 168.63.129.16"
    assert not [one for one in inside.split() if rule.allows(one)]
    assert all(map(rule.allows, ("1.1.1.1", "2606:4700:4700::1111")))
    assert LOOPBACK.allows("127.0.0.1")


async def test_a04_a_webhook_is_told_nothing_while_its_maker_is_out(
    anywhere: ApiStage, receiver: Receiver
) -> None:
    api = anywhere
    assert api.site.backend is not None
    api.site.backend = replace(api.site.backend, webhook_rule=LOOPBACK)
    path = f"/ledgers/{api.group}"
    made = await api.call("POST", f"{path}/webhooks", json={"url": receiver.url})
    assert made.status == 201
    await api.call("POST", f"{path}/expenses", as_="bo", json={"amount": "1"})
    (job,) = await _start(api)

    async def change(work: Callable[[Repositories], None]) -> None:
        async with api.database.units.open(now=api.now) as unit:
            await unit.run(work)

    await change(lambda rows: rows.chats.leave(GROUP, ANN.user_id, api.now))
    await _deliver(api, job)
    await api.database.jobs.done(job, event=None, now=api.now)
    assert await _start(api) == []
    assert receiver.taken == []
    await api.enter(GROUP, "group", ANN)
    await change(lambda rows: rows.chats.mute(GROUP, muted=True))
    assert await _start(api) == [], "removed from the group, the bot does not learn who leaves"
    await change(lambda rows: rows.chats.mute(GROUP, muted=False))
    (job,) = await _start(api)
    await _deliver(api, job)
    assert len(receiver.taken) == 1


async def test_a_groups_webhooks_are_its_admins(api: ApiStage) -> None:
    path = f"/ledgers/{api.group}/webhooks"
    made = await api.call("POST", path, json={"url": "https://example.org/"})
    assert made.status == 201
    refused = await api.call("POST", path, as_="bo", json={"url": "https://example.org/"})
    assert (refused.status, refused.json["code"]) == (403, "webhooks_admins_only")
    assert (await api.call("DELETE", f"{path}/{made.json['id']}", as_="bo")).status == 403
    foreign = f"/ledgers/{api.home}/webhooks/{made.json['id']}"
    assert (await api.call("GET", foreign)).status == 404


async def test_a_token_that_may_not_read_makes_no_webhook(api: ApiStage) -> None:
    path = f"/ledgers/{api.home}/webhooks"
    made = await api.call("POST", f"/ledgers/{api.home}/tokens", json={"scopes": ["write"]})
    api.logins["writer"] = f"Bearer {made.json['secret']}"
    url = {"url": "https://example.org/"}
    refused = await api.call("POST", path, as_="writer", json=url)
    assert (refused.status, refused.json["code"]) == (403, "scope_missing")
    assert (await api.call("GET", path, as_="reader")).status == 403, "an address may hold secrets"
