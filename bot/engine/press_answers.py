"""Answer button presses at once and outside the outbox; Telegram takes an answer for 150 s."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson

from bot.engine.partitions import Telegram, UpdateHandlers
from bot.ops.errors import describe_error
from bot.ops.logs import get_logger
from bot.ops.metrics import PRESSES
from bot.telegram.api import TelegramRefusedError, TelegramUnreachableError
from ports.messages import Json
from ports.queue import Delivery

ANSWERS_MAX = 200
"""Answers under way; beyond them a partition waits for its own."""
ANSWER_SECONDS = 10

_log = get_logger("bot.engine.worker")


@dataclass(slots=True)
class PressAnswers:
    """Answers the press that a delivery is, if it is one."""

    handlers: UpdateHandlers
    telegram: Telegram
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def answer(self, delivery: Delivery) -> None:
        """Begin to answer; only beyond `ANSWERS_MAX` the end is waited for."""
        message = delivery.inbox_message
        if message.kind != "update" or '"callback_query"' not in message.body:
            return
        query = orjson.loads(message.body).get("callback_query")
        if not isinstance(query, dict) or "id" not in query:
            return
        try:
            answer = await self.handlers.check_press(query)
        except Exception as error:  # noqa: BLE001  # an unanswered press is no reason to fail
            _log.warning("press_check_failed", error=describe_error(error))
            answer = {}
        task = asyncio.create_task(self._send(query["id"], answer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        if len(self._tasks) > ANSWERS_MAX:
            await asyncio.wait([task])

    async def stop(self, seconds: float) -> None:
        """Let answers end that are under way, at most for these seconds."""
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _send(self, query_id: str, answer: Mapping[str, Json]) -> None:
        payload = {"callback_query_id": query_id, **answer}
        try:
            await self.telegram.call("answerCallbackQuery", payload, timeout_seconds=ANSWER_SECONDS)
            PRESSES.labels("ok").inc()
        except TelegramRefusedError:
            # Too old, or answered before a restart: the press still counts, only the spinner ends.
            PRESSES.labels("refused").inc()
        except TelegramUnreachableError as error:
            PRESSES.labels("unreachable").inc()
            _log.info("press_not_answered", error=error.cause)
