"""Simulate the bot and all that it touches under every fault at once (row F15).

    python -m bench.vopr [--seeds 200] [--seed 1] [--minutes 10] [--processes 2] [--trace] [--plant no_key]

Prints seeds, minutes of virtual time, events, faults by kind, and each violation with its seed. `--trace`
prints every event of the one seed; `--plant` puts a bug in, which must be found.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

from bench.vopr.plants import PLANTS
from bench.vopr.running import MINUTES, Report, run_planted, run_seed

SEEDS_A_PROCESS = 25
"""After which a process makes way for a new one, and its memory with it."""


def run_many(seeds: range, minutes: float, plant: str, processes: int) -> Iterator[Report]:
    """Run seeds side by side."""
    # Forked processes would share what the first one has loaded, and its state of chance.
    context = get_context("spawn")
    run, step = partial(run_planted, minutes=minutes, plant=plant), SEEDS_A_PROCESS * processes
    for first in range(0, len(seeds), step):
        # A pool that replaces its processes itself (`max_tasks_per_child`) stands still at the first one.
        with ProcessPoolExecutor(processes, context) as pool:
            yield from pool.map(run, seeds[first : first + step])


def show(reports: list[Report], wall_seconds: float) -> None:
    """Print the table."""
    faults = sum((report.faults for report in reports), Counter[str]())
    broken = [report for report in reports if report.violations]
    print(
        f"{len(reports)} seeds, {sum(r.minutes for r in reports):.0f} simulated minutes, "
        f"{sum(r.events for r in reports)} events, {sum(r.texts for r in reports)} texts, "
        f"{wall_seconds:.0f} s ({sum(r.wall_seconds for r in reports) / len(reports):.1f} s a seed)"
    )
    print("faults: " + ", ".join(f"{count} {kind}" for kind, count in sorted(faults.items())))
    print(f"{len(broken)} seeds broke a promise: {[report.seed for report in broken]}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1, help="the first one")
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--plant", choices=("", *PLANTS), default="")
    parser.add_argument("--trace", action="store_true")
    options = parser.parse_args()
    if options.trace:
        report = run_seed(
            options.seed, options.minutes, tell=print, plant=PLANTS.get(options.plant)
        )
        _print(report)
        return int(bool(report.violations))
    began, reports = time.monotonic(), list[Report]()
    seeds = range(options.seed, options.seed + options.seeds)
    for report in run_many(seeds, options.minutes, options.plant, options.processes):
        reports.append(report)
        _print(report)
    show(reports, time.monotonic() - began)
    return int(any(report.violations for report in reports))


def _print(report: Report) -> None:
    print(
        f"seed {report.seed}: {report.hash}, {report.events} events, {report.texts} texts, "
        f"{sum(report.faults.values())} faults, {report.wall_seconds:.1f} s",
        flush=True,
    )
    for violation in report.violations[:20]:
        print(f"  {violation}", flush=True)


if __name__ == "__main__":
    # The order of sets of texts is part of a run.
    if os.environ.get("PYTHONHASHSEED") != "0":
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, [sys.executable, "-m", "bench.vopr", *sys.argv[1:]])  # noqa: S606
    sys.exit(main())
