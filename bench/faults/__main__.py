"""Faults against the real program over a real Bot API server, and the table of what was kept.

    python -m bench.faults [--kills 200] [--database sqlite|postgresql] [--only killed,stopped]
    python -m bench.faults --tier commit|nightly|release [--part sqlite|postgresql|benches] [--seed 7]

Rows are those of docs/faults.md; every row starts with data of its own. The seed is printed. A tier runs
the rows on both databases and the benches beside them, with the sizes of `bench.faults.tiers`, and ends
with every line that was not kept.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import asyncpg

from bench.faults.rows import ROWS, Line, open_stage
from bench.faults.tiers import BENCHES, KILLS, TIERS, Tier, rows_of
from storage.migrations import migrate
from tests.postgres import PostgresServer, open_postgres

PARTS = ("sqlite", "postgresql", "benches")
_MARKS = {True: "kept  ", False: "BROKEN", None: "not run"}


@contextlib.contextmanager
def server(kind: str, folder: Path) -> Iterator[PostgresServer | None]:
    """Run what the databases of this kind need, which is nothing for SQLite."""
    if kind == "sqlite":
        yield None
    else:
        with open_postgres(folder / "server", durable=True) as running:
            yield running


async def create(base: str, name: str) -> str:
    """Make an empty database and bring it up to date."""
    if base.startswith("sqlite"):
        url = f"{base}{name}.db"
    else:
        connection = await asyncpg.connect(base + "postgres")
        await connection.execute(f"CREATE DATABASE {name}")
        await connection.close()
        url = base + name
    await migrate(url)
    return url


async def run(
    running: PostgresServer | None, folder: Path, names: list[str], kills: int, seed: int
) -> list[Line]:
    """Try every row; print it as soon as it is known."""
    base = running.url if running else f"sqlite:///{folder}/"
    lines: list[Line] = []
    for name in names:
        place = folder / name
        place.mkdir()
        url = await create(base, f"kvitto_{name}")
        began = time.monotonic()
        try:
            async with open_stage(url, place, seed, kills) as stage:
                stage.server = running
                found = await ROWS[name](stage)
        except Exception as error:  # noqa: BLE001  # one row must not hide the others
            found = [Line(name, "did not run to its end", repr(error), is_kept=False)]
        for line in found:
            print(f"{_MARKS[line.is_kept]} {line.row:<4} {line.what}: {line.figures}", flush=True)
        print(f"       ({name}: {time.monotonic() - began:.0f} s)", flush=True)
        lines += found
    return lines


def run_rows(database: str, names: list[str], kills: int, seed: int, keep: Path | None) -> int:
    """Try rows on a database; return how many lines are broken."""
    print(f"seed {seed}, {database}, {kills} kills", flush=True)
    with contextlib.ExitStack() as stack:
        folder = keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        running = stack.enter_context(server(database, folder))
        lines = asyncio.run(run(running, folder, names, kills, seed))
    broken = sum(line.is_kept is False for line in lines)
    absent = sum(line.is_kept is None for line in lines)
    print(f"{len(lines) - broken - absent} kept, {broken} broken, {absent} not run", flush=True)
    return broken


def run_benches(tier: Tier, seed: int) -> list[str]:
    """Run the benches of a tier; return those that failed."""
    commands = [command for bench in BENCHES if (command := bench.command(tier, seed))]
    failed = list[str]()
    for command in commands:
        call = " ".join(command[2:])
        print(f"== {call}", flush=True)
        if subprocess.run(command, check=False).returncode:
            failed.append(call)
    return failed


def run_tier(tier: Tier, parts: Sequence[str], seed: int) -> int:
    """Run parts of a tier; return how much of it was not kept."""
    broken = list[str]()
    for part in parts:
        if part == "benches":
            broken += run_benches(tier, seed)
        elif (names := rows_of(tier, part)) and run_rows(part, names, KILLS[tier], seed, None):
            broken.append(f"rows on {part}")
    print(f"tier {tier}, seed {seed}: {len(broken)} broken {broken or ''}", flush=True)
    return len(broken)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.faults", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--only", default=",".join(ROWS), help="rows, separated by commas")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    parser.add_argument("--keep", type=Path, help="a folder for data and logs, kept afterwards")
    parser.add_argument("--tier", choices=TIERS, help="everything of a tier, with its own sizes")
    parser.add_argument("--part", choices=PARTS, action="append", help="parts of the tier alone")
    options = parser.parse_args()
    if options.part and not options.tier:
        parser.error("--part is a part of a --tier")
    if options.tier:
        return min(run_tier(options.tier, options.part or PARTS, options.seed), 1)
    names = options.only.split(",")
    if unknown := set(names) - set(ROWS):
        parser.error(f"no such row: {', '.join(sorted(unknown))}; there are {', '.join(ROWS)}")
    broken = run_rows(options.database, names, options.kills, options.seed, options.keep)
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
