"""Take updates in by webhook, and answer Telegram only once each is stored."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

from bot.engine.inbox_messages import UPDATE_TYPES, NoUpdateError, inbox_message_of
from bot.engine.intake import BACKOFF_SECONDS_MAX, WAITING_MAX, PollState
from bot.engine.partitions import Clock, Telegram
from bot.ops.clock import utc_now
from bot.ops.logs import get_logger
from bot.ops.metrics import RECEIVED
from bot.telegram.api import TelegramRefusedError, TelegramUnreachableError
from bot.telegram.jsontext import parse_json
from ledger.errors import UnavailableError
from ports.failpoints import failpoint
from ports.queue import Inbox
from ports.telemetry import record_step
from ports.telemetry.flows import enter_flow

CONNECTIONS_MAX = 40
"""Posts that Telegram may have under way; its own default."""
CHECK_SECONDS = 60.0
"""Between two checks whether the webhook is still ours."""
COUNT_SECONDS = 0.25
"""Seconds for which the count of waiting messages may decide whether one more is taken."""

_log = get_logger("bot.engine.webhook_intake")


@dataclass(slots=True)
class WebhookIntake:
    """Stores posted updates; refuses them when the queue is full or cannot store."""

    inbox: Inbox
    wake_worker: asyncio.Event
    clock: Clock = utc_now
    waiting_max: int = WAITING_MAX
    _count: int = 0
    _counted_at: float = field(default=-COUNT_SECONDS)

    async def store(self, body: bytes) -> None:
        """Store one update, as posted; it is durable when this returns.

        Raises:
            InputError: this is not an update.
            UnavailableError: it is not stored; Telegram must send it again.
        """
        try:
            inbox_message = inbox_message_of(parse_json(body))
        except ValueError as error:
            raise NoUpdateError("no_update") from error
        enter_flow(inbox_message.flow_name)
        failpoint("webhook.before_store")
        began = time.time()
        if await self._waiting() >= self.waiting_max:
            raise UnavailableError("queue_full")
        new = await self.inbox.add([inbox_message], now=self.clock())
        record_step("receive", began, kind="webhook")
        failpoint("webhook.after_store")
        RECEIVED.labels("webhook").inc(new)
        self.wake_worker.set()

    async def _waiting(self) -> int:
        now = time.monotonic()
        if now - self._counted_at >= COUNT_SECONDS:
            self._counted_at = now
            self._count = await self.inbox.count()
        return self._count


async def keep_webhook(telegram: Telegram, url: str, secret: str, state: PollState) -> None:
    """Tell Telegram where to post, and see to it that this stays so; runs until it is cancelled.

    Called when the server listens. A bot with the same token that polls somewhere else takes the
    webhook away, which would stop all updates, so it is checked every minute.
    """
    pause = 0.5
    while True:
        try:
            found = await telegram.call("getWebhookInfo")
            if not isinstance(found, dict) or found.get("url") != url or state.trouble:
                await _set_webhook(telegram, url, secret)
                _log.info("webhook_set")
        except (TelegramRefusedError, TelegramUnreachableError) as error:
            state.failed("the webhook is not set")
            _log.warning("webhook_not_set", error=str(error), seconds=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, BACKOFF_SECONDS_MAX)
        else:
            state.webhook_set()
            pause = 0.5
            await asyncio.sleep(CHECK_SECONDS)


async def _set_webhook(telegram: Telegram, url: str, secret: str) -> None:
    wish = {
        "url": url,
        "secret_token": secret,
        "allowed_updates": UPDATE_TYPES,
        "max_connections": CONNECTIONS_MAX,
    }
    await telegram.call("setWebhook", wish)
