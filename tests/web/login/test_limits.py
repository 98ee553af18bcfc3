"""Who asks too often waits, over HTTP."""

from __future__ import annotations

import asyncio

import pytest

from ledger.rate_limits import Buckets, Policy
from tests.web.login.conftest import ANN, BO, Visit, data_of
from web.concurrency import ConcurrencyLimit, TooManyWaitingError

# Slow, so that nothing is given back while a busy machine runs the test.
FIVE = Policy("test", quota=5, window_seconds=5000)


async def test_l07_a_caller_who_asks_too_often_waits_and_nobody_else(visit: Visit) -> None:
    mine, _ = await visit.enter(ANN), await visit.enter(BO)
    visit.site.limits.by_caller = Buckets(FIVE)
    visit.site.limits.by_address = Buckets(Policy("address", 40, 40_000))
    token = f"Bearer {await visit.make_token(mine, ANN)}"
    headers = {"Authorization": f"tma {data_of(ANN)}"}
    answers = []
    for _ in range(6):
        async with visit.http.get(f"{visit.url}/api/v1/mine", headers=headers) as answer:
            answers.append((answer.status, answer.headers))
    assert [status for status, _ in answers] == [200] * 5 + [429]
    assert [found["RateLimit"].split(";")[1] for _, found in answers] == [
        "r=4", "r=3", "r=2", "r=1", "r=0", "r=0",
    ]  # fmt: skip
    assert answers[0][1]["RateLimit-Policy"] == '"test";q=5;w=5000'
    assert 900 <= int(answers[-1][1]["Retry-After"]) <= 1000
    for proof in (f"tma {data_of(BO)}", token):
        assert (await visit.ask("/api/v1/mine", Authorization=proof))[0] == 200
    statuses = [(await visit.ask("/api/v1/mine"))[0] for _ in range(40)]
    assert statuses[0] == 401
    assert statuses[-1] == 429, "an address alone"
    for path in ("/healthz", "/telegram"):
        async with visit.http.get(visit.url + path) as answer:
            assert answer.status != 429
    elsewhere = {"X-Forwarded-For": "198.51.100.7"}
    assert (await visit.send("/api/v1/mine", "GET", elsewhere))[0] == 401


async def test_l07_a_client_has_a_few_requests_in_work_and_a_bounded_line() -> None:
    limit = ConcurrencyLimit(in_work=2, waiting=1)
    started: list[str] = []
    go = asyncio.Event()

    async def work(client: str) -> None:
        async with limit.enter(client):
            started.append(client)
            await go.wait()

    tasks = [asyncio.create_task(work("a")) for _ in range(3)]
    await asyncio.sleep(0)
    assert started == ["a", "a"], "the third waits"
    with pytest.raises(TooManyWaitingError):
        await work("a")
    tasks.append(asyncio.create_task(work("b")))
    await asyncio.sleep(0)
    assert started == ["a", "a", "b"], "nobody else waits"
    tasks[2].cancel()
    go.set()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert started == ["a", "a", "b"]
    await work("a")
