"""Send the weekly summaries and monthly recaps that are due.

Each round claims and sends in one unit of work, so a push is claimed exactly when it is queued.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

import structlog

from ports.failpoints import failpoint
from ports.units import UnitOfWork, UnitOfWorkFactory
from replies.responder import ChatResponder
from replies.responding import respond, respond_alerts
from services.rates.recounting import Recounted
from services.reporting.pushes import Push
from services.schedules import Taken, take_due

ROUNDS_MAX = 1000
"""Rounds of one tick, so that it ends; the next tick goes on."""

_log = structlog.get_logger("scheduler.pushes")


@dataclass(frozen=True, slots=True)
class PushTick:
    """Claims due schedules and queues their messages."""

    units: UnitOfWorkFactory
    wake_sender: asyncio.Event

    async def run(self, now: datetime) -> None:
        """Take everything that is due now."""
        failpoint("scheduler.before_pushes")
        for _ in range(ROUNDS_MAX):
            taken = await self._round(now)
            if taken.pushes or taken.recounted:
                failpoint("scheduler.after_pushes")
                self.wake_sender.set()
            if not taken.more:
                return

    async def _round(self, now: datetime) -> Taken:
        async with self.units.open(now=now) as unit:
            taken = await unit.run(lambda repositories: take_due(repositories, now))
            for push in taken.pushes:
                _send(unit, push, now)
            for recounted in taken.recounted:
                _alert(unit, recounted, now)
        # Logged after the commit, since a rolled-back round will find the same pushes again.
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


def _send(unit: UnitOfWork, push: Push, now: datetime) -> None:
    responder = ChatResponder(
        unit, push.chat, push.message_key, now, kind="push", expires_at=push.expires_at
    )
    respond(responder, push.summarised)


def _alert(unit: UnitOfWork, recounted: Recounted, now: datetime) -> None:
    """Tell a chat which budgets reached a threshold by other rates."""
    responder = ChatResponder(unit, recounted.chat, recounted.message_key, now, kind="push")
    respond_alerts(responder, recounted.alerts)
