"""Enforced rate limits and planned faults."""

from __future__ import annotations

import asyncio
import time

import aiohttp
import pytest

from demo.botapi.errors import ApiError
from demo.botapi.requests import limits
from demo.botapi.requests.limits import Limits
from demo.server import DemoServer
from demo.simulation import Simulation
from tests.demo.answers import Call


class StandingClock:
    """In place of `time`, for limits that a slow machine must not lift."""

    seconds = 100.0

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> StandingClock:
    """The clock of the limits, which stands until a test moves it."""
    clock = StandingClock()
    monkeypatch.setattr(limits, "time", clock)
    return clock


async def test_a_burst_passes_and_then_the_chat_has_to_wait(
    sim: Simulation, call: Call, clock: StandingClock
) -> None:
    sim.limit(Limits(chat_burst=3))
    chat = sim.private_chat(sim.add_user("Ann"))
    other = sim.private_chat(sim.add_user("Bob"))

    statuses = [
        (await call("sendMessage", chat_id=chat.id, text=str(number))).status for number in range(4)
    ]

    assert statuses == [200, 200, 200, 429]
    answer = await call("sendMessage", chat_id=chat.id, text="again")
    assert answer.refusal == (429, "Too Many Requests: retry after 1")
    assert answer.body["parameters"] == {"retry_after": 1}
    assert sim.telegram.rate_limiter is not None
    assert sim.telegram.rate_limiter.too_early_count == 1
    assert (await call("sendMessage", chat_id=other.id, text="hi")).status == 200
    clock.seconds += 1
    assert (await call("sendMessage", chat_id=chat.id, text="now")).status == 200


async def test_a_group_takes_twenty_a_minute(
    sim: Simulation, call: Call, clock: StandingClock
) -> None:
    sim.limit(Limits(chat_burst=100, chat_per_second=100))
    group = sim.add_group("Home", [sim.add_user("Ann")])

    statuses = [
        (await call("sendMessage", chat_id=group.id, text=str(number))).status
        for number in range(21)
    ]

    assert statuses == [200] * 20 + [429]


async def test_thirty_a_second_overall(sim: Simulation, call: Call, clock: StandingClock) -> None:
    sim.limit(Limits())
    chats = [sim.private_chat(sim.add_user(f"P{number}")) for number in range(40)]

    answers = await asyncio.gather(
        *[call("sendMessage", chat_id=chat.id, text="hi") for chat in chats]
    )

    # A tenth more than promised.
    assert sum(answer.status == 200 for answer in answers) == 33


async def test_the_wait_can_be_prescribed(
    sim: Simulation, call: Call, clock: StandingClock
) -> None:
    sim.limit(Limits(chat_burst=1, retry_after_seconds=37))
    chat = sim.private_chat(sim.add_user("Ann"))
    await call("sendMessage", chat_id=chat.id, text="one")

    answer = await call("sendMessage", chat_id=chat.id, text="two")

    assert answer.body["parameters"] == {"retry_after": 37}


async def test_latency_delays_every_answer(sim: Simulation, call: Call) -> None:
    sim.faults.latency_seconds = 0.3
    begun = time.monotonic()
    await asyncio.gather(*[call("getMe") for _ in range(100)])
    # One behind the other would take half a minute.
    assert 0.3 <= time.monotonic() - begun < 25


async def test_a_share_of_requests_fails_and_the_seed_repeats_it(
    sim: Simulation, call: Call
) -> None:
    async def run() -> list[int]:
        sim.faults.clear()
        sim.faults.error_share = 0.3
        return [(await call("getMe")).status for _ in range(40)]

    first = await run()
    assert 4 <= first.count(502) <= 20
    assert await run() == first


async def test_an_accepted_message_may_lose_its_answer(sim: Simulation, call: Call) -> None:
    chat = sim.private_chat(sim.add_user("Ann"))
    sim.faults.lost_answer_share = 1.0

    with pytest.raises(aiohttp.ClientError):
        await call("sendMessage", chat_id=chat.id, text="sent and not told")

    (message,) = await sim.answers(chat)
    assert message.text == "sent and not told"


async def test_a_cut_connection_does_nothing(sim: Simulation, call: Call) -> None:
    chat = sim.private_chat(sim.add_user("Ann"))
    sim.faults.reset_share = 1.0

    with pytest.raises(aiohttp.ClientError):
        await call("sendMessage", chat_id=chat.id, text="lost")

    assert sim.messages(chat) == []


async def test_a_timeout_answers_nothing_for_its_time(sim: Simulation, call: Call) -> None:
    sim.faults.timeout_share, sim.faults.timeout_seconds = 1.0, 0.2
    begun = time.monotonic()
    with pytest.raises(aiohttp.ClientError):
        await call("getMe")
    assert time.monotonic() - begun >= 0.2


async def test_an_outage_ends(sim: Simulation, call: Call) -> None:
    sim.faults.go_down(1.0)
    with pytest.raises(aiohttp.ClientError):
        await call("getMe")
    await asyncio.sleep(1.05)
    assert (await call("getMe")).status == 200


async def test_a_planned_refusal_hits_its_method_and_chat_only(sim: Simulation, call: Call) -> None:
    ann, bob = (sim.private_chat(sim.add_user(name)) for name in ("Ann", "Bob"))
    sim.faults.refuse(
        ApiError(400, "Bad Request: message to edit not found"),
        method="sendMessage",
        chat_id=ann.id,
    )
    sim.faults.flood(bob.id, 7)

    assert (await call("sendMessage", chat_id=ann.id, text="x")).status == 400
    assert (await call("sendMessage", chat_id=ann.id, text="x")).status == 200
    flooded = await call("sendMessage", chat_id=bob.id, text="x")
    assert flooded.body["parameters"] == {"retry_after": 7}
    assert sim.refusals() == {
        "sendMessage: Bad Request: message to edit not found": 1,
        "sendMessage: Too Many Requests: retry after 7": 1,
    }


async def test_unknown_parameters_are_noted(demo: DemoServer, call: Call) -> None:
    sim = demo.simulation
    chat = sim.private_chat(sim.add_user("Ann"))
    await call("sendMessage", chat_id=chat.id, text="x", disable_preview=True)

    (request,) = sim.requests("sendMessage")
    assert request.unknown == ("disable_preview",)
