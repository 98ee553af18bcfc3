"""Take updates in by long polling, and confirm each to Telegram only once it is stored.

Asking for a higher offset is what confirms updates, so the next question is put only after the
inbox has committed. An update_id is an identity, never an order: after a quiet week Telegram may
begin anywhere, also lower. So the offset serves to confirm the page that was just stored; once a
question with it came back empty, everything below is forgotten by the server, and the next question
names no offset at all. What comes twice is passed over by its key.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.engine.inbox_messages import UPDATE_TYPES, NoUpdateError, inbox_message_of
from bot.engine.partitions import Clock, Telegram
from bot.ops.clock import utc_now
from bot.ops.errors import describe_error
from bot.ops.logs import get_logger
from bot.ops.metrics import POLLING, POLLS, RECEIVED
from bot.telegram.api import TelegramRefusedError, TelegramUnreachableError
from ledger.errors import UnavailableError
from ports.failpoints import failpoint
from ports.queue import Inbox, InboxMessage
from ports.telemetry import record_step

POLL_SECONDS = 50
"""The longest that the Bot API lets a question for updates wait."""
PAGE_MAX = 100
WAITING_MAX = 20_000
"""Messages in the inbox beyond which no more are fetched: Telegram keeps them for a day."""
FULL_SECONDS = 0.5
BACKOFF_SECONDS_MAX = 30.0
STAND_BY_SECONDS = 2.0
CONFLICT_SECONDS = 5.0
"""Between two questions while another process polls with the same token."""
CONFLICT_MEMORY_SECONDS = 60.0
_UNAUTHORIZED = frozenset({401, 404})
_CONFLICT = 409
_TOO_MANY = 429

_log = get_logger("bot.engine.intake")


@dataclass(slots=True)
class PollState:
    """The state of polling for readiness; seconds of the monotonic clock."""

    answered_at: float = 0.0
    asked_at: float = 0.0
    conflict_at: float = -CONFLICT_MEMORY_SECONDS
    trouble: str = "not asked yet"
    polls: bool = True

    def problem(self, now: float) -> str | None:
        """Return why we do not receive updates, or None when we do."""
        if self.trouble:
            return self.trouble
        if now - self.conflict_at < CONFLICT_MEMORY_SECONDS:
            return "another process polls with the same token"
        if not self.polls:
            return None
        if now - max(self.answered_at, self.asked_at) > POLL_SECONDS + 25:
            return "no answer to the last question"
        return None

    def answered(self, now: float) -> None:
        """Note that Telegram answered."""
        self.answered_at = now
        self.trouble = ""
        POLLING.set(1)

    def stands_by(self) -> None:
        """Note that another process of the installation polls."""
        self.answered_at = time.monotonic()
        self.trouble = ""

    def webhook_set(self) -> None:
        """Note that Telegram posts to us from now on."""
        self.polls = False
        self.trouble = ""
        POLLING.set(1)

    def left_to_others(self) -> None:
        """Note that processes of other roles take updates in."""
        self.polls = False
        self.trouble = ""

    def failed(self, trouble: str) -> None:
        """Note that it did not."""
        self.trouble = trouble
        POLLING.set(0)


@dataclass(slots=True)
class Intake:
    """Asks for updates until it is cancelled; a page is stored whole before the next question."""

    telegram: Telegram
    inbox: Inbox
    wake_worker: asyncio.Event
    is_leader: Callable[[], Awaitable[bool]]
    state: PollState = field(default_factory=PollState)
    clock: Clock = utc_now
    _offset: int = 0
    _fails: int = 0
    _may_delete_webhook: bool = True

    async def run(self) -> None:
        """Poll forever. Cancelling is safe, since nothing is confirmed before it is stored."""
        while True:
            if not await self.is_leader():
                # Another process of this installation polls; that is as good.
                self.state.stands_by()
                await asyncio.sleep(STAND_BY_SECONDS)
                continue
            page = await self._ask()
            if page:
                await self._keep(page)
            full = page and len(page) >= PAGE_MAX and await self._is_full()
            while full:
                await asyncio.sleep(FULL_SECONDS)
                full = await self._is_full()

    async def _is_full(self) -> bool:
        try:
            return await self.inbox.count() >= WAITING_MAX
        except UnavailableError:
            return True

    async def _ask(self) -> list[Any] | None:
        """Return a page of updates, or None after a failure that was waited for."""
        question: dict[str, Any] = {
            # At the start and after trouble an empty answer comes at once, so that an idle bot is
            # known to be ready without waiting for somebody to write.
            "timeout": 0 if self.state.trouble else POLL_SECONDS,
            "limit": PAGE_MAX,
            "allowed_updates": UPDATE_TYPES,
        }
        if self._offset:
            question["offset"] = self._offset
        self.state.asked_at = time.monotonic()
        try:
            page = await self.telegram.call(
                "getUpdates", question, timeout_seconds=POLL_SECONDS + 15
            )
        except TelegramRefusedError as error:
            POLLS.labels(str(error.code)).inc()
            await self._refused(error)
            return None
        except TelegramUnreachableError as error:
            POLLS.labels("unreachable").inc()
            await self._pause("Telegram is not reached", error.cause)
            return None
        POLLS.labels("ok").inc()
        self._fails = 0
        self._may_delete_webhook = False
        self.state.answered(time.monotonic())
        if not isinstance(page, list):
            return []
        if not page:
            # All below the offset is confirmed and forgotten now: ask from the start again, so
            # that ids that began again at a lower number are seen.
            self._offset = 0
        return page

    async def _refused(self, error: TelegramRefusedError) -> None:
        if error.code == _CONFLICT and "webhook" in error.reason:
            if self._may_delete_webhook:
                # Polling is what the settings ask for, so a webhook left from before goes.
                self._may_delete_webhook = False
                await self._delete_webhook()
                return
            await self._pause("a webhook is set for this bot", "conflict")
        elif error.code == _CONFLICT:
            self.state.conflict_at = time.monotonic()
            self.state.failed("another process polls with the same token")
            _log.warning("poll_conflict")
            await asyncio.sleep(CONFLICT_SECONDS * (0.5 + random.random()))  # noqa: S311  # spreads
        elif error.code in _UNAUTHORIZED:
            await self._pause("Telegram does not know this token", str(error.code))
        elif error.code == _TOO_MANY and error.retry_after:
            self.state.failed("Telegram asks to wait")
            await asyncio.sleep(error.retry_after)
        else:
            await self._pause("Telegram refuses", str(error.code))

    async def _delete_webhook(self) -> None:
        try:
            await self.telegram.call("deleteWebhook", {"drop_pending_updates": False})
        except (TelegramRefusedError, TelegramUnreachableError):
            await self._pause("a webhook is set for this bot", "conflict")

    async def _pause(self, trouble: str, cause: str) -> None:
        self.state.failed(trouble)
        self._fails += 1
        seconds = min(0.5 * 2 ** min(self._fails, 8), BACKOFF_SECONDS_MAX)
        _log.warning("poll_failed", trouble=trouble, cause=cause, seconds=seconds)
        await asyncio.sleep(seconds * (0.75 + random.random() / 2))  # noqa: S311  # spreads load

    async def _keep(self, page: Sequence[Any]) -> None:
        """Store a page, trying until it is stored; only then the offset moves."""
        inbox_messages: list[InboxMessage] = []
        last = self._offset - 1
        for update in page:
            try:
                inbox_messages.append(inbox_message_of(update))
            except NoUpdateError:
                _log.error("no_update", shape=type(update).__name__)
                continue
            last = update["update_id"]
        if not inbox_messages:
            await asyncio.sleep(FULL_SECONDS)
            return
        failpoint("intake.before_store")
        pause, began = 0.5, time.time()
        while True:
            try:
                new = await self.inbox.add(inbox_messages, now=self.clock(), offset=last + 1)
                break
            except UnavailableError as error:
                self.state.failed("the database cannot store")
                _log.error("updates_not_stored", error=describe_error(error))
                await asyncio.sleep(pause)
                pause = min(pause * 2, BACKOFF_SECONDS_MAX)
        failpoint("intake.after_store")
        for each in inbox_messages:
            record_step("receive", began, kind="polling", flow=each.flow_name)
        self._offset = last + 1
        RECEIVED.labels("polling").inc(new)
        self.wake_worker.set()
