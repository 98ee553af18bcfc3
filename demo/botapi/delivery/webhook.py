"""Deliver updates to a webhook, in order within a chat and in parallel across chats.

Follows telegram-bot-api's WebhookActor.cpp. An update that is not answered with 2xx within 60 s is
sent again after 1, 2, 4 … up to 60 to 120 seconds, or after the answer's Retry-After (at most an
hour), until it expires. Later updates of the same chat wait for it.
"""

from __future__ import annotations

import asyncio
import heapq
import random
import time
from collections import deque

import aiohttp
import orjson

from demo.botapi.delivery.updates import PendingUpdate
from demo.botapi.telegram import Telegram, WebhookSettings

ANSWER_MAX_SECONDS = 60
RETRY_AFTER_MAX_SECONDS = 3600
BACKOFF_MAX_SECONDS = 60
_IDLE_SECONDS = 0.2
_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name


class WebhookSender:
    """Delivers queued updates while a webhook is set.

    Args:
        telegram: The server with the queue and the webhook's settings.
        backoff_seconds: The first wait after a failure; Telegram's is one second.
    """

    def __init__(self, telegram: Telegram, *, backoff_seconds: float = 1.0) -> None:
        self.backoff_seconds = backoff_seconds
        self._telegram = telegram
        self._settings: WebhookSettings | None = None
        self._partitions: dict[int, deque[PendingUpdate]] = {}
        self._ready: deque[int] = deque()
        self._delayed: list[tuple[float, int]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._failures: dict[int, int] = {}

    async def run(self) -> None:
        """Deliver until cancelled."""
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=connector) as session:
            try:
                while True:
                    self._load()
                    self._start(session)
                    await self._telegram.updates.arrival(self._idle_seconds())
            finally:
                for task in self._tasks:
                    task.cancel()
                await asyncio.gather(*self._tasks, return_exceptions=True)

    def _load(self) -> None:
        """Sort new updates into partitions; start over when the webhook was set again."""
        settings, updates = self._telegram.webhook, self._telegram.updates
        # The settings object is replaced by each setWebhook, so identity tells a new webhook.
        if settings is not self._settings:
            self._settings = settings
            self._partitions.clear()
            self._ready.clear()
            self._delayed.clear()
            updates.has_reader = settings is not None
            updates.news.clear()
            updates.news.extend(updates.peek() if settings else ())
        while updates.news:
            update = updates.news.popleft()
            if update.partition not in self._partitions:
                self._partitions[update.partition] = deque()
                self._ready.append(update.partition)
            self._partitions[update.partition].append(update)

    def _start(self, session: aiohttp.ClientSession) -> None:
        """Send the first update of each ready partition, up to the number of connections."""
        settings = self._settings
        if settings is None:
            return
        while self._delayed and self._delayed[0][0] <= time.monotonic():
            self._ready.append(heapq.heappop(self._delayed)[1])
        while self._ready and len(self._tasks) < settings.max_connections:
            partition = self._ready.popleft()
            task = asyncio.create_task(self._deliver(session, settings, partition))
            self._tasks.add(task)
            task.add_done_callback(self._finish)

    def _finish(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._telegram.updates.wake()

    def _idle_seconds(self) -> float:
        if not self._delayed:
            return _IDLE_SECONDS
        return min(_IDLE_SECONDS, max(0.0, self._delayed[0][0] - time.monotonic()))

    async def _deliver(
        self, session: aiohttp.ClientSession, settings: WebhookSettings, partition: int
    ) -> None:
        waiting = self._partitions[partition]
        update = waiting[0]
        problem, retry_after = "", 0
        if self._telegram.updates.holds(update.update_id):
            problem, retry_after = await _post(session, settings, update)
        # The webhook was changed during the request; the new one gets the update again.
        if self._settings is not settings:
            return
        if problem:
            self._postpone(update, problem, retry_after)
            return
        self._failures.pop(update.update_id, None)
        self._telegram.updates.confirm_one(update.update_id)
        waiting.popleft()
        if waiting:
            self._ready.append(partition)
        else:
            del self._partitions[partition]

    def _postpone(self, update: PendingUpdate, problem: str, retry_after: int) -> None:
        failures = self._failures[update.update_id] = self._failures.get(update.update_id, 0) + 1
        # Jitter keeps the retries of many chats from coming at the same moment.
        most = random.uniform(BACKOFF_MAX_SECONDS, 2 * BACKOFF_MAX_SECONDS)  # noqa: S311 - jitter
        wait = min(retry_after, RETRY_AFTER_MAX_SECONDS) or min(
            self.backoff_seconds * 2 ** (failures - 1), most
        )
        heapq.heappush(self._delayed, (time.monotonic() + wait, update.partition))
        self._telegram.webhook_error = (self._telegram.date(), problem)


async def _post(
    session: aiohttp.ClientSession, settings: WebhookSettings, update: PendingUpdate
) -> tuple[str, int]:
    """Send one update and return the error, empty for none, with its Retry-After."""
    headers = {"Content-Type": "application/json"}
    if settings.secret_token:
        headers[_SECRET_HEADER] = settings.secret_token
    timeout = aiohttp.ClientTimeout(total=ANSWER_MAX_SECONDS)
    body = orjson.dumps(update.body)
    try:
        async with session.post(
            settings.url, data=body, headers=headers, timeout=timeout, allow_redirects=False
        ) as response:
            if 200 <= response.status < 300:  # noqa: PLR2004 - HTTP: fine
                return "", 0
            after = response.headers.get("Retry-After", "")
            problem = f"Wrong response from the webhook: {response.status} {response.reason}"
            return problem, int(after) if after.isdigit() else 0
    except TimeoutError:
        return "Read timeout expired", 0
    except aiohttp.ClientError as error:
        return f"Connection failed: {type(error).__name__}", 0
