"""The tick that sends what is due: weekly summaries and monthly recaps.

Each round claims and sends in one unit of work, so a push is claimed exactly when it is queued.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from bot.ops.logs import get_logger
from handlers.responder import ChatResponder
from ledger.days import day_of
from ports.failpoints import failpoint
from ports.units import UnitOfWorkFactory
from presentation import views
from presentation.localizer import localizer_for
from services.pushes import Push
from services.schedules import Taken, take_due

ROUNDS_MAX = 1000
"""Rounds of one tick, so that it ends; the next tick goes on."""

_log = get_logger("bot.setup.pushes")


@dataclass(frozen=True, slots=True)
class PushTick:
    """Asks the schedules and queues what they say."""

    units: UnitOfWorkFactory
    wake_sender: asyncio.Event

    async def run(self, now: datetime) -> None:
        """Take everything that is due now."""
        failpoint("scheduler.before_pushes")
        for _ in range(ROUNDS_MAX):
            taken = await self._round(now)
            if taken.pushes:
                failpoint("scheduler.after_pushes")
                self.wake_sender.set()
            if not taken.more:
                return

    async def _round(self, now: datetime) -> Taken:
        async with self.units.open(now=now) as unit:
            taken = await unit.run(lambda repositories: take_due(repositories, now))
            for push in taken.pushes:
                _say(ChatResponder(unit, push.chat, push.handle, now), push, now)
        for skipped in taken.skipped:
            _log.warning(
                "push_skipped",
                ledger=skipped.ledger_id,
                kind=skipped.kind,
                period=skipped.period_key,
                due_at=skipped.due_at.isoformat(),
            )
        for schedule in taken.unknown:
            _log.error("schedule_unknown", ledger=schedule.ledger_id, kind=schedule.kind)
        return taken


def _say(voice: ChatResponder, push: Push, now: datetime) -> None:
    settings = push.chat.settings
    voice.reply(
        views.summary(
            push.summarised, localizer_for(settings), today=day_of(now, settings.timezone)
        ),
        handle=push.handle,
        kind="push",
        expires_at=push.expires_at,
    )
