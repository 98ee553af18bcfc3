"""The rows of promises.md that the bench tries, each a function from a stage to a line of the table."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random

import asyncpg

from bench.faults.program import Program, free_port
from bench.faults.workload import Verdict, Workload, load_samples
from demo.botapi.requests.limits import Limits
from demo.botapi.world import Chat
from demo.server import DemoServer, open_demo
from demo.simulation import Simulation
from ports.failpoints import EXIT_CODE, FAILPOINTS
from tests.postgres import PostgresServer

DRAIN_SECONDS = 180
HISTORY_MAX = 200_000
CHATS = 20
PER_SECOND = 40.0
STARTING_PER_SECOND = 5.0
"""While the program starts people write less, so that a slow machine is not measured by how much
it has to catch up with when it is killed again."""
AWAY_SECONDS = 60
CUTS = 24
"""Each five seconds after the one before: two minutes."""
EARLY_SHARE = 0.15
"""Kills that hit the start; the others hit a program that answers."""
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the printed table."""

    row: str
    what: str
    figures: str
    is_kept: bool


@dataclass(slots=True)
class Stage:
    """A Bot API server, a town, the program, and its database."""

    demo: DemoServer
    town: Workload
    program: Program
    database_url: str
    rng: Random
    rounds: int
    extra: dict[str, str] = field(default_factory=dict)
    server: PostgresServer | None = None

    async def verdict(self) -> tuple[Verdict, float | None]:
        """Drain with everything running, then judge."""
        if not self.program.is_running:
            self.program.process = None
            self.program.start(**self.extra)
        took = await self.town.drained(self.database_url, DRAIN_SECONDS)
        return await self.town.judge(self.database_url), took


Row = Callable[[Stage], Awaitable[list[Line]]]


@asynccontextmanager
async def open_stage(
    database_url: str, folder: Path, seed: int, rounds: int, *, limits: Limits | None = None
) -> AsyncIterator[Stage]:
    """Set the stage; the program is stopped at the end, whatever happened."""
    simulation = Simulation(history_max=HISTORY_MAX, limits=limits)
    async with open_demo(simulation=simulation) as demo:
        rng = Random(seed)
        town = Workload(simulation, rng, samples=load_samples(ROOT / "demo" / "samples"))
        environment = {
            "TELEGRAM_BOT_TOKEN": demo.token,
            "TELEGRAM_API_URL": demo.url,
            "DATABASE_URL": database_url,
        }
        program = Program(folder, environment)
        stage = Stage(demo, town, program, database_url, rng, rounds)
        try:
            yield stage
        finally:
            for one in {id(p): p for p in (program, stage.program)}.values():
                if one.is_running:
                    one.kill()


async def killed(stage: Stage) -> list[Line]:
    """D01, D06, D07: kill -9 at random times while twenty chats write."""
    return await _kill_rounds(stage, "polling")


async def killed_webhook(stage: Stage) -> list[Line]:
    """D02: the same with posts instead of polls."""
    stage.extra = webhook_settings(stage)
    return await _kill_rounds(stage, "webhook")


async def _kill_rounds(stage: Stage, way: str) -> list[Line]:
    town, program = stage.town, stage.program
    town.settle(CHATS)
    for _ in range(stage.rounds):
        program.start(**stage.extra)
        if stage.rng.random() < EARLY_SHARE:
            await town.live(stage.rng.random() * 3, STARTING_PER_SECOND)
        else:
            await town.write_until_answered(STARTING_PER_SECOND)
            await town.live(stage.rng.random() * 2.5, PER_SECOND, photo_share=0.004)
        program.kill()
    verdict, took = await stage.verdict()
    share = verdict.doubled_answers / max(verdict.texts, 1)
    figures = (
        f"{stage.rounds} kills, {verdict.texts} texts, {verdict.presses} presses: "
        f"{verdict.lost} lost, {verdict.doubled} doubled, {verdict.wrong} wrong, "
        f"integrity {verdict.integrity}, drained in {as_seconds(took)}"
    )
    answers = (
        f"{verdict.unanswered} missing, {verdict.doubled_answers} doubled "
        f"({verdict.doubled_answers / max(stage.rounds, 1):.2f} a kill, {share:.2%})"
    )
    photos = f"{verdict.photos} photos: {verdict.receipts_open} stuck, {verdict.dead} dead letters"
    row = "D01" if way == "polling" else "D02"
    kept = not (verdict.lost + verdict.doubled + verdict.wrong) and verdict.integrity == "ok"
    answered = not verdict.unanswered and verdict.doubled_answers <= stage.rounds and share <= 0.003
    return [
        Line(
            row, f"kill -9, {way}: nothing lost, nothing twice", figures, kept and took is not None
        ),
        Line("D06", f"kill -9, {way}: every confirmation arrives", answers, answered),
        Line("D07", f"kill -9, {way}: every photo ends", photos, not verdict.receipts_open),
        Line(
            "I06",
            "refusals by the Bot API",
            str(dict(verdict.refused)),
            is_refused_validly(verdict),
        ),
    ]


async def fail_points(stage: Stage) -> list[Line]:
    """D04: the process ends at every fail point, and goes on afterwards."""
    town, program = stage.town, stage.program
    town.settle(CHATS)
    reached, poisoned, missed = 0, 0, []
    webhook = webhook_settings(stage)
    for name in sorted(FAILPOINTS):
        posted = webhook if name.startswith("webhook.") else {}
        if name == "scheduler.after_pushes":
            program.start()
            for person in town.people:
                town.write(person)
            await town.drained(stage.database_url, DRAIN_SECONDS)
            program.kill()
            await town.let_summaries_be_due(stage.database_url, town.people)
        program.start(KVITTO_FAILPOINT=name, **posted)
        deadline = time.monotonic() + 60
        town.photograph()
        if name in {"worker.before_apology", "worker.before_park"}:
            # No shape of a message: it fails for good at its first try.
            poisoned += 1
            chat = stage.rng.choice(town.people)
            stage.demo.simulation.feed({"message": {"chat": {"id": chat.id}, "message_id": "x"}})
        while program.is_running and time.monotonic() < deadline:
            await town.live(0.2, PER_SECOND)
        if program.is_running:
            missed.append(name)
            program.kill()
        else:
            reached += program.wait_for_end(1) == EXIT_CODE
        if posted:
            program.start()
            await town.write_until_answered(PER_SECOND)
            program.kill()
    verdict, took = await stage.verdict()
    figures = (
        f"{reached}/{len(FAILPOINTS)} reached (not: {', '.join(missed) or 'none'}), "
        f"{verdict.texts} texts, {verdict.photos} photos: {verdict.lost} lost, "
        f"{verdict.doubled} doubled, {verdict.wrong} wrong, {verdict.unanswered} unanswered, "
        f"{verdict.receipts_open} photos stuck, {verdict.dead} of {poisoned} poisons parked, "
        f"drained in {as_seconds(took)}"
    )
    verdict.dead -= poisoned
    return [Line("D04", "the process ends at every fail point", figures, verdict.is_clean)]


def webhook_settings(stage: Stage) -> dict[str, str]:
    return {
        "TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{stage.program.http_port}/telegram",
        "TELEGRAM_WEBHOOK_SECRET": "bench-secret",
    }


async def disk_full(stage: Stage) -> list[Line]:
    """D12: the disk of the database is full for a while; the program is not started again."""
    program = stage.program
    place = program.folder / "small"
    place.mkdir()
    mounted = await asyncio.to_thread(
        subprocess.run, ["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", str(place)], check=False
    )
    if mounted.returncode:
        return [Line("D12", "disk full", "no right to mount a small disk here", is_kept=True)]
    try:
        return [await _fill_and_free(stage, place)]
    finally:
        if program.is_running:
            program.kill()
        await asyncio.to_thread(subprocess.run, ["umount", str(place)], check=False)


async def _fill_and_free(stage: Stage, place: Path) -> Line:
    town, program = stage.town, stage.program
    town.settle(CHATS)
    stage.database_url = f"sqlite:///{place}/kvitto.db"
    program.environment["DATABASE_URL"] = stage.database_url
    program.start()
    await town.write_until_answered(PER_SECOND)
    await town.live(3, PER_SECOND)
    ballast = place / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"0" * 65536)
    await town.live(8, PER_SECOND)
    survived = program.is_running
    ballast.unlink()
    verdict, took = await stage.verdict()
    figures = (
        f"{verdict.texts} texts: {verdict.lost} lost, {verdict.doubled} doubled, "
        f"{verdict.unanswered} unanswered, integrity {verdict.integrity}, "
        f"{'went on' if survived else 'ENDED'}, drained in {as_seconds(took)}"
    )
    kept = verdict.is_clean and survived and took is not None and took <= 60
    return Line("D12", "disk full for eight seconds", figures, kept)


async def database_away(stage: Stage) -> list[Line]:
    """F12: the server is stopped for a minute, then all its connections are cut every five seconds."""
    if stage.server is None:
        return [Line("F12", "the database server restarts", "needs PostgreSQL", is_kept=True)]
    lines = []
    for way in ("polling", "webhook"):
        stage.extra = webhook_settings(stage) if way == "webhook" else {}
        lines.append(await _take_away(stage, stage.server, way))
        stage.program.kill()
    return lines


async def _take_away(stage: Stage, server: PostgresServer, way: str) -> Line:
    town, program = stage.town, stage.program
    town.settle(CHATS)
    program.start(**stage.extra)
    await town.write_until_answered(STARTING_PER_SECOND)
    await asyncio.to_thread(server.stop)
    await town.live(AWAY_SECONDS, STARTING_PER_SECOND)
    said = await asyncio.to_thread(program.readiness)
    await asyncio.to_thread(server.start)
    back = time.monotonic()
    await town.write_until_answered(STARTING_PER_SECOND)
    normal = time.monotonic() - back
    for _ in range(CUTS):
        await _cut_connections(stage.database_url)
        await town.live(5, PER_SECOND)
    survived = program.is_running
    verdict, took = await stage.verdict()
    figures = (
        f"{AWAY_SECONDS} s away, {CUTS} cuts, {verdict.texts} texts: {verdict.lost} lost, "
        f"{verdict.doubled} doubled, {verdict.unanswered} unanswered, answers again after "
        f"{normal:.1f} s, {'went on' if survived else 'ENDED'}, drained in {as_seconds(took)}"
    )
    noticed = said is not None and not said["ready"]
    kept = verdict.is_clean and survived and noticed and normal <= 10 and took is not None
    return Line("F12", f"the database server restarts, {way}", figures, kept)


async def _cut_connections(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await connection.close()


async def pushed(stage: Stage) -> list[Line]:
    """S03, S04: weekly summaries become due while processes are killed, two at a time on a server."""
    town, program = stage.town, stage.program
    several = not stage.database_url.startswith("sqlite")
    second = Program(program.folder, program.environment, http_port=free_port())
    rounds = max(stage.rounds // 10, 3)
    try:
        for _ in range(rounds):
            before = len(town.people)
            town.settle(CHATS)
            newcomers = town.people[before:]
            program.start()
            if several:
                second.start()
            for person in newcomers:
                town.write(person)
            await town.drained(stage.database_url, 60)
            await town.let_summaries_be_due(stage.database_url, newcomers)
            await asyncio.sleep(stage.rng.random() * 6)
            program.kill()
            if several:
                second.kill()
        program.start()
        if several:
            second.start()
        await asyncio.sleep(12)
        verdict, _ = await stage.verdict()
    finally:
        if second.is_running:
            second.kill()
    counts = [town.count_summaries(person) for person in town.people]
    once, more = counts.count(1), sum(count > 1 for count in counts)
    figures = (
        f"{len(counts)} chats, {rounds} kills{' of two processes' if several else ''}: "
        f"{once} once, {counts.count(0)} never, {more} twice"
    )
    # A kill between sending and marking may repeat a message; the claim never repeats.
    kept = once + more == len(counts) and more <= rounds and not verdict.lost
    return [Line("S03", "one weekly summary a chat over kills", figures, kept)]


async def stopped(stage: Stage) -> list[Line]:
    """D05: orderly stops under load."""
    town, program = stage.town, stage.program
    town.settle(CHATS)
    codes, slowest = [], 0.0
    for _ in range(stage.rounds):
        program.start()
        await town.write_until_answered(PER_SECOND)
        await town.live(stage.rng.random(), PER_SECOND)
        for _ in range(50):
            town.write()
        end = await asyncio.to_thread(program.stop)
        codes.append(end.code)
        slowest = max(slowest, end.seconds)
    verdict, _ = await stage.verdict()
    orderly = codes.count(0)
    return [
        Line(
            "D05",
            "SIGTERM under load",
            f"{orderly}/{len(codes)} exit 0, slowest {slowest:.1f} s, {verdict.texts} texts: "
            f"{verdict.lost} lost, {verdict.doubled} doubled, {verdict.unanswered} unanswered, "
            f"{verdict.doubled_answers} answered twice",
            orderly == len(codes) and verdict.is_clean and not verdict.doubled_answers,
        )
    ]


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
    kept = verdict.is_clean and took is not None and took <= 60
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


async def shared(stage: Stage) -> list[Line]:
    """Several processes, a role each, on one server; workers are killed in turn."""
    if stage.database_url.startswith("sqlite"):
        return [Line("D01", "roles in processes of their own", "needs PostgreSQL", is_kept=True)]
    town = stage.town
    town.settle(CHATS)
    crew = [
        Program(stage.program.folder, stage.program.environment, free_port(), ("--role", role))
        for role in ("intake", "intake", "worker", "worker", "scheduler", "scheduler")
    ]
    try:
        for member in crew:
            member.start()
        await town.write_until_answered(STARTING_PER_SECOND)
        for turn in range(max(stage.rounds // 10, 3)):
            await town.live(4, PER_SECOND)
            victim = crew[2 + turn % 2]
            victim.kill()
            await town.live(2, PER_SECOND)
            victim.start()
        took = await town.drained(stage.database_url, DRAIN_SECONDS)
        verdict = await town.judge(stage.database_url)
        disorder = count_out_of_order(town)
    finally:
        for member in crew:
            if member.is_running:
                member.kill()
    figures = (
        f"2 intakes, 2 workers (killed in turn), 2 schedulers: {verdict.texts} texts: "
        f"{verdict.lost} lost, {verdict.doubled} doubled, {verdict.unanswered} unanswered, "
        f"{verdict.doubled_answers} answered twice, {disorder} out of order, "
        f"drained in {as_seconds(took)}"
    )
    kept = verdict.is_clean and not disorder and took is not None
    return [Line("D01", "roles in processes of their own", figures, kept)]


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


def count_out_of_order(town: Workload) -> int:
    """Count answers that came before an earlier text's."""
    wrong = 0
    for person in town.people:
        mine = [f"{w.amount:.2f}" for w in town.wrote if w.chat_id == person.id]
        places = {amount: place for place, amount in enumerate(mine)}
        last = -1
        for message in town.sim.sent(town.sim.private_chat(person)):
            words = (word.strip("€$") for word in message.text.split())
            found = [places[word] for word in words if word in places]
            if found:
                wrong += found[0] < last
                last = max(last, found[0])
    return wrong


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
        await sim.until(partial(town.confirmation_of, wrote), timeout=30)
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


def is_refused_validly(verdict: Verdict) -> bool:
    """Whether all that was refused comes from the kills: an old press, an edit made twice."""
    expected = ("too old", "Conflict", "not modified")
    return all(any(words in refusal for words in expected) for refusal in verdict.refused)


def as_seconds(seconds: float | None) -> str:
    return "never" if seconds is None else f"{seconds:.1f} s"


ROWS: dict[str, Row] = {
    "killed": killed,
    "killed_webhook": killed_webhook,
    "fail_points": fail_points,
    "disk_full": disk_full,
    "database_away": database_away,
    "pushed": pushed,
    "stopped": stopped,
    "unanswered": unanswered,
    "failing": failing,
    "flooded": flooded,
    "doubled": doubled,
    "shared": shared,
    "absent": absent,
    "jumping": jumping,
    "pressed_twice": pressed_twice,
}


def has_more(simulation: Simulation, chat: Chat, count: int) -> bool:
    """Return whether the bot has sent more than so many messages to a chat."""
    return len(simulation.sent(chat)) > count
