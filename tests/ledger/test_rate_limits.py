"""Buckets by their arithmetic."""

from __future__ import annotations

from ledger.rate_limits import KEYS_MAX, Buckets, Policy

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


def test_both_ways_to_take_agree() -> None:
    one, other = Buckets(FIVE_IN_TEN), Buckets(FIVE_IN_TEN)
    moments = [number * 0.37 % 40 + number // 50 * 40 for number in range(400)]
    for moment in sorted(moments):
        assert one.lets_in("a", moment) == (not other.take("a", moment).wait_seconds)


def test_memory_is_bounded() -> None:
    buckets = Buckets(FIVE_IN_TEN)
    for number in range(KEYS_MAX + 100):
        buckets.take(number, 1.0)
    assert buckets.take(KEYS_MAX + 99, 1.0).remaining == 3
    assert buckets.take(0, 1.0).remaining == 4, "the oldest made room"


def test_what_is_reserved_is_spread_behind_the_quota() -> None:
    buckets = Buckets(FIVE_IN_TEN)
    waits = [buckets.reserve("a", 100.0) for _ in range(8)]
    assert waits == [0, 0, 0, 0, 0, 2, 4, 6]
    assert buckets.reserve("a", 106.0) == 2
    assert buckets.reserve("a", 200.0) == 0


def test_a_clock_that_is_set_back_keeps_nobody_out() -> None:
    buckets = Buckets(FIVE_IN_TEN)
    assert all(buckets.lets_in("a", 1_000_000.0) for _ in range(5))
    assert not buckets.lets_in("a", 999_999.0), "a little out of order is no other time"
    assert buckets.lets_in("a", 500_000.0)
    assert buckets.take("a", 500_000.0).remaining == 3
    assert buckets.reserve("a", 500_000.0) == 0
