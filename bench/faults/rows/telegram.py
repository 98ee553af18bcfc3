"""Try what must survive when Telegram fails, limits, repeats or was away."""

from __future__ import annotations

import asyncio
import contextlib
import time
from functools import partial

from bench.faults.program import Program
from bench.faults.rows.order import count_out_of_order
from bench.faults.rows.stage import CHATS, PER_SECOND, Line, Stage, as_seconds
from bench.free_ports import free_port
from demo.botapi.requests.limits import Limits
from demo.botapi.world import Chat
from demo.simulation import Simulation

GROWN_MB_MAX = 50
"""What failures may add to the memory of the main process."""


async def unanswered(stage: Stage) -> list[Line]:
    """D06: the server does it, its answer is lost."""
    town, program, faults = stage.town, stage.program, stage.demo.simulation.faults
    town.settle(CHATS)
    faults.lost_answer_share, faults.are_polls_spared = 0.1, True
    program.start()
    await town.live(20, PER_SECOND)
    faults.clear()
    verdict, took = await stage.verdict()
    figures = (
        f"{verdict.texts} texts, one answer of ten lost: {verdict.unanswered} missing, "
        f"{verdict.doubled_answers} doubled, {verdict.lost} lost, drained in {as_seconds(took)}"
    )
    return [Line("D06", "the answer to a send is lost", figures, verdict.is_clean)]


async def failing(stage: Stage) -> list[Line]:
    """F01: errors, resets and silence, then an outage."""
    town, program, faults = stage.town, stage.program, stage.demo.simulation.faults
    town.settle(100)
    program.start()
    # While it starts it grows by itself, on a busy machine for longer than some seconds.
    await town.write_until_answered(5)
    await town.live(5, 5)
    before = program.resident_bytes()
    faults.error_share, faults.reset_share, faults.timeout_share = 0.15, 0.1, 0.05
    faults.timeout_seconds = 5
    await town.live(40, 10)
    faults.clear()
    faults.go_down()
    await town.live(20, 10)
    faults.come_back()
    verdict, took = await stage.verdict()
    grown = (program.resident_bytes() - before) / 1e6
    figures = (
        f"{verdict.texts} texts in 40 s of 30 % failures and 20 s of outage: {verdict.lost} lost, "
        f"{verdict.unanswered} unanswered, drained in {as_seconds(took)}, memory +{grown:.0f} MB"
    )
    kept = verdict.is_clean and took is not None and took <= 60 and grown <= GROWN_MB_MAX
    return [Line("F01", "Telegram down", figures, kept)]


async def flooded(stage: Stage) -> list[Line]:
    """F02: limits enforced, one group flooded, others talk."""
    sim, town, program = stage.demo.simulation, stage.town, stage.program
    town.settle(100)
    owner = town.people[0]
    group = sim.add_group("Flat", [owner, *town.people[1:4]])
    sim.limit(Limits(retry_after_seconds=37))
    program.start(TELEGRAM_PACING="30/1/20")
    for number in range(500):
        sim.say(owner, group, f"bread {number // 100 + 1}.{number % 100:02d}")
    waits: list[float] = []
    for _ in range(120):
        person = stage.rng.choice(town.people)
        chat = sim.private_chat(person)
        asked = time.monotonic()
        count = len(sim.sent(chat))
        town.write(person)
        with contextlib.suppress(TimeoutError):
            await sim.until(partial(has_more, sim, chat, count), timeout=20)
        waits.append(time.monotonic() - asked)
    waits.sort()
    p95 = waits[int(len(waits) * 0.95)]
    requests = sum(sim.log.statuses.values())
    share = sim.log.statuses[429] / max(requests, 1)
    verdict = await town.judge(stage.database_url)
    figures = (
        f"p95 of other chats {p95:.2f} s, 429 on {share:.2%} of {requests} requests, "
        f"{verdict.lost} lost, {verdict.unanswered} of theirs unanswered"
    )
    kept = p95 <= 2 and share <= 0.01 and not verdict.lost
    return [Line("F02", "one flooded group, 100 private chats", figures, kept)]


async def doubled(stage: Stage) -> list[Line]:
    """F05: a second process on the same data, and one on other data with the same token."""
    town, program = stage.town, stage.program
    town.settle(CHATS)
    second = Program(program.folder, program.environment, http_port=free_port())
    other = Program(
        program.folder,
        {**program.environment, "DATABASE_URL": f"sqlite:///{program.folder}/other.db"},
        http_port=free_port(),
    )
    try:
        for _ in range(max(stage.rounds // 20, 1)):
            program.start()
            await town.live(3, PER_SECOND)
            second.start()
            await town.live(6, PER_SECOND)
            await asyncio.to_thread(program.stop)
            await town.live(3, PER_SECOND)
            # The roles change: the second is the running one now.
            program, second = second, program
            await asyncio.to_thread(program.stop)
        stage.program = program
        verdict, _ = await stage.verdict()
        overlap = (
            f"{verdict.texts} texts over rolling overlaps: {verdict.lost} lost, "
            f"{verdict.doubled} doubled, {verdict.doubled_answers} answered twice"
        )
        other.start()
        told = await _told_not_ready([stage.program, other], 60)
        return [
            Line(
                "F05",
                "two processes, one database",
                overlap,
                verdict.is_clean and not verdict.doubled_answers,
            ),
            Line(
                "F05", "two processes, one token", f"not ready after {as_seconds(told)}", bool(told)
            ),
        ]
    finally:
        for one in (second, other):
            if one.is_running:
                one.kill()


async def _told_not_ready(programs: list[Program], seconds: float) -> float | None:
    """Return when one of them says that it is not ready because of the other."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        for program in programs:
            said = await asyncio.to_thread(program.readiness)
            if said and not said["ready"] and "same token" in str(said.get("telegram")):
                return time.monotonic() - began
        await asyncio.sleep(0.5)
    return None


async def absent(stage: Stage) -> list[Line]:
    """D15: thousands of updates and old presses wait at the start; order is kept in each chat."""
    sim, town, program = stage.demo.simulation, stage.town, stage.program
    town.settle(CHATS)
    program.start()
    await town.live(4, PER_SECOND)
    await town.drained(stage.database_url, 60)
    await asyncio.to_thread(program.stop)
    for person in town.people:
        message = sim.sent(sim.private_chat(person))[-1:]
        for one in message:
            if one.labels:
                sim.press(person, one, (0, 0))
    for _ in range(10_000):
        town.write()
    program.start()
    began = time.monotonic()
    verdict, took = await stage.verdict()
    rate = 10_000 / (time.monotonic() - began)
    figures = (
        f"10000 waiting, drained in {as_seconds(took)} ({rate:.0f}/s with the start): "
        f"{verdict.lost} lost, {verdict.unanswered} unanswered, "
        f"{count_out_of_order(town)} out of order, memory {program.resident_bytes() / 1e6:.0f} MB"
    )
    return [
        Line("D15", "a long absence", figures, verdict.is_clean and not count_out_of_order(town))
    ]


async def jumping(stage: Stage) -> list[Line]:
    """D14: update ids jump up and down."""
    sim, town, program = stage.demo.simulation, stage.town, stage.program
    town.settle(CHATS)
    program.start()
    used: set[int] = set()
    for _ in range(100):
        start = stage.rng.randrange(1, 1 << 30)
        while any(abs(start - other) < 1000 for other in used):
            start = stage.rng.randrange(1, 1 << 30)
        used.add(start)
        sim.jump_update_ids(start)
        for _ in range(5):
            town.write()
        await asyncio.sleep(0.1)
    verdict, took = await stage.verdict()
    figures = (
        f"100 jumps, {verdict.texts} texts: {verdict.lost} lost, drained in {as_seconds(took)}"
    )
    return [Line("D14", "update ids are no order", figures, verdict.is_clean)]


async def pressed_twice(stage: Stage) -> list[Line]:
    """D08: twenty presses of one Delete button at once."""
    sim, town, program = stage.demo.simulation, stage.town, stage.program
    town.settle(CHATS)
    program.start()
    rounds = max(stage.rounds // 4, 5)
    presses = []
    for _ in range(rounds):
        wrote = town.write()
        chat = sim.chat(wrote.chat_id)
        await sim.until(partial(town.confirmation_of, wrote), timeout=90)
        message = town.confirmation_of(wrote)
        assert message is not None
        label = next(b for b in message.labels if "delete" in b.lower())
        presses += [sim.press(sim.user(chat.id), message, label) for _ in range(20)]
        wrote.is_deleted = True
    verdict, _ = await stage.verdict()
    answered = sim.log.counts["answerCallbackQuery"]
    figures = (
        f"{rounds} x 20 presses: {verdict.wrong} wrong, {answered} answers, {verdict.dead} dead"
    )
    return [Line("D08", "double taps count once", figures, verdict.is_clean)]


def has_more(simulation: Simulation, chat: Chat, count: int) -> bool:
    """Return whether the bot has sent more than so many messages to a chat."""
    return len(simulation.sent(chat)) > count
