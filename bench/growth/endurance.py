"""Half an hour at fifty texts a second with everything that people do, on one process.

    python -m bench.growth endurance [--scale 1] [--per-second 50] [--database sqlite|postgresql] [--seed N]

With `--per-second 5` it is the soak of row L04: one hour by `--scale 2`, a day by `--scale 48`. People write texts, send photos, delete by buttons, ask for lists, summaries and figures in words, and
every minute some get their weekly summary. At the end every text is in the ledger once, with its
answer; `p95` is of one text a second that is watched until its answer is shown, memory is the main process
against what it had after the first tenth, and its open files, sockets and threads may differ by five from
then on. The baseline is the same text before the load begins.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from bench.faults.due import let_summaries_be_due
from bench.faults.rows.roles import wait_until_ready
from bench.faults.rows.stage import Stage, open_stage
from bench.faults.workload import Wrote
from bench.growth.musts import Must, report
from bench.growth.texts import create
from storage.migrations import migrate
from tests.postgres import running_postgres

SECONDS, PER_SECOND, CHATS = 1800.0, 50.0, 200
PHOTO_SHARE = 0.002
"""A photo takes a second of CPU, so ten in a hundred seconds."""
ASKED = ("/list", "/summary", "how much did I spend this week", "/budget 500", "/find coffee")
ASK_SECONDS, SUMMARY_SECONDS = 2.0, 60.0
SUMMARIES = 10
LATE_SECONDS = 30.0
LOST, P95, GROWTH, HANDLES = Must(0), Must(1.0), Must(0.1), Must(5)


@dataclass(slots=True)
class Watch:
    """How long watched texts waited, and the memory of the process as time passed."""

    stage: Stage
    took: list[float] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)
    handles: list[int] = field(default_factory=list)
    """Open files, sockets and threads together."""

    async def look(self) -> None:
        """Write a text and wait for its answer; note the memory."""
        town, began = self.stage.town, time.monotonic()
        wrote = town.write()
        while not self._is_answered(wrote) and time.monotonic() - began < LATE_SECONDS:  # noqa: ASYNC110  # the world has no event
            await asyncio.sleep(0.01)
        self.took.append(time.monotonic() - began)
        self.memory.append(self.stage.program.resident_bytes())
        self.handles.append(self.stage.program.count_handles())

    def _is_answered(self, wrote: Wrote) -> bool:
        return self.stage.town.confirmation_of(wrote) is not None

    async def run(self) -> None:
        """Look once a second until cancelled."""
        while True:
            await asyncio.gather(self.look(), asyncio.sleep(1))

    def p95(self, first: int = 0) -> float:
        return statistics.quantiles(self.took[first:], n=20)[-1]


async def ask_around(stage: Stage) -> None:
    """Let people ask until cancelled."""
    while True:
        user = stage.rng.choice(stage.town.people)
        chat = stage.demo.simulation.private_chat(user)
        stage.demo.simulation.say(user, chat, stage.rng.choice(ASKED))
        await asyncio.sleep(ASK_SECONDS)


async def sum_up(stage: Stage) -> None:
    """Let the weekly summary of some people be due, each minute until cancelled."""
    while True:
        await asyncio.sleep(SUMMARY_SECONDS)
        known = list({wrote.chat_id for wrote in stage.town.wrote[:-1000]})[:SUMMARIES]
        people = [person for person in stage.town.people if person.id in known]
        if people:
            await let_summaries_be_due(stage.database_url, people)


@contextlib.asynccontextmanager
async def beside(*works: object) -> AsyncIterator[None]:
    """Run coroutines until the block ends; a failure of one is raised at its end."""
    tasks = [asyncio.ensure_future(work) for work in works]  # type: ignore[call-overload]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for outcome in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(outcome, Exception):
                raise outcome


async def endure(url: str, folder: Path, seconds: float, per_second: float, seed: int) -> bool:
    async with open_stage(url, folder, seed, 1) as stage:
        stage.town.settle(CHATS)
        stage.program.start()
        await wait_until_ready(stage.program)
        watch = Watch(stage)
        for _ in range(20):
            await watch.look()
        before = watch.p95()
        watch.took.clear()
        watch.memory.clear()
        watch.handles.clear()
        async with beside(watch.run(), ask_around(stage), sum_up(stage)):
            await stage.town.live(seconds, per_second, photo_share=PHOTO_SHARE)
        verdict, drained = await stage.verdict()
        texts_per_second = verdict.texts / seconds
        warm = max(watch.memory[: max(len(watch.memory) // 10, 1)])
        growth = watch.memory[-1] / warm - 1
        lost = verdict.lost + verdict.doubled + verdict.wrong + verdict.unanswered
        # Nothing was killed, so nothing may be said twice either.
        lost += verdict.doubled_answers
        done = f"{verdict.texts} texts, {verdict.photos} photos, {verdict.presses} presses"
        print(f"{done}: {texts_per_second:.1f} texts/s; drained in {drained} s; {verdict}")
        met = report("lost, doubled, wrong, or not answered once", lost, "", LOST, f"seed {seed}")
        baseline = f"{before * 1000:.0f} ms before the load"
        met &= report("p95 of a text until its answer", watch.p95(), "s", P95, baseline)
        baseline = f"{warm / 1e6:.0f} MB after a tenth, {watch.memory[-1] / 1e6:.0f} at the end"
        met &= report("growth of memory", growth, "", GROWTH, baseline)
        return met & report_handles(watch.handles)


def report_handles(handles: list[int]) -> bool:
    """Compare the median of the first tenth with that of the last; single looks meet a moment's work."""
    part = max(len(handles) // 10, 1)
    first, last = (round(statistics.median(some)) for some in (handles[:part], handles[-part:]))
    baseline = f"{first} after a tenth, {last} at the end"
    return report("more files, sockets and threads", abs(last - first), "", HANDLES, baseline)


async def prepared(base: str) -> str:
    url = await create(base, "endurance") if base.startswith("postgresql") else base
    await migrate(url)
    return url


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="part of the half hour")
    parser.add_argument("--per-second", type=float, default=PER_SECOND, help="texts")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        base = f"sqlite:///{folder}/kvitto.db"
        if options.database == "postgresql":
            base = stack.enter_context(running_postgres(folder / "postgres", durable=True))
        place = folder / "stage"
        place.mkdir()

        async def run() -> bool:
            url = await prepared(base)
            seconds = SECONDS * options.scale
            return await endure(url, place, seconds, options.per_second, options.seed)

        return int(not asyncio.run(run()))


if __name__ == "__main__":
    sys.exit(main())
