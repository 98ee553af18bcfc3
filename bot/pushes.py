"""The tick that sends what is due: weekly summaries and monthly recaps.

Each round claims and sends in one unit of work, so a push is claimed exactly when it is queued.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from bot.logs import get_logger
from handlers.voice import Voice
from ledger.days import day_of
from looks import views
from looks.tongue import tongue_for
from ports.failpoints import reach
from ports.units import Units
from services.pushes import Push, Taken, take_due

ROUNDS_MAX = 1000
"""Rounds of one tick, so that it ends; the next tick goes on."""

_log = get_logger("bot.pushes")


@dataclass(frozen=True, slots=True)
class PushTick:
    """Asks the schedules and queues what they say."""

    units: Units
    wake_sender: asyncio.Event

    async def run(self, now: datetime) -> None:
        """Take everything that is due now."""
        reach("scheduler.before_pushes")
        for _ in range(ROUNDS_MAX):
            taken = await self._round(now)
            if taken.pushes:
                reach("scheduler.after_pushes")
                self.wake_sender.set()
            if not taken.more:
                return

    async def _round(self, now: datetime) -> Taken:
        async with self.units.open(now=now) as unit:
            taken = await unit.run(lambda books: take_due(books, now))
            for push in taken.pushes:
                _say(Voice(unit, push.chat, push.handle, now), push, now)
        for skipped in taken.skipped:
            _log.warning(
                "push_skipped",
                ledger=skipped.ledger_id,
                kind=skipped.kind,
                period=skipped.period_key,
                due_at=skipped.due_at.isoformat(),
            )
        return taken


def _say(voice: Voice, push: Push, now: datetime) -> None:
    settings = push.chat.settings
    voice.say(
        views.summary(push.summarised, tongue_for(settings), today=day_of(now, settings.timezone)),
        handle=push.handle,
        kind="push",
        expires_at=push.expires_at,
    )
