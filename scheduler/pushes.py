"""Claim, compose and send summaries, nudges, and edits of pinned cards that are due.

Claims are quick and come first, so that all chats of an hour are claimed in moments. A claimed push
is composed and queued in one unit, so it is done exactly when it is queued.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from ports.failpoints import failpoint
from ports.jobs import FollowEntries, new_job
from ports.units import UnitOfWork, UnitOfWorkFactory
from replies.alerts import respond_alerts
from replies.mail import start_mails
from replies.page_buttons import PageButtons
from replies.pinned_cards import send_card
from replies.recurring import send_booked, send_reminder
from replies.responder import ChatResponder
from replies.responding import respond
from services.ai_policy import AiPolicy
from services.insights.wording import show
from services.rates.recounting import Recounted
from services.reporting.pushes import Skipped, claim_due
from services.reporting.recaps import Push, compose_due
from services.schedules import Rule, build_rules, take_due

ROUNDS_MAX = 1000
"""Rounds of each kind in one tick, so that it ends; the next tick goes on."""

_log = structlog.get_logger("scheduler.pushes")


@dataclass(frozen=True, slots=True)
class PushTick:
    """Deals with everything that is due."""

    units: UnitOfWorkFactory
    wake_sender: asyncio.Event
    rules: Mapping[str, Rule] = field(default_factory=build_rules)
    """Functions that deal with each kind of schedule other than pushes."""
    pages: PageButtons | None = None
    """Makes buttons to the dashboard, where Telegram can open it."""
    ai_policy: AiPolicy = field(default_factory=AiPolicy)

    async def run(self, now: datetime) -> None:
        """Take everything that is due now."""
        failpoint("scheduler.before_pushes")
        for work in (self._claim, self._take_others, self._compose):
            await _repeat(work, now)

    async def _claim(self, now: datetime) -> bool:
        """Claim pushes and plan their next time; True while more are due."""
        async with self.units.open(now=now) as unit:
            claimed = await unit.run(lambda repositories: claim_due(repositories, now))
        # Logged after the commit, since a rolled-back round will find the same pushes again.
        _log_skipped(claimed.skipped)
        return claimed.more

    async def _compose(self, now: datetime) -> bool:
        """Compose claimed pushes and queue them; True while more wait."""
        async with self.units.open(now=now) as unit:
            composed = await unit.run(lambda repositories: compose_due(repositories, now))
            for push in composed.pushes:
                self._send(unit, push, now)
        _log_skipped(composed.skipped)
        if composed.pushes:
            failpoint("scheduler.after_pushes")
            self.wake_sender.set()
        return composed.more

    def _send(self, unit: UnitOfWork, push: Push, now: datetime) -> None:
        responder = ChatResponder(
            unit,
            push.chat,
            push.message_key,
            now,
            kind="push",
            expires_at=push.expires_at,
            pages=self.pages,
        )
        respond(responder, push.content)
        start_mails(responder, push)
        if push.insights:
            shown = show(push.chat.settings, push.insights, self.ai_policy, pushed=True)
            respond(responder, shown)

    async def _take_others(self, now: datetime) -> bool:
        """Deal with every other kind of schedule; True while more are due."""
        async with self.units.open(now=now) as unit:
            taken = await unit.run(
                lambda repositories: take_due(repositories, now, rules=self.rules)
            )
            for update in taken.cards:
                send_card(unit, update)
            for recounted in taken.recounted:
                _tell(unit, recounted, now)
            for booked in taken.booked:
                send_booked(unit, booked, now)
            for reminder in taken.reminders:
                send_reminder(unit, reminder, now)
            if taken.says_something:
                failpoint("scheduler.before_commit")
        if taken.says_something:
            failpoint("scheduler.after_others")
            self.wake_sender.set()
        for schedule in taken.unknown:
            _log.error("schedule_unknown", ledger=schedule.ledger_id, kind=schedule.kind)
        return taken.more


async def _repeat(work: Callable[[datetime], Awaitable[bool]], now: datetime) -> None:
    for _ in range(ROUNDS_MAX):
        if not await work(now):
            return


def _log_skipped(skipped: Sequence[Skipped]) -> None:
    for one in skipped:
        _log.warning(
            "push_skipped",
            ledger=one.ledger_id,
            kind=one.kind,
            period=one.period_key,
            due_at=one.due_at.isoformat(),
        )


def _tell(unit: UnitOfWork, recounted: Recounted, now: datetime) -> None:
    """Tell a chat which budgets reached a threshold by other rates; its cards follow by a job."""
    if recounted.newest:
        entry_ids = tuple(entry.id for entry in recounted.newest)
        job = FollowEntries(entry_ids)
        unit.start(new_job(job, recounted.message_key, recounted.chat.chat_id))
    responder = ChatResponder(unit, recounted.chat, recounted.message_key, now, kind="push")
    respond_alerts(responder, recounted.alerts)
