"""Try that a damaged file is found, and that a backup brings everything back, once."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from bench.faults.due import let_summaries_be_due
from bench.faults.program import ROOT, Program
from bench.faults.rows.stage import CHATS, PER_SECOND, Line, Stage, as_seconds
from bench.free_ports import free_port
from bench.growth.checking import build
from ledger.errors import LedgerError
from ports.failpoints import EXIT_CODE
from storage import open_database
from storage.migrations import migrate

ENTRIES_A_ROUND = 1000
LEDGERS = 10
RESTORED_SECONDS = 600.0
"""In which an installation is back, from its backup to its first answer (U05)."""


async def flipped(stage: Stage) -> list[Line]:
    """U09: one bit of a file at rest is another one; the total is never silently different."""
    what = "one bit of the file is flipped"
    if not stage.database_url.startswith("sqlite"):
        return [Line("U09", what, "not run: needs SQLite", is_kept=None)]
    town, path = stage.town, Path(stage.database_url.removeprefix("sqlite:///"))
    town.settle(CHATS)
    stage.program.start()
    await town.write_until_answered(PER_SECOND)
    await town.live(5, PER_SECOND)
    await town.drained(stage.database_url, 60)
    await asyncio.to_thread(stage.program.stop)
    right, outcomes, size = _totals(path), Counter[str](), 0
    for number in range(stage.rounds):
        copy = stage.program.folder / f"flipped{number}.db"
        size = _copy_flipped(path, copy, stage.rng)
        outcomes[await _look(copy, right)] += 1
        _delete(copy)
    figures = (
        f"{stage.rounds} flips in {size} bytes: {outcomes['found']} found, "
        f"{outcomes['harmless']} without effect, {outcomes['silent']} other totals that nobody tells of"
    )
    return [Line("U09", what, figures, not outcomes["silent"])]


def _copy_flipped(path: Path, copy: Path, rng: Random) -> int:
    """Copy a file with one bit changed; return its size."""
    content = bytearray(path.read_bytes())
    content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    copy.write_bytes(content)
    return len(content)


def _delete(path: Path) -> None:
    """Delete a database with what lies beside it."""
    for one in path.parent.glob(f"{path.name}*"):
        one.unlink()


async def _look(path: Path, right: object) -> str:
    """Do what a start and `kvitto check --ledger` do."""
    url = f"sqlite:///{path}"
    try:
        await migrate(url)
        async with open_database(url) as database:
            await database.check_pages()
            if await database.find_damage(datetime.now(UTC)):
                return "found"
        return "harmless" if _totals(path) == right else "silent"
    except (LedgerError, sqlite3.DatabaseError):
        return "found"


def _totals(path: Path) -> object:
    query = (
        "SELECT ledger_id, currency, type, sum(amount_minor), count(*) FROM entries"
        " WHERE deleted_at IS NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    )
    with closing(sqlite3.connect(path)) as rows:
        return rows.execute(query).fetchall()


async def restored(stage: Stage) -> list[Line]:
    """U05, U06: a backup with pushes that wait comes back after they have left, into an empty place."""
    town, program = stage.town, stage.program
    town.settle(CHATS)
    count = stage.rounds * ENTRIES_A_ROUND
    await build(stage.database_url, count, LEDGERS)
    program.start()
    for person in town.people:
        town.write(person)
    await town.write_until_answered(PER_SECOND)
    await town.drained(stage.database_url, 120)
    program.kill()
    await let_summaries_be_due(stage.database_url, town.people)
    # The pushes are in the outbox now, and not sent yet.
    program.start(KVITTO_FAILPOINT="scheduler.after_pushes")
    code = await asyncio.to_thread(program.wait_for_end, 60)
    assert code == EXIT_CODE, "no push was queued"
    file = program.folder / "backup.tar.gz"
    saved = await _command(program, "backup", file)
    before = len(town.wrote)
    program.start()
    await town.write_until_answered(PER_SECOND)
    await town.drained(stage.database_url, 60)
    await asyncio.to_thread(program.stop)
    del town.wrote[before:]
    took, back = await _restore(stage, file)
    verdict, _ = await stage.verdict()
    again = sum(max(town.count_confirmations(wrote) - 1, 0) for wrote in town.wrote)
    summaries = Counter(town.count_summaries(person) for person in town.people)
    figures = (
        f"{verdict.texts} texts: {verdict.lost} lost, {verdict.doubled} doubled, "
        f"{again} answered twice; summaries: {summaries[1]} once, "
        f"{summaries[0]} never, {sum(summaries.values()) - summaries[0] - summaries[1]} again"
    )
    kept = verdict.is_clean and not again and summaries[1] == CHATS
    drill = (
        f"{count} entries, file of {file.stat().st_size / 1e6:.0f} MB: saved in {saved:.1f} s, "
        f"restored in {took:.1f} s, first answer {as_seconds(back)} after its beginning"
    )
    is_back = back is not None and back <= RESTORED_SECONDS
    return [
        Line("U06", "an old backup meets the live bot", figures, kept),
        Line("U05", "restore drill", drill, is_back),
    ]


async def _restore(stage: Stage, file: Path) -> tuple[float, float | None]:
    """Restore into an empty place and start there; return the seconds of both."""
    old = stage.program
    if stage.database_url.startswith("sqlite"):
        stage.database_url = f"sqlite:///{old.folder}/restored.db"
    else:
        stage.database_url = await _empty_beside(stage.database_url)
    shutil.rmtree(old.folder / "receipts", ignore_errors=True)
    environment = {**old.environment, "DATABASE_URL": stage.database_url}
    stage.program = Program(old.folder, environment, http_port=free_port())
    began = time.monotonic()
    took = await _command(stage.program, "restore", file)
    stage.program.start()
    wrote = stage.town.write()
    while stage.town.confirmation_of(wrote) is None:
        if time.monotonic() - began > RESTORED_SECONDS:
            return took, None
        await asyncio.sleep(0.1)
    return took, time.monotonic() - began


async def _empty_beside(url: str) -> str:
    import asyncpg  # noqa: PLC0415  # only with a server

    connection = await asyncpg.connect(url)
    await connection.execute("CREATE DATABASE restored")
    await connection.close()
    return f"{url.rpartition('/')[0]}/restored"


async def _command(program: Program, name: str, file: Path) -> float:
    """Run a command of the program; return its seconds."""
    environment = {
        **os.environ,
        "RECEIPT_STORE": str(program.folder / "receipts"),
        **program.environment,
    }
    began = time.monotonic()
    await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "bot", name, str(file)],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
    )
    return time.monotonic() - began
