"""Replace every process of an installation by the next release, one after the other, while people write.

    python -m bench.growth upgrading [--old COMMIT|FOLDER] [--scale 1] [--seed N]

An older build runs on its own schema: two intakes behind a balancer, two workers and a scheduler. The newer
build migrates the database beside it; then each process is replaced in turn, with both releases at work in
between. In the middle a process of the older build is killed and started again on the newer schema. At the end
every text is in the ledger once, with its answer. The baseline is the wait for an answer before the migration.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from bench.faults.program import ROOT, Program, python_of
from bench.faults.rows.roles import SECRET, drained, open_balancer, wait_until_ready
from bench.faults.rows.stage import Stage, open_stage
from bench.faults.workload import Verdict
from bench.growth.musts import Must, report
from bench.growth.texts import create
from bench.throughput import checked_out
from tests.postgres import open_postgres

OLD = "580d9e7"
ROLES = ("intake", "intake", "worker", "worker", "scheduler")
CHATS, PER_SECOND, TURN_SECONDS = 30, 20.0, 10.0
RESTART_SECONDS = 20.0
LATE_SECONDS = 30.0
LOST, P95 = Must(0), Must(1.0)


@dataclass(slots=True)
class Fleet:
    """The processes, in the order of `ROLES`, and the waits of watched texts."""

    stage: Stage
    settings: dict[str, str]
    programs: list[Program] = field(default_factory=list)
    took: list[float] = field(default_factory=list)

    async def replace(self, number: int, checkout: Path) -> int:
        """Start a process of another build on the same port, once the one before has ended."""
        before, code = self.programs[number], 0
        if before.is_running:
            code = (await asyncio.to_thread(before.stop)).code
        self.programs[number] = Program(
            before.folder, before.environment, before.http_port, before.arguments, None, checkout
        )
        self.programs[number].start(**self.settings)
        await wait_until_ready(self.programs[number])
        return code

    async def live(self, seconds: float, what: str) -> None:
        """Let people write; one text a second, at least two, is watched until it is answered.

        Prints the longest wait of this turn, which says what people notice.
        """
        before = len(self.took)
        watching = [asyncio.create_task(self._watch(n)) for n in range(max(int(seconds), 2))]
        await self.stage.town.live(seconds, PER_SECOND)
        await asyncio.gather(*watching)
        slowest = max(self.took[before:])
        print(f"{what}: {slowest * 1000:.0f} ms at most", flush=True)

    async def _watch(self, after_seconds: float) -> None:
        await asyncio.sleep(after_seconds)
        town = self.stage.town
        wrote, began = town.write(), time.monotonic()
        late = began + LATE_SECONDS
        while town.confirmation_of(wrote) is None and time.monotonic() < late:  # noqa: ASYNC110  # the world has no event
            await asyncio.sleep(0.02)
        self.took.append(time.monotonic() - began)


def migrate_with(checkout: Path, url: str) -> None:
    """Run `kvitto migrate` of a build."""
    command = [python_of(checkout), "-m", "bot", "migrate"]
    environment = {**os.environ, "DATABASE_URL": url}
    subprocess.run(command, cwd=checkout, env=environment, check=True)


async def restarts(program: Program, settings: dict[str, str]) -> bool:
    """Kill a process of the older build, start it on the newer schema; return whether it gets ready."""
    program.kill()
    program.start(**settings)
    with contextlib.suppress(AssertionError, TimeoutError):
        async with asyncio.timeout(RESTART_SECONDS):
            await wait_until_ready(program)
            return True
    return False


async def upgrade(fleet: Fleet, old: Path, url: str, seconds: float) -> tuple[float, bool]:
    """Play the upgrade; return the p95 before it, and whether the older build could start again."""
    await fleet.live(seconds, "before")
    before = _p95(fleet.took)
    fleet.took.clear()
    await asyncio.to_thread(migrate_with, ROOT, url)
    await fleet.live(seconds, "older build on the newer schema")
    codes, could_restart = [], False
    for number in range(len(ROLES)):
        replacing = asyncio.create_task(fleet.replace(number, ROOT))
        await fleet.live(seconds, f"{ROLES[number]} {number} replaced")
        codes.append(await replacing)
        if number == 0:
            last = fleet.programs[-2]
            assert last.checkout == old
            could_restart = await restarts(last, fleet.settings)
            await fleet.live(seconds, f"{ROLES[-2]} {len(ROLES) - 2} killed")
    print(f"exit codes of the older build: {codes}")
    return before, could_restart


def _p95(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=20)[-1]


async def play(base: str, folder: Path, old: Path, options: argparse.Namespace) -> bool:
    """Set the stage on a database of the older build, upgrade, and judge."""
    url = await create(base, "upgrading")
    await asyncio.to_thread(migrate_with, old, url)
    seconds = TURN_SECONDS * options.scale
    async with open_stage(url, folder, options.seed, 1) as stage:
        stage.town.settle(CHATS)
        programs = [
            Program(folder, stage.program.environment, arguments=("--role", role), checkout=old)
            for role in ROLES
        ]
        async with open_balancer([program.http_port for program in programs[:2]]) as (balancer, at):
            settings = {"TELEGRAM_WEBHOOK_URL": at, "TELEGRAM_WEBHOOK_SECRET": SECRET}
            fleet = Fleet(stage, settings, programs)
            try:
                # One after the other: a start of the older build sweeps half-written files of the store,
                # and another start that just tries the store writes one.
                for program in programs:
                    program.start(**settings)
                    await wait_until_ready(program)
                before, could_restart = await upgrade(fleet, old, url, seconds)
                took = await drained(stage)
            finally:
                for program in fleet.programs:
                    if program.is_running:
                        program.kill()
        verdict = await stage.town.judge(url)
    refused = sum(status != 200 for status in balancer.answers)
    print(f"{verdict}; drained in {took} s; seed {options.seed}")
    print(f"{len(balancer.answers)} posts, {refused} to be repeated by Telegram")
    print(f"the older build starts again on the newer schema: {'yes' if could_restart else 'no'}")
    baseline = f"{before * 1000:.0f} ms before it"
    met = report("p95 of a text during the upgrade", _p95(fleet.took), "s", P95, baseline)
    return met & report("texts lost, doubled, wrong or unanswered", _broken(verdict), "", LOST, "")


def _broken(verdict: Verdict) -> int:
    return verdict.lost + verdict.doubled + verdict.wrong + verdict.unanswered + verdict.dead


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--old", default=OLD, help="a commit, or the folder of an installed checkout"
    )
    parser.add_argument("--scale", type=float, default=1.0, help="part of each turn's seconds")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(open_postgres(folder / "server", durable=True))
        old = stack.enter_context(checked_out(options.old))
        place = folder / "stage"
        place.mkdir()
        return int(not asyncio.run(play(server.url, place, old, options)))


if __name__ == "__main__":
    sys.exit(main())
