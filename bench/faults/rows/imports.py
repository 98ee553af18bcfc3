"""Try that an import and its undo are finished once, whenever the process is killed."""

from __future__ import annotations

import asyncio

from bench.faults.importing import Importer, add_importer
from bench.faults.rows.stage import Line, Stage
from demo.botapi.world import Message

ROWS = 3000
KILL_WITHIN = 4.0
"""Seconds after the press in which the process is killed; it writes for about as long."""


async def imports_killed(stage: Stage) -> list[Line]:
    """I11: kill -9 in the middle of an import, and of its undo."""
    rounds, wrong, left = max(stage.rounds // 10, 3), 0, 0
    stage.program.start()
    for _ in range(rounds):
        importer = add_importer(stage.demo.simulation, ROWS)
        preview = await importer.preview()
        importer.press(preview, f"Import {ROWS:,} rows")
        done = await _kill_until(stage, importer, preview, "Imported")
        found = await importer.count(stage.database_url)
        wrong += (found.rows, found.distinct, found.live) != (ROWS, ROWS, ROWS)
        importer.press(done, "Undo")
        await _kill_until(stage, importer, done, "undone")
        left += (await importer.count(stage.database_url)).live
    figures = f"{rounds} imports of {ROWS} rows and their undo, a kill each: {wrong} wrong, {left} rows left"
    return [Line("I11", "kill -9 in an import and its undo", figures, not wrong and not left)]


async def _kill_until(stage: Stage, importer: Importer, message: Message, words: str) -> Message:
    """Kill the program at a random moment, start it again, and wait for its words."""
    await asyncio.sleep(stage.rng.random() * KILL_WITHIN)
    stage.program.kill()
    stage.program.start()
    return await importer.wait_for(message, words)
