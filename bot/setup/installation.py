"""Hold what every role of a process shares, and report whether it is ready."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING

from bot.engine.intake import PollState
from bot.engine.partitions import wait_for_event
from bot.engine.wakes import WakeEvents
from bot.engine.webhook_intake import WebhookIntake
from bot.ops.clock import utc_now
from bot.ops.lifecycle import Supervisor
from bot.ops.metrics import INBOX_DEPTH, JOBS_DEPTH, OUTBOX_DEPTH, render_metrics
from bot.setup.queues import Queue
from bot.setup.roles import Role
from bot.setup.settings import Settings
from bot.telegram.api import BotApi
from ledger.errors import UnavailableError
from ports.blobs import Blobs
from services.recurring.feeds import read_feed
from storage import Database

if TYPE_CHECKING:
    from storage.database.connections.wakes import SharedWakes
    from web.site import Site

HEALTH_SECONDS = 3.0
OPENING_SECONDS = 10.0
"""Seconds for which a post waits while we start: Telegram and balancers wait longer for an answer, and an
update that is refused comes again only after the `RETRY_SECONDS` of `web.webhook`."""


@dataclass(frozen=True, slots=True)
class Installation:
    """The parts that every role shares."""

    settings: Settings
    roles: frozenset[Role]
    database: Database
    queue: Queue
    blobs: Blobs
    api: BotApi
    wakes: WakeEvents
    shared_wakes: SharedWakes | None
    """None on SQLite, whose one process has nobody else to wake."""
    supervisor: Supervisor
    polling: PollState


@dataclass(slots=True)
class Readiness:
    """The readiness that HTTP reports, also while the process starts and stops."""

    installation: Installation | None = None
    webhook: WebhookIntake | None = None
    site: Site | None = None
    """The page and the API, in a process of the role `web`."""
    is_open: bool = False
    """True from the end of the start until the stop."""
    _decided: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once it is known whether posts are taken."""

    def take_posts(self, webhook: WebhookIntake) -> None:
        """Take the posts that wait, and those to come."""
        self.webhook = webhook
        self._decided.set()

    def refuse_posts(self) -> None:
        """Take no more posts, before the queue is closed or where the start failed."""
        self.webhook = None
        self._decided.set()

    async def store(self, body: bytes) -> None:
        """Store a posted update, while we start as soon as that is possible.

        Raises:
            UnavailableError: Telegram must send it again, as we stop or the start takes too long.
        """
        if not self._decided.is_set():
            await wait_for_event(self._decided, OPENING_SECONDS)
        if self.webhook is None:
            raise UnavailableError("not_open")
        await self.webhook.store(body)

    async def read_calendar(self, secret: str) -> bytes | None:
        """Return the calendar that a secret opens, None where it opens none."""
        if self.installation is None:
            raise UnavailableError("not_open")
        content = await self.installation.database.units.read(
            lambda repositories: read_feed(repositories, secret, utc_now())
        )
        if content is None:
            return None
        # Loaded with the first calendar that asks; writing a long one takes a tenth of a second.
        calendars = await asyncio.to_thread(import_module, "presentation.calendars")
        written: bytes = await asyncio.to_thread(calendars.write_calendar, content)
        return written

    async def find_troubles(self) -> dict[str, str | None]:
        """Return the trouble of each dependency, None where it works."""
        i = self.installation
        if i is None:
            return {"start": "not everything is open"}
        jobs = await _trouble_of(i.database.jobs.count())
        return {
            "start": None if self.is_open else "not everything is open",
            # A writer that hangs is seen only by whoever writes.
            "database": await _trouble_of(i.database.check_writing()),
            "queue": jobs or await _trouble_of(i.queue.inbox.count()),
            "telegram": i.polling.problem(time.monotonic()),
        }

    async def render(self) -> bytes:
        """Return the metrics, with the depths of the queues as they are now."""
        i = self.installation
        if i is not None:
            for gauge, queue in (
                (INBOX_DEPTH, i.queue.inbox),
                (OUTBOX_DEPTH, i.database.outbox),
                (JOBS_DEPTH, i.database.jobs),
            ):
                with suppress(UnavailableError, TimeoutError):
                    async with asyncio.timeout(HEALTH_SECONDS):
                        gauge.set(await queue.count())
        return render_metrics()


async def _trouble_of(attempt: Awaitable[object]) -> str | None:
    """Return why the database does not answer in time, None when it does."""
    try:
        async with asyncio.timeout(HEALTH_SECONDS):
            await attempt
    except UnavailableError as error:
        return error.message_id
    except TimeoutError:
        return "no answer"
    return None
