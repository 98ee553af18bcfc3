"""Random walks over everything that changes a ledger, against a model (`tests/walks`).

    python -m bench.walks [--walks 10000] [--database sqlite|postgresql] [--seed 1]

Prints each seed that ended in a difference, with what was done before it, and the number of walks,
steps and differences; ends with 1 where there was a difference.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from storage import open_database
from tests.postgres import running_postgres
from tests.walks.running import STEPS, open_walks

WALKS_A_DATABASE = 200
"""Walks after which a new database begins, since looking for damage reads all that they left."""


@contextmanager
def served(kind: str, folder: Path) -> Iterator[str]:
    """Yield a URL up to the database's name."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/"
        return
    with running_postgres(folder / "server") as url:
        yield url


async def walk_many(url: str, folder: Path, seeds: range) -> int:
    """Walk with each seed in one new database; return the number of differences."""
    if url.startswith("postgres"):
        connection = await asyncpg.connect(url + "postgres")
        await connection.execute(f"CREATE DATABASE walks{seeds.start}")
        await connection.close()
    name = f"{url}walks{seeds.start}"
    async with open_database(name) as database, open_walks(database, folder) as walks:
        differences = [seed for seed in seeds if not await is_same(walks.walk(seed), seed)]
        return len(differences) + (not await is_same(walks.check(), seeds))


async def is_same(walking: Awaitable[None], name: object) -> bool:
    """Return whether a walk ends without a difference; else print it."""
    try:
        await walking
    except Exception as error:  # noqa: BLE001  # whatever it is, it is a difference
        print(f"seed {name}: {type(error).__name__}: {error}", flush=True)
        return False
    return True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--walks", type=int, default=10_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    end, differences, began = options.seed + options.walks, 0, time.process_time()
    with (
        tempfile.TemporaryDirectory(prefix="walks-") as name,
        served(options.database, Path(name)) as url,
    ):
        for start in range(options.seed, end, WALKS_A_DATABASE):
            seeds = range(start, min(start + WALKS_A_DATABASE, end))
            differences += asyncio.run(walk_many(url, Path(name), seeds))
            done = seeds.stop - options.seed
            print(
                f"{options.database}: {done} walks of {STEPS} steps, {differences} differences",
                flush=True,
            )
    spent = (time.process_time() - began) / options.walks
    print(f"{spent:.3f} s of CPU a walk, without the server's")
    return min(differences, 1)


if __name__ == "__main__":
    sys.exit(main())
