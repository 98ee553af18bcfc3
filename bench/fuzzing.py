"""Call every operation of the API with generated requests, at length.

Each answer has to be one that the OpenAPI document describes: no 5xx, and nothing outside of its
schemas. Half of the requests are about things that exist. The first answer that is wrong ends the run
with its request; the seed repeats it.

Usage: python -m bench.fuzzing [--database sqlite|postgres] [--examples N] [--seed N]
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
from collections import Counter
from pathlib import Path

from bench.api import open_kind
from storage import open_database
from storage.migrations import migrate
from tests.web.api.fuzzing import Fuzzer
from tests.web.api.stage import open_stage


async def fuzz(url: str, number: int, examples: int) -> Counter[tuple[str, int]]:
    """Return the answers by operation and status."""
    await migrate(url)
    with tempfile.TemporaryDirectory() as folder:
        async with open_database(url) as database, open_stage(database, Path(folder)) as api:
            fuzzer = Fuzzer(api, number, examples)
            await fuzzer.run()
            return fuzzer.statuses


def main() -> None:
    """Run on one database or on both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres"))
    parser.add_argument("--examples", type=int, default=500)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    given = parser.parse_args()
    for kind in [given.database] if given.database else ["sqlite", "postgres"]:
        print(f"{kind}: seed {given.seed}, {given.examples} right and wrong requests an operation")
        began = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder, open_kind(kind, Path(folder)) as url:
            found = asyncio.run(fuzz(url, given.seed, given.examples))
        by_status = Counter[int]()
        for (_, status), times in found.items():
            by_status[status] += times
        told = ", ".join(f"{status}: {times}" for status, times in sorted(by_status.items()))
        seconds = time.perf_counter() - began
        print(f"{kind}: {found.total()} calls in {seconds:.0f} s, none outside ({told})")


if __name__ == "__main__":
    main()
