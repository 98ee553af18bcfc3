"""Post updates to the program, as Telegram does where a webhook is set.

An update is posted until it is answered with success, one at a time for each chat. Its answer may be lost,
and then it is posted again; two copies may come at the same moment.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import orjson

from bench.vopr.faults import Faults
from bench.vopr.loop import Program
from bot.setup.installation import Readiness
from demo.botapi.delivery.updates import PendingUpdate, UpdateQueue

LOOK_SECONDS = 0.05
PATIENCE_SECONDS = 60.0
AGAIN_SECONDS = (0.5, 5.0)


@dataclass
class Poster:
    """Telegram's side of a webhook."""

    updates: UpdateQueue
    faults: Faults
    _doors: list[tuple[Program, Readiness]] = field(default_factory=list)
    """Those of the running programs."""
    _busy: set[int] = field(default_factory=set)
    """Chats with a post under way, which the next one waits for."""
    _known: set[int] = field(default_factory=set)
    """Updates that were posted once; of those none overtakes another."""
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def open(self, program: Program, readiness: Readiness) -> None:
        """Post to this program too from now on."""
        self._doors.append((program, readiness))

    async def run(self) -> None:
        """Post until it is cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            for update in self.updates.peek():
                is_busy = update.partition in self._busy
                is_new = update.update_id not in self._known
                self._known.add(update.update_id)
                if not is_busy or (is_new and self.faults.hits("update_shuffled")):
                    self._busy.add(update.partition)
                    task = asyncio.create_task(self._deliver(update))
                    self._tasks.add(task)
                    task.add_done_callback(self._tasks.discard)

    async def _deliver(self, update: PendingUpdate) -> None:
        copies = 2 if self.faults.hits("update_doubled") else 1
        taken = await asyncio.gather(*(self._post(update) for _ in range(copies)))
        if any(taken) and not self.faults.hits("telegram_answer_lost"):
            self.updates.confirm_one(update.update_id)
        else:
            await asyncio.sleep(self.faults.dice.uniform(*AGAIN_SECONDS))
        self._busy.discard(update.partition)

    def _choose_door(self) -> tuple[Program, Readiness]:
        return self._doors[0] if len(self._doors) == 1 else self.faults.dice.choice(self._doors)

    async def _post(self, update: PendingUpdate) -> bool:
        """Post once, as a load balancer does; return whether a program took it."""
        self._doors = [(program, door) for program, door in self._doors if program.is_alive]
        if not self._doors:
            return False
        program, readiness = self._choose_door()
        self.faults.trace.note("post", update.update_id)
        body = orjson.dumps(update.body)
        storing = program.loop.create_task(readiness.store(body), context=program.context.copy())
        await asyncio.wait(
            {storing, program.died},
            timeout=PATIENCE_SECONDS,
            return_when=asyncio.FIRST_COMPLETED,
        )
        return storing.done() and not storing.cancelled() and storing.exception() is None
