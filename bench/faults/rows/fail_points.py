"""Try that nothing is lost or done twice where the process ends at a fail point."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from bench.faults.due import Rents, let_summaries_be_due
from bench.faults.importing import Importer, add_importer
from bench.faults.rows.stage import (
    CHATS,
    STARTING_PER_SECOND,
    Line,
    Stage,
    as_seconds,
    webhook_settings,
)
from demo.botapi.world import Message
from ports.failpoints import EXIT_CODE, FAILPOINTS

END_SECONDS = 90.0
"""In which the program must have come to its fail point."""
POISONED = frozenset({"worker.before_apology", "worker.before_park"})
"""Points that only an update is led to which fails for good."""
IMPORT_ROWS = 300


@dataclass(slots=True)
class _Tried:
    """What came of all points."""

    reached: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    poisoned: int = 0
    wrong_imports: int = 0


async def fail_points(stage: Stage) -> list[Line]:
    """D04: the process ends at every fail point, and goes on afterwards."""
    town, tried, rents = stage.town, _Tried(), Rents(stage.database_url)
    town.settle(CHATS)
    await _let_all_write(stage)
    for name in sorted(FAILPOINTS):
        if name.startswith("import."):
            await _import(stage, name, tried)
        else:
            await _visit(stage, name, tried, rents)
    verdict, took = await stage.verdict()
    booked = await rents.count()
    figures = (
        f"{len(tried.reached)}/{len(FAILPOINTS)} reached (not: {', '.join(tried.missed) or 'none'}), "
        f"{verdict.texts} texts, {verdict.photos} photos: {verdict.lost} lost, "
        f"{verdict.doubled} doubled, {verdict.wrong} wrong, {verdict.unanswered} unanswered, "
        f"{verdict.receipts_open} photos stuck, {verdict.dead} of {tried.poisoned} poisons parked, "
        f"{booked.count(1)} of {len(booked)} due entries booked once, {tried.wrong_imports} imports wrong, "
        f"drained in {as_seconds(took)}"
    )
    verdict.dead -= tried.poisoned
    is_exact = booked.count(1) == len(booked) and not tried.wrong_imports
    kept = verdict.is_clean and is_exact and not tried.missed
    return [Line("D04", "the process ends at every fail point", figures, kept)]


async def _let_all_write(stage: Stage) -> None:
    """Open every person's chat, so that something can be due in it."""
    stage.program.start()
    for person in stage.town.people:
        stage.town.write(person)
    await stage.town.drained(stage.database_url, END_SECONDS)
    stage.program.kill()


async def _visit(stage: Stage, name: str, tried: _Tried, rents: Rents) -> None:
    """Lead the program to a point, where it ends."""
    town, program = stage.town, stage.program
    posted = webhook_settings(stage) if name.startswith("webhook.") else {}
    if name == "scheduler.after_pushes":
        await let_summaries_be_due(stage.database_url, town.people)
    elif name.startswith("scheduler."):
        await rents.let_be_due(town.people)
    program.start(KVITTO_FAILPOINT=name, **posted)
    town.photograph()
    if name in POISONED:
        # No shape of a message: it fails for good at its first try.
        tried.poisoned += 1
        chat = stage.rng.choice(town.people)
        stage.demo.simulation.feed({"message": {"chat": {"id": chat.id}, "message_id": "x"}})
    await _write_until_end(stage)
    _note_end(stage, name, tried)
    if posted:
        program.start()
        await town.write_until_answered(STARTING_PER_SECOND)
        program.kill()


async def _import(stage: Stage, name: str, tried: _Tried) -> None:
    """Import a file, or undo an import, through a point where the program ends."""
    program, importer = stage.program, add_importer(stage.demo.simulation, IMPORT_ROWS)
    program.start()
    message = await importer.preview()
    if name == "import.before_undone":
        importer.press(message, _import_label(message))
        await importer.wait_for(message, "Imported")
    program.kill()
    program.start(KVITTO_FAILPOINT=name)
    is_undo = name == "import.before_undone"
    importer.press(message, "Undo" if is_undo else _import_label(message))
    await _write_until_end(stage)
    _note_end(stage, name, tried)
    program.start()
    await importer.wait_for(message, "undone" if is_undo else "Imported")
    tried.wrong_imports += not await _is_whole(stage, importer, is_undo=is_undo)
    program.kill()


async def _is_whole(stage: Stage, importer: Importer, *, is_undo: bool) -> bool:
    found = await importer.count(stage.database_url)
    if is_undo:
        return found.live == 0
    return (found.rows, found.distinct, found.live) == (IMPORT_ROWS,) * 3


def _import_label(message: Message) -> str:
    return next(label for label in message.labels if label.startswith("Import "))


async def _write_until_end(stage: Stage) -> None:
    """Let people write until the program has come to its point.

    Nobody presses a button, since Telegram forgets a press while the program is away for long.
    """
    deadline = asyncio.get_running_loop().time() + END_SECONDS
    while stage.program.is_running and asyncio.get_running_loop().time() < deadline:
        stage.town.write()
        await asyncio.sleep(1 / STARTING_PER_SECOND)


def _note_end(stage: Stage, name: str, tried: _Tried) -> None:
    program = stage.program
    if program.is_running:
        tried.missed.append(name)
        program.kill()
    elif program.wait_for_end(1) == EXIT_CODE:
        tried.reached.append(name)
    else:
        tried.missed.append(f"{name} (ended otherwise)")
