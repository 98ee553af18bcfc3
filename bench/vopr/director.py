"""Direct a seed: keep the program running, disturb it, then let it calm down and look at everything."""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bench.vopr.faults import OUTAGES
from bench.vopr.fleet import PROGRAMS
from bench.vopr.loop import PROGRAM, KilledError, Program, VirtualLoop
from bench.vopr.people.crowd import People
from bench.vopr.program import World, run_program
from bot.ops.clock import move_clock, utc_now
from bot.ops.errors import trace_error
from bot.ops.sweep import delete_folders
from ledger.errors import UnavailableError
from ports.failpoints import FAILPOINTS, arm
from storage.check import find_damage
from storage.database.connections.engine import build_sqlite_engine, parse_url
from storage.database.repositories.blobs import referenced_blobs

DRAIN_SECONDS = 120.0
STOP_SECONDS = 10.0
"""Seconds after which a supervisor kills what does not stop."""
ACT_SECONDS = 1.2
"""Between two things that people do, on average."""
DISTURB_SECONDS = 45.0
"""Between two kills, outages, jumps or pauses, on average each."""
STEPS_MAX = 600
RESTART_SECONDS = (0.3, 6.0)
OUTAGE_SECONDS = (5.0, 50.0)
PAUSE_SECONDS = (0.5, 60.0)
JUMP_SECONDS = (-3600.0, -60.0, -2.0, 2.0, 60.0, 3600.0)
POINTS = tuple(FAILPOINTS)

TEMPORARY = "temporary"
"""Folder next to the database in which the programs make their temporary files."""

_WAITING = (
    ("inbox", "state = 'pending'"),
    ("jobs", "state = 'pending'"),
    ("outbox", "state IN ('waiting', 'drawing')"),
)


@dataclass
class Director:
    """Runs the two phases; `wrong` holds what breaks a promise."""

    loop: VirtualLoop
    world: World
    people: People
    dice: random.Random
    wrong: list[str] = field(default_factory=list)
    _programs: dict[int, Program] = field(default_factory=dict)
    """Those that run, by their places; two where they are a fleet."""
    _lives: int = 0

    async def run(self, seconds: float) -> None:
        """Run the safety phase for so long, then the liveness phase."""
        self.people.move_in()
        places = range(PROGRAMS if self.world.fleet else 1)
        keeping = [asyncio.create_task(self._keep_running(place)) for place in places]
        if self.world.poster is not None:
            keeping.append(asyncio.create_task(self.world.poster.run()))
        await self._disturb(seconds)
        self._calm_down()
        await self._drain()
        await self._stop()
        for task in keeping:
            task.cancel()
        self._judge()

    def hear_loop(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Take an error that the loop has nobody to tell of."""
        error = context.get("exception")
        program = PROGRAM.get(None)
        if isinstance(error, KilledError) or (program is not None and not program.is_alive):
            return
        place = trace_error(error) if error else []
        self.wrong.append(f"loop: {context.get('message')} {error!r} {place}")

    # --- the program

    async def _keep_running(self, place: int) -> None:
        """Start a program, and again whenever it ends."""
        while True:
            self._lives += 1
            self.world.faults.trace.note("start", self._lives)
            self._programs[place] = program = Program(self.loop, self._lives)
            program.start(run_program(self.world))
            assert program.main is not None
            await asyncio.wait({program.main, program.died}, return_when=asyncio.FIRST_COMPLETED)
            self._note_end(program)
            program.kill()
            if self.world.fleet:
                self.world.network.lose_marks(program)
            await asyncio.sleep(self.dice.uniform(*RESTART_SECONDS))

    def _note_end(self, program: Program) -> None:
        self.world.faults.trace.note("end", program.number, program.steps)
        if not program.is_alive or program.main is None or not program.main.done():
            return
        error, supervisor = program.main.exception(), self.world.supervisors.get(program.number)
        if error is not None and not isinstance(error, UnavailableError):
            self.wrong.append(f"start: {error!r}")
        elif error is None and supervisor and supervisor.failed:
            self.wrong.append("a part of the program failed")

    def _choose_program(self) -> Program | None:
        """Return a program that runs."""
        living = [one for one in self._programs.values() if one.is_alive]
        return self.dice.choice(living) if living else None

    def _ask_to_stop(self, program: Program) -> None:
        """Send SIGTERM."""
        supervisor = self.world.supervisors.get(program.number)
        if program.is_alive and supervisor is not None:
            self.loop.call_soon(supervisor.stopped.set, context=program.context)

    async def _stop(self) -> None:
        """Stop every program in order; each has ten seconds."""
        for program in self._programs.values():
            self._ask_to_stop(program)
            if program.main is not None:
                await asyncio.wait(
                    {program.main, program.died},
                    timeout=STOP_SECONDS,
                    return_when=asyncio.FIRST_COMPLETED,
                )
            if program.is_alive and program.main is not None and not program.main.done():
                self.wrong.append("the program does not stop")
            program.kill()

    # --- what disturbs it

    async def _disturb(self, seconds: float) -> None:
        work: tuple[tuple[float, Callable[[], Awaitable[None]]], ...] = (
            (ACT_SECONDS, self._act),
            (DISTURB_SECONDS, self._kill),
            (DISTURB_SECONDS, self._break),
            (DISTURB_SECONDS * 2, self._move_clock),
            (DISTURB_SECONDS * 2, self._pause),
        )
        tasks = [asyncio.create_task(self._repeat(*each)) for each in work]
        await asyncio.sleep(seconds)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        for task in tasks:
            if not task.cancelled():
                task.result()

    async def _repeat(self, every_seconds: float, do: Callable[[], Awaitable[None]]) -> None:
        while True:
            await asyncio.sleep(self.dice.expovariate(1 / every_seconds))
            await do()

    async def _act(self) -> None:
        # People come in crowds, too.
        for _ in range(self.dice.choice((1, 1, 1, 1, 6))):
            self.people.act()

    async def _kill(self) -> None:
        program = self._choose_program()
        if program is None:
            return
        how = self.dice.choice(("step", "step", "point", "point", "stop"))
        self.world.faults.note(f"kill_{how}")
        if how == "step":
            program.dies_at = program.steps + self.dice.randint(1, STEPS_MAX)
        elif how == "point":
            arm(self.dice.choice(POINTS), self.dice.randint(1, 3), _die)
        else:
            self._ask_to_stop(program)
            await asyncio.sleep(STOP_SECONDS)
            program.kill()

    async def _break(self) -> None:
        self.world.faults.outage = self.dice.choice(tuple(OUTAGES))
        self.world.faults.note("outage")
        await asyncio.sleep(self.dice.uniform(*OUTAGE_SECONDS))
        self.world.faults.outage = ""

    async def _move_clock(self) -> None:
        """Move the machine's clock; Telegram's stays right."""
        shift = self.dice.choice(JUMP_SECONDS)
        self.world.faults.note("clock_jump")
        move_clock(timedelta(seconds=shift))
        await asyncio.sleep(self.dice.uniform(1, 60))
        move_clock(timedelta(0))

    async def _pause(self) -> None:
        """Stop the process for longer than its leases last, perhaps."""
        program = self._choose_program()
        if program is None:
            return
        self.world.faults.note("pause")
        program.stop()
        await asyncio.sleep(self.dice.uniform(*PAUSE_SECONDS))
        program.go_on()

    # --- the end

    def _calm_down(self) -> None:
        faults = self.world.faults
        faults.trace.note("calm")
        faults.is_on, faults.outage = False, ""
        move_clock(timedelta(0))
        arm("")
        for program in self._programs.values():
            program.dies_at = None
            program.go_on()

    async def _drain(self) -> None:
        """Wait until nothing waits."""
        until = self.loop.now + DRAIN_SECONDS
        while waiting := self._find_waiting():
            if self.loop.now > until:
                self.wrong.append(f"still waiting after {DRAIN_SECONDS:.0f} s: {waiting}")
                return
            await asyncio.sleep(1)
        self.world.faults.trace.note("drained")

    def _find_waiting(self) -> list[str]:
        with closing(sqlite3.connect(self.world.path)) as rows:
            found = [
                (table, rows.execute(f"SELECT count(*) FROM {table} WHERE {which}").fetchone()[0])  # noqa: S608
                for table, which in _WAITING
            ]
        found.append(("updates", self.world.network.sim.pending_update_count))
        if self.world.queue is not None:
            found.append(("SQS", len(self.world.queue.messages)))
        return [f"{count} {name}" for name, count in found if count]

    def _judge(self) -> None:
        self.wrong += self.people.judge(self.world.path)
        if self.world.queue is not None and self.world.queue.set_aside:
            self.wrong.append(f"lost: SQS put {len(self.world.queue.set_aside)} messages aside")
        with closing(sqlite3.connect(self.world.path)) as rows:
            # Jobs may end as dead letters, of which their people are told; nothing of theirs may.
            query = "SELECT count(*) FROM inbox WHERE state = 'dead'"
            if dead := rows.execute(query).fetchone()[0]:
                self.wrong.append(f"{dead} dead letters in the inbox")
            for row in rows.execute("SELECT source_key, amount_minor, deleted_at FROM entries"):
                self.world.faults.trace.note("entry", *row)
        self.wrong += [*self._find_damage(), *self._find_temporary()]

    def _find_temporary(self) -> list[str]:
        """Return temporary files that stay; those of a kill are deleted when they are old."""
        folder = self.world.path.parent / TEMPORARY
        left = list(folder.iterdir())
        for path in left:
            os.utime(path, (0, 0))
        delete_folders(folder)
        wrong = [f"temporary file stays: {path.name}" for path in folder.iterdir()]
        if len(left) > self._lives:
            wrong.append(f"{len(left)} temporary folders of {self._lives} programs")
        return wrong

    def _find_damage(self) -> list[str]:
        engine = build_sqlite_engine(parse_url(f"sqlite:///{self.world.path}"), read_only=True)
        with engine.connect() as connection:
            damages = find_damage(connection, utc_now())
            missing = referenced_blobs(connection) - self.world.blobs.stored
        engine.dispose()
        found = [f"check --ledger: {one.what} {one.where}" for one in damages]
        return found + [f"file missing: {key}" for key in sorted(missing)]


def _die(_: int) -> None:
    """End the running program at a fail point, once."""
    arm("")
    PROGRAM.get().kill()
    raise KilledError
