"""Set the stage for a row: a Bot API server, people who write, the program and its database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from bench.faults.program import Program
from bench.faults.workload import Verdict, Workload, load_samples
from demo.botapi.requests.limits import Limits
from demo.server import DemoServer, open_demo
from demo.simulation import Simulation
from tests.postgres import PostgresServer

DRAIN_SECONDS = 180
HISTORY_MAX = 200_000
CHATS = 20
PER_SECOND = 40.0
STARTING_PER_SECOND = 5.0
"""While the program starts people write less, so that a slow machine is not measured by how much
it has to catch up with when it is killed again."""
ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the printed table."""

    row: str
    what: str
    figures: str
    is_kept: bool | None
    """None where the row could not be tried here."""


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
    count_elsewhere: Callable[[], Awaitable[int]] | None = None
    """Counts what waits outside of the database, where there is such a queue."""

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


def webhook_settings(stage: Stage) -> dict[str, str]:
    return {
        "TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{stage.program.http_port}/telegram",
        "TELEGRAM_WEBHOOK_SECRET": "bench-secret",
    }


def as_seconds(seconds: float | None) -> str:
    return "never" if seconds is None else f"{seconds:.1f} s"
