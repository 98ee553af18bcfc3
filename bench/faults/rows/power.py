"""Try that what was said to be saved is there after a power cut."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bench.faults.disk_log import Change, Image, read_log, watch_command
from bench.faults.rows.stage import CHATS, Line, Stage

PER_SECOND = 10.0
"""Texts; recording makes every write slower."""
PAUSE_SECONDS = 0.25
"""Between two cuts, on average."""


@dataclass(frozen=True, slots=True)
class _Cut:
    """An instant, and the texts whose confirmations had arrived by then, as chat and message."""

    at: float
    confirmed: frozenset[tuple[int, int]]


async def power_cut(stage: Stage) -> list[Line]:
    """D13: the power is cut at random instants of a town's life, and what was not synced is lost."""
    what = "the power is cut while people write"
    if shutil.which("strace") is None or not stage.database_url.startswith("sqlite"):
        return [Line("D13", what, "not run: needs strace and SQLite", is_kept=None)]
    path = Path(stage.database_url.removeprefix("sqlite:///"))
    files = [path, path.with_name(f"{path.name}-wal")]
    begin = {str(file): file.read_bytes() for file in files if file.exists()}
    log = stage.program.folder / "writes"
    stage.program.watcher = watch_command(log, files)
    stage.town.settle(CHATS)
    stage.program.start()
    await stage.town.write_until_answered(PER_SECOND)
    cuts = await _cut_again_and_again(stage)
    stage.program.kill()
    changes = await asyncio.to_thread(read_log, log)
    bad = await asyncio.to_thread(_judge, stage, cuts, changes, begin)
    confirmed = len(cuts[-1].confirmed) if cuts else 0
    figures = (
        f"{len(cuts)} images, {len(changes)} writes and syncs, {confirmed} texts confirmed at the last: "
        f"{bad.damaged} damaged, {bad.missing} confirmed texts missing, {bad.dropped} writes lost or torn"
    )
    kept = bool(cuts and confirmed and bad.dropped) and not (bad.damaged or bad.missing)
    return [Line("D13", what, figures, kept)]


async def _cut_again_and_again(stage: Stage) -> list[_Cut]:
    town, cuts = stage.town, list[_Cut]()
    living = asyncio.create_task(town.live(stage.rounds * PAUSE_SECONDS * 4, PER_SECOND))
    while len(cuts) < stage.rounds and not living.done():
        await asyncio.sleep(stage.rng.expovariate(1 / PAUSE_SECONDS))
        # The server of the town answers in this very thread, so nothing arrives in between.
        at = time.time()
        said = [wrote for wrote in town.wrote if town.confirmation_of(wrote) is not None]
        cuts.append(_Cut(at, frozenset((one.chat_id, one.message_id) for one in said)))
    living.cancel()
    await asyncio.gather(living, return_exceptions=True)
    return cuts


@dataclass(slots=True)
class _Bad:
    damaged: int = 0
    missing: int = 0
    dropped: int = 0


def _judge(stage: Stage, cuts: list[_Cut], changes: list[Change], begin: dict[str, bytes]) -> _Bad:
    bad, place = _Bad(), stage.program.folder / "image"
    for cut in cuts:
        image = Image(begin, stage.rng)
        image.build(changes, cut.at)
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        for name, content in image.files.items():
            (place / Path(name).name).write_bytes(content)
        bad.dropped += image.lost
        found = _read(place / Path(next(iter(begin))).name)
        if found is None:
            bad.damaged += 1
        else:
            bad.missing += len(cut.confirmed - found)
    return bad


def _read(path: Path) -> set[tuple[int, int]] | None:
    """Return the texts that an image holds; None where it is damaged."""
    query = "SELECT source_key FROM entries WHERE source_key LIKE 'tg:%'"
    try:
        with closing(sqlite3.connect(path)) as rows:
            if rows.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                return None
            keys = [key.split(":") for (key,) in rows.execute(query)]
    except sqlite3.DatabaseError:
        return None
    return {(int(chat), int(message)) for _, chat, message, _ in keys}
