"""Faults against the real program over a real Bot API server, and the table of what was kept.

    python -m bench.faults [--kills 200] [--database sqlite|postgresql] [--only killed,stopped]

Rows are those of promises.md; every row starts with data of its own. The seed is printed.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg

from bench.faults.rows import ROWS, Line, open_stage
from storage.migrations import migrate
from tests.postgres import PostgresServer, open_postgres


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
            mark = "kept  " if line.is_kept else "BROKEN"
            print(f"{mark} {line.row:<4} {line.what}: {line.figures}", flush=True)
        print(f"       ({name}: {time.monotonic() - began:.0f} s)", flush=True)
        lines += found
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--only", default=",".join(ROWS), help="rows, separated by commas")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    parser.add_argument("--keep", type=Path, help="a folder for data and logs, kept afterwards")
    options = parser.parse_args()
    print(f"seed {options.seed}, {options.database}, {options.kills} kills", flush=True)
    with contextlib.ExitStack() as stack:
        folder = options.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        running = stack.enter_context(server(options.database, folder))
        names = options.only.split(",")
        lines = asyncio.run(run(running, folder, names, options.kills, options.seed))
    broken = sum(not line.is_kept for line in lines)
    print(f"{len(lines) - broken} kept, {broken} broken")
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
