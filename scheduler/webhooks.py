"""Start a job for each webhook that has something to be told.

The history says what changed, whoever changed it, so no writer has to think of webhooks.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from ports.jobs import DeliverWebhook, new_job
from ports.units import UnitOfWorkFactory

DUE_MAX = 500
"""Webhooks of one tick; the next tick takes further ones."""


@dataclass(frozen=True, slots=True)
class WebhookTick:
    """Looks for webhooks that lag behind."""

    units: UnitOfWorkFactory
    wake_jobs: asyncio.Event

    async def run(self, now: datetime) -> None:
        """Start their jobs; while a webhook's job waits or runs, another is not added."""
        # In the unit, because the engine of `read` takes 2 MB and a quiet process needs it nowhere else.
        async with self.units.open(now=now) as unit:
            due = await unit.run(lambda repositories: repositories.webhooks.due(DUE_MAX))
            for one in due:
                unit.start(new_job(DeliverWebhook(one.id), one.id, one.chat_id))
        if due:
            self.wake_jobs.set()
