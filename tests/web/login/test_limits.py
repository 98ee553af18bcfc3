"""Buckets by their arithmetic, and over HTTP."""

from __future__ import annotations

from tests.web.login.conftest import ANN, BO, Visit, data_of
from web.buckets import KEYS_MAX, Buckets, Policy

FIVE_IN_TEN = Policy("test", quota=5, window_seconds=10)


def test_a_bucket_gives_its_quota_at_once_and_then_steadily() -> None:
    buckets = Buckets(FIVE_IN_TEN)
    taken = [buckets.take("a", 100.0) for _ in range(7)]
    assert [one.remaining for one in taken] == [4, 3, 2, 1, 0, 0, 0]
    assert [one.wait_seconds for one in taken] == [0, 0, 0, 0, 0, 2, 2]
    assert taken[4].reset_seconds == 10
    assert buckets.take("b", 100.0).remaining == 4, "another key has a bucket of its own"
    assert buckets.take("a", 101.9).wait_seconds == 1
    assert buckets.take("a", 102.0).wait_seconds == 0, "refused requests cost nothing"
    assert buckets.take("a", 102.0).wait_seconds == 2
    assert buckets.take("a", 300.0).remaining == 4, "a rested bucket is no larger than its quota"


def test_a_long_run_lets_the_quota_of_each_window_through() -> None:
    buckets = Buckets(FIVE_IN_TEN)
    asked = [number / 7 for number in range(7 * 1000)]
    let_in = sum(not buckets.take("a", moment).wait_seconds for moment in asked)
    assert let_in in range(503, 506), "5 at once, then one every 2 seconds"


def test_memory_is_bounded() -> None:
    buckets = Buckets(FIVE_IN_TEN)
    for number in range(KEYS_MAX + 100):
        buckets.take(number, 1.0)
    assert buckets.take(KEYS_MAX + 99, 1.0).remaining == 3
    assert buckets.take(0, 1.0).remaining == 4, "the oldest made room"


async def test_l07_a_caller_who_asks_too_often_waits_and_nobody_else(visit: Visit) -> None:
    mine, _ = await visit.enter(ANN), await visit.enter(BO)
    visit.site.limits.by_caller = Buckets(FIVE_IN_TEN)
    visit.site.limits.by_address = Buckets(Policy("address", 40, 10))
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
    assert answers[0][1]["RateLimit-Policy"] == '"test";q=5;w=10'
    assert 1 <= int(answers[-1][1]["Retry-After"]) <= 2
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
