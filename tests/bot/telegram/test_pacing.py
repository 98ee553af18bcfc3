"""Pacing: what leaves in any second and any minute, by a clock of the test's."""

from __future__ import annotations

import random

from bot.setup.setting_values import Pacing
from bot.telegram.pacing import CHAT_BURST, Pacer

PACING = Pacing(30, 1, 20)


def leave(pacer: Pacer, chat: int, now: float, count: int) -> list[float]:
    """Let messages leave as early as they may; return when each left."""
    left = []
    for _ in range(count):
        while (wait := max(pacer.chat_wait(chat, now), pacer.overall_wait(now))) > 0:
            now += wait
        pacer.note(chat, now)
        left.append(now)
    return left


def most_within(times: list[float], seconds: float) -> int:
    return max(sum(t <= other < t + seconds for other in times) for t in times)


def test_a_short_burst_passes_then_one_a_second() -> None:
    left = leave(Pacer(PACING), 5, 100.0, CHAT_BURST + 5)
    assert left[CHAT_BURST - 1] == 100.0
    steps = [b - a for a, b in zip(left[CHAT_BURST - 1 :], left[CHAT_BURST:], strict=False)]
    assert all(0.99 <= step <= 1.01 for step in steps)


def test_a_group_gets_at_most_twenty_in_any_minute() -> None:
    left = leave(Pacer(PACING), -5, 0.0, 65)
    assert most_within(left, 60) == 20


def test_a_private_chat_has_no_minute() -> None:
    assert most_within(leave(Pacer(PACING), 5, 0.0, 65), 60) > 40


def test_all_together_get_at_most_thirty_in_any_second() -> None:
    pacer, now, left = Pacer(PACING), 0.0, []
    for chat in range(1, 200):
        while (wait := pacer.overall_wait(now)) > 0:
            now += wait
        pacer.note(chat, now)
        left.append(now)
    assert most_within(left, 1.0) == 30


def test_pushes_leave_room_for_answers() -> None:
    pacer = Pacer(PACING)
    count = 0
    while pacer.overall_wait(0.0, push=True) == 0:
        pacer.note(1000 + count, 0.0)
        count += 1
    assert count == 24
    assert pacer.overall_wait(0.0) == 0


def test_a_block_holds_for_its_chat_alone_even_without_pacing() -> None:
    for pacing in (PACING, None):
        pacer = Pacer(pacing)
        pacer.block(5, 137.0, 100.0)
        assert pacer.chat_wait(5, 100.0) == 37.0
        assert pacer.chat_wait(6, 100.0) == 0.0
        assert pacer.chat_wait(5, 137.0) == 0.0


def test_a_block_far_ahead_makes_the_pacer_forget_nobody_who_must_wait() -> None:
    pacer = Pacer(PACING)
    for chat_id in range(20_000):
        pacer.block(chat_id, 50.0, 0.0)
    pacer.block(-1, 1000.0, 0.0)
    assert all(pacer.chat_wait(chat_id, 0.0) == 50.0 for chat_id in range(20_000))


def test_without_pacing_nothing_waits() -> None:
    pacer = Pacer(None)
    for _ in range(1000):
        pacer.note(5, 0.0)
    assert pacer.chat_wait(5, 0.0) == pacer.overall_wait(0.0) == 0.0
    assert pacer.burst_left(5, 0.0) > 1000


def test_what_may_leave_at_once_is_told() -> None:
    pacer = Pacer(PACING)
    assert pacer.burst_left(-5, 0.0) == CHAT_BURST
    leave(pacer, -5, 0.0, 20)
    assert pacer.burst_left(-5, 20.0) == 0


def test_memory_is_bounded_and_who_must_wait_is_kept() -> None:
    seed = random.randrange(1 << 30)
    print(f"seed {seed}")
    rng = random.Random(seed)
    pacer = Pacer(PACING)
    pacer.block(-1, 1e9, 0.0)
    now = 0.0
    for _ in range(60_000):
        now += 0.04
        pacer.note(rng.randrange(1, 1 << 40), now)
    assert len(pacer._chats) <= 20_001
    assert pacer.chat_wait(-1, now) > 0
