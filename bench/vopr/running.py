# ruff: noqa: ANN401 - a coroutine of any kind
"""Run one seed: a safety phase with every fault, then a liveness phase without any.

In the first nothing may be lost, doubled or wrong, whatever happens. In the second everything that waits
must be done within two minutes of virtual time, and `check --ledger` must find nothing.
"""

from __future__ import annotations

import asyncio
import gc
import random
import shutil
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from bench.vopr.director import TEMPORARY, Director
from bench.vopr.disk import faulty_connections
from bench.vopr.faults import Faults
from bench.vopr.files import SimulatedBlobs
from bench.vopr.fleet import Fleet
from bench.vopr.logs import watched_logs
from bench.vopr.loop import StuckError, VirtualLoop
from bench.vopr.machine import simulated_machine
from bench.vopr.people.crowd import People
from bench.vopr.plants import PLANTS, Plant
from bench.vopr.posting import Poster
from bench.vopr.program import World
from bench.vopr.queue import SimulatedQueue
from bench.vopr.telegram import Network
from bench.vopr.trace import Trace
from demo.clock import Clock
from demo.simulation import Simulation
from storage.migrations import migrate

MINUTES = 10.0
BEGINS = datetime(2026, 11, 29, 17, 55, tzinfo=UTC)
"""Five minutes before the weekly summaries of all chats."""
QUEUE_SHARE = 0.4
"""Of seeds whose updates pass through SQS."""
POST_SHARE = 0.4
"""Of seeds whose updates come by posts instead of polls."""
FLEET_SHARE = 0.3
"""Of seeds in which two programs share a database."""
CLOSES_MAX = 50
MEMORY = Path("/dev/shm")  # noqa: S108  # where there is one; a folder of its own is made in it


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a seed."""

    seed: int
    minutes: float
    hash: str
    events: int
    texts: int
    faults: Counter[str]
    violations: tuple[str, ...]
    wall_seconds: float


def run_seed(
    seed: int,
    minutes: float = MINUTES,
    *,
    tell: Callable[[str], None] | None = None,
    plant: Plant | None = None,
) -> Report:
    """Run one seed; the same seed and minutes give the same hash."""
    began = time.perf_counter()
    # Made where it outlives the seed.
    template = _template()
    with _own_folder() as folder, _own_loop(seed) as loop:
        shutil.copy(template, folder / "kvitto.db")
        trace = Trace(loop.time, tell)
        faults = Faults(random.Random(f"{seed} faults"), trace)
        # What the director holds of the programs is gone before they are buried.
        texts, violations = _simulate(seed, minutes, loop, faults, folder / "kvitto.db", plant)
    wall = time.perf_counter() - began
    figures = (loop.now / 60, trace.hash, trace.events, texts, faults.counts)
    return Report(seed, *figures, violations, wall)


def run_planted(seed: int, minutes: float, plant: str) -> Report:
    """Run a seed for another process, where only names can be sent."""
    return run_seed(seed, minutes, plant=PLANTS.get(plant))


def _simulate(  # noqa: PLR0913, PLR0917  # the parts of a seed
    seed: int, minutes: float, loop: VirtualLoop, faults: Faults, path: Path, plant: Plant | None
) -> tuple[int, tuple[str, ...]]:
    """Run the two phases; return how many texts were written, and what is wrong."""
    machine = simulated_machine(loop, seed, BEGINS.timestamp())
    with machine, watched_logs(faults.trace) as alarms, faulty_connections(faults):
        director = _build(seed, loop, faults, path, plant)
        loop.set_exception_handler(director.hear_loop)
        try:
            loop.run_until_complete(director.run(minutes * 60))
        except StuckError:
            director.wrong.append("stuck: nothing will ever happen again")
        return len(director.people.wrote), (*director.wrong, *alarms.found)


def _build(
    seed: int, loop: VirtualLoop, faults: Faults, path: Path, plant: Plant | None
) -> Director:
    sim = Simulation(clock=_TrueClock(loop))
    sim.faults.seed = seed
    network = Network(sim, faults)
    dice = random.Random(f"{seed} people")
    queue = SimulatedQueue(faults, loop.time) if dice.random() < QUEUE_SHARE else None
    poster = Poster(sim.telegram.updates, faults) if dice.random() < POST_SHARE else None
    fleet = Fleet(faults) if dice.random() < FLEET_SHARE else None
    world = World(faults, network, SimulatedBlobs(faults), queue, poster, path, fleet)
    if plant is not None:
        world.plant = plant
    return Director(loop, world, People(sim, network, dice), random.Random(f"{seed} director"))


class _TrueClock(Clock):
    """Telegram's clock, which the jumps of the bot's machine do not move."""

    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__(BEGINS)
        self._loop = loop

    def seconds(self) -> float:
        """Return the seconds since 1970."""
        return BEGINS.timestamp() + self._loop.now


@contextmanager
def _own_folder() -> Iterator[Path]:
    """Yield an empty folder, in memory where the machine has such a place; temporary files go there."""
    place = MEMORY if MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="vopr-", dir=place) as name:
        folder, usual = Path(name), tempfile.tempdir
        (folder / TEMPORARY).mkdir()
        tempfile.tempdir = str(folder / TEMPORARY)
        try:
            yield folder
        finally:
            tempfile.tempdir = usual


@contextmanager
def _own_loop(seed: int) -> Iterator[VirtualLoop]:
    """Yield a loop; whatever the programs left in it goes silently when it is closed."""
    loop = VirtualLoop(random.Random(f"{seed} loop"))
    try:
        yield loop
    finally:
        loop.close()
        _bury(loop)


def _bury(loop: VirtualLoop) -> None:
    """Let killed tasks go; their `finally` runs now, in a closed loop, and whatever it says is no matter."""
    hook, sys.unraisablehook = sys.unraisablehook, lambda _: None
    try:
        with watched_logs(Trace(loop.time)), warnings.catch_warnings(action="ignore"):
            for task in loop.graveyard:
                task._log_destroy_pending = False  # type: ignore[attr-defined]  # noqa: SLF001
                _close(task.get_coro())
            loop.graveyard.clear()
            gc.collect()
    finally:
        sys.unraisablehook = hook


def _close(coroutine: Any) -> None:
    """Close a coroutine that may wait for something in each of its `finally`."""
    for _ in range(CLOSES_MAX):
        try:
            coroutine.close()
        except BaseException:  # noqa: BLE001, S112  # see above
            continue
        return


@cache
def _template() -> Path:
    """Migrate an empty file once a process."""
    folder = Path(tempfile.mkdtemp(prefix="vopr-template-"))
    asyncio.run(migrate(f"sqlite:///{folder / 'empty.db'}"))
    return folder / "empty.db"
