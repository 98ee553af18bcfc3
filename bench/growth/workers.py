"""How much of a worker's power is left when more workers stand beside it, by CPU accounting.

    python -m bench.growth workers [--workers 1,2,3,4] [--texts 3000] [--rounds 3] [--no-fsync]

One intake posts to a fleet on PostgreSQL. A worker on a free core handles as many texts a second as one
core's second buys; so the share that is left is the workers' CPU of a text when there is one, divided by the
same when there are more. Their waiting for each other would show in it as CPU of claims that find nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import sys
import tempfile
import time
from pathlib import Path

from bench.growth.musts import Must, report
from bench.growth.texts import Installation, create_now, running
from bench.load import ask, cpu_seconds, run_load, simulated
from tests.postgres import running_postgres

SHARE = Must(0.8, at_least=True)
CHATS = 200


def measure(database: str, workers: int, texts: int) -> float:
    """Return the milliseconds of all workers for a text."""
    fleet = Installation(f"{workers} workers", ("intake", *("worker",) * workers), database)
    with (
        tempfile.TemporaryDirectory() as folder,
        simulated(0) as url,
        running(fleet, url, folder) as (processes, ports),
    ):
        ask(f"{url}/webhooks", {"ports": ports})
        run_load(url, CHATS * 2, CHATS)
        time.sleep(1)
        began = sum(map(cpu_seconds, processes[1:]))
        result = run_load(url, texts, CHATS)
        used = sum(map(cpu_seconds, processes[1:])) - began
    assert result["answered"] == texts, result
    return used / texts * 1000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", default="1,2,3,4")
    parser.add_argument("--texts", type=int, default=3000)
    parser.add_argument("--scale", type=float, default=1.0, help="part of the texts")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-fsync", action="store_true")
    options = parser.parse_args()
    counts = [int(count) for count in options.workers.split(",")]
    texts = int(options.texts * options.scale)
    found: dict[int, list[float]] = {count: [] for count in counts}
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        durable = not options.no_fsync
        server = stack.enter_context(running_postgres(folder / "postgres", durable=durable))
        for turn in range(options.rounds):
            for count in counts:
                database = create_now(server, f"w{count}_{turn}")
                found[count].append(measure(database, count, texts))
    middle = {count: statistics.median(each) for count, each in found.items()}
    one, met = middle[counts[0]], True
    for count in counts[1:]:
        baseline = f"{middle[count]:.2f} ms of workers' CPU a text, one {one:.2f}"
        met &= report(f"power of each of {count} workers", one / middle[count], "", SHARE, baseline)
    return int(not met)


if __name__ == "__main__":
    sys.exit(main())
