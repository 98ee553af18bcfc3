"""Try an installation of many processes: intakes behind a balancer, workers, and a scheduler."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web

from bench.faults.program import Program
from bench.faults.rows.kills import is_refused_validly
from bench.faults.rows.stage import DRAIN_SECONDS, Line, Stage, as_seconds
from bench.free_ports import free_port

INTAKES = 2
WORKERS = 2
CHATS = 20
PER_SECOND = 20.0
ROUND_SECONDS = 2.0
READY_SECONDS = 90.0
SECRET = "bench-secret"  # noqa: S105  # opens nothing


@dataclass(slots=True)
class Balancer:
    """Forwards posts to the intakes in turn; one that does not answer is passed over."""

    ports: Sequence[int]
    http: aiohttp.ClientSession
    answers: list[int] = field(default_factory=list)
    """Statuses that Telegram got."""
    _turn: itertools.count[int] = field(default_factory=itertools.count)

    async def forward(self, request: web.Request) -> web.Response:
        body, headers = await request.read(), {"Content-Type": "application/json"}
        name = "X-Telegram-Bot-Api-Secret-Token"
        headers[name] = request.headers.get(name, "")
        status = 502
        first = next(self._turn)
        for number in range(len(self.ports)):
            port = self.ports[(first + number) % len(self.ports)]
            try:
                async with self.http.post(
                    f"http://127.0.0.1:{port}/telegram", data=body, headers=headers
                ) as answer:
                    status = answer.status
                    break
            except aiohttp.ClientError:
                continue
        self.answers.append(status)
        return web.Response(status=status)


@asynccontextmanager
async def open_balancer(ports: Sequence[int]) -> AsyncIterator[tuple[Balancer, str]]:
    """Listen on a port of its own; yield the balancer and the address for Telegram."""
    async with aiohttp.ClientSession() as http:
        balancer = Balancer(ports, http)
        app = web.Application()
        app.router.add_post("/telegram", balancer.forward)
        runner = web.AppRunner(app)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", port := free_port())
            await site.start()
            yield balancer, f"http://127.0.0.1:{port}/telegram"
        finally:
            await runner.cleanup()


@dataclass(slots=True)
class Fleet:
    """The processes of an installation, by their role."""

    intakes: list[Program]
    workers: list[Program]
    scheduler: Program

    @property
    def all(self) -> list[Program]:
        return [*self.intakes, *self.workers, self.scheduler]

    async def start(self, settings: dict[str, str]) -> None:
        """Start all, and wait until all are ready."""
        for program in self.all:
            program.start(**settings)
        async with asyncio.timeout(READY_SECONDS):
            for program in self.all:
                await wait_until_ready(program)


async def wait_until_ready(program: Program) -> None:
    """Wait for `/readyz`; raises when the process ended."""
    while True:
        assert program.is_running, (program.folder / "log").read_text()[-2000:]
        found = await asyncio.to_thread(program.readiness)
        if found is not None and found["ready"]:
            return
        await asyncio.sleep(0.1)


def build_fleet(stage: Stage) -> Fleet:
    """Build programs that share the stage's folder and database."""

    def program(role: str) -> Program:
        return Program(stage.program.folder, stage.program.environment, arguments=("--role", role))

    return Fleet(
        [program("intake") for _ in range(INTAKES)],
        [program("worker") for _ in range(WORKERS)],
        program("scheduler"),
    )


async def drained(stage: Stage) -> float | None:
    """Wait until nothing waits anywhere; a queue elsewhere fills the database before it is empty."""
    began = asyncio.get_running_loop().time()
    async with asyncio.timeout(DRAIN_SECONDS):
        while stage.count_elsewhere and await stage.count_elsewhere():  # noqa: ASYNC110  # elsewhere
            await asyncio.sleep(0.2)
    if await stage.town.drained(stage.database_url, DRAIN_SECONDS) is None:
        return None
    return asyncio.get_running_loop().time() - began


async def roles(stage: Stage) -> list[Line]:
    """D01, D02, D05, S04: a worker is killed a round, an intake restarts in order, all is kept."""
    town, fleet = stage.town, build_fleet(stage)
    town.settle(CHATS)
    stops = []
    async with open_balancer([program.http_port for program in fleet.intakes]) as (balancer, url):
        settings = stage.extra | {
            "TELEGRAM_WEBHOOK_URL": url,
            "TELEGRAM_WEBHOOK_SECRET": SECRET,
        }
        try:
            await fleet.start(settings)
            for number in range(stage.rounds):
                is_last = number == stage.rounds - 1
                if town.samples and not is_last:
                    town.photograph()
                await town.live(ROUND_SECONDS, PER_SECOND)
                killed = fleet.workers[number % WORKERS]
                killed.kill()
                # A job of the dead one waits for its lease of 30 s, so the last photo comes now.
                if town.samples and is_last:
                    town.photograph()
                await town.live(ROUND_SECONDS, PER_SECOND)
                # After the last one the others must do alone.
                if not is_last:
                    killed.start(**settings)
                intake = fleet.intakes[number % INTAKES]
                stops.append(await asyncio.to_thread(intake.stop))
                await town.live(ROUND_SECONDS / 2, PER_SECOND)
                if not is_last:
                    intake.start(**settings)
            took = await drained(stage)
            left = [program for program in fleet.all if program.is_running]
            stops += await asyncio.gather(*(asyncio.to_thread(p.stop) for p in left))
        finally:
            for program in fleet.all:
                if program.is_running:
                    program.kill()
    verdict = await town.judge(stage.database_url)
    lost = verdict.lost + verdict.doubled + verdict.wrong + verdict.unanswered
    figures = (
        f"{stage.rounds} kills, {verdict.texts} texts, {verdict.photos} photos: "
        f"{verdict.lost} lost, {verdict.doubled} doubled, {verdict.wrong} wrong, "
        f"{verdict.unanswered} unanswered, {verdict.receipts_open} photos stuck, "
        f"drained in {as_seconds(took)}"
    )
    codes = [stop.code for stop in stops]
    slowest = max(stop.seconds for stop in stops)
    return [
        Line("D01", "many processes: nothing lost, nothing twice", figures,
             not lost and not verdict.receipts_open and took is not None),
        Line("D05", "every role stops in order", f"codes {codes}, slowest {slowest:.1f} s",
             not any(codes)),
        Line("D02", "posts that were not taken come again",
             f"{len(balancer.answers)} posts, {sum(a != 200 for a in balancer.answers)} refused",
             bool(balancer.answers)),
        Line("I06", "refusals by the Bot API", str(dict(verdict.refused)),
             is_refused_validly(verdict)),
    ]  # fmt: skip
