"""Try what must survive when the database has no room or is away."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import time
from pathlib import Path

import asyncpg

from bench.faults.rows.stage import (
    CHATS,
    PER_SECOND,
    STARTING_PER_SECOND,
    Line,
    Stage,
    as_seconds,
    webhook_settings,
)
from tests.postgres import PostgresServer

AWAY_SECONDS = 60
CUTS = 24
"""Each five seconds after the one before: two minutes."""


async def disk_full(stage: Stage) -> list[Line]:
    """D12: the disk of the database is full for a while; the program is not started again."""
    program = stage.program
    place = program.folder / "small"
    place.mkdir()
    mounted = await asyncio.to_thread(
        subprocess.run, ["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", str(place)], check=False
    )
    if mounted.returncode:
        return [Line("D12", "disk full", "not run: no right to mount a small disk", is_kept=None)]
    try:
        return [await _fill_and_free(stage, place)]
    finally:
        if program.is_running:
            program.kill()
        await asyncio.to_thread(subprocess.run, ["umount", str(place)], check=False)


async def _fill_and_free(stage: Stage, place: Path) -> Line:
    town, program = stage.town, stage.program
    town.settle(CHATS)
    stage.database_url = f"sqlite:///{place}/kvitto.db"
    program.environment["DATABASE_URL"] = stage.database_url
    program.start()
    await town.write_until_answered(PER_SECOND)
    await town.live(3, PER_SECOND)
    ballast = place / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"0" * 65536)
    await town.live(8, PER_SECOND)
    survived = program.is_running
    ballast.unlink()
    verdict, took = await stage.verdict()
    figures = (
        f"{verdict.texts} texts: {verdict.lost} lost, {verdict.doubled} doubled, "
        f"{verdict.unanswered} unanswered, integrity {verdict.integrity}, "
        f"{'went on' if survived else 'ENDED'}, drained in {as_seconds(took)}"
    )
    kept = verdict.is_clean and survived and took is not None and took <= 60
    return Line("D12", "disk full for eight seconds", figures, kept)


async def database_away(stage: Stage) -> list[Line]:
    """F12: the server is stopped for a minute, then all its connections are cut every five seconds."""
    if stage.server is None:
        return [
            Line("F12", "the database server restarts", "not run: needs PostgreSQL", is_kept=None)
        ]
    lines = []
    for way in ("polling", "webhook"):
        stage.extra = webhook_settings(stage) if way == "webhook" else {}
        lines.append(await _take_away(stage, stage.server, way))
        stage.program.kill()
    return lines


async def _take_away(stage: Stage, server: PostgresServer, way: str) -> Line:
    town, program = stage.town, stage.program
    town.settle(CHATS)
    program.start(**stage.extra)
    await town.write_until_answered(STARTING_PER_SECOND)
    await asyncio.to_thread(server.stop)
    await town.live(AWAY_SECONDS, STARTING_PER_SECOND)
    said = await asyncio.to_thread(program.readiness)
    await asyncio.to_thread(server.start)
    back = time.monotonic()
    await town.write_until_answered(STARTING_PER_SECOND)
    normal = time.monotonic() - back
    for _ in range(CUTS):
        await _cut_connections(stage.database_url)
        await town.live(5, PER_SECOND)
    survived = program.is_running
    verdict, took = await stage.verdict()
    figures = (
        f"{AWAY_SECONDS} s away, {CUTS} cuts, {verdict.texts} texts: {verdict.lost} lost, "
        f"{verdict.doubled} doubled, {verdict.unanswered} unanswered, answers again after "
        f"{normal:.1f} s, {'went on' if survived else 'ENDED'}, drained in {as_seconds(took)}"
    )
    noticed = said is not None and not said["ready"]
    kept = verdict.is_clean and survived and noticed and normal <= 10 and took is not None
    return Line("F12", f"the database server restarts, {way}", figures, kept)


async def _cut_connections(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await connection.close()
