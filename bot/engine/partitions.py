"""What the worker shares with the handlers behind it: callables that wiring plugs in, back-offs.

A partition is a chat: its messages are handled in order, one at a time; partitions run side by side.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from ports.messages import Json, Reply
from ports.queue import Delivery
from ports.units import UnitOfWork

TRIES_MAX = 5
"""A message or job that failed so often is parked as a dead letter."""
_BACKOFF_SECONDS = (1, 3, 10, 30)

ErrorBoundary = Callable[[Delivery, UnitOfWork], Awaitable[None]]
"""Handles one message inside an open unit; raising rolls everything back."""

CheckPress = Callable[[Mapping[str, Any]], Awaitable[dict[str, Json]]]
"""Takes a callback_query (its JSON) and, from a read-only snapshot, returns what answerCallbackQuery
says next to the query's id: nothing, or `text` and `show_alert`."""

Apologise = Callable[[Delivery, str], Awaitable[Reply | None]]
"""Makes the words for a person whose message failed for good, with the error's id; None: nobody
is to be told (no person sent it)."""

Clock = Callable[[], datetime]


class PermanentError(Exception):
    """Trying again cannot help: the message is parked at its first failure."""


class Telegram(Protocol):
    """As much of the Bot API's client as the worker needs."""

    async def call(
        self, method: str, payload: Mapping[str, Any] | None = None, *, timeout_seconds: float = 30
    ) -> Any:  # noqa: ANN401  # JSON
        """Call a method."""


@dataclass(slots=True)
class UpdateHandlers:
    """The handlers as the worker calls them."""

    update: ErrorBoundary
    event: ErrorBoundary
    check_press: CheckPress
    apologise: Apologise
    prepare: Callable[[], Awaitable[None]] | None = None
    """Loads what handling needs; awaited once, before the first unit: a unit that loads would keep
    every other commit waiting, and what is sent but not marked goes out twice when the process
    dies."""
    _prepared: asyncio.Future[None] | None = None

    async def handle(self, delivery: Delivery, unit: UnitOfWork) -> None:
        """Handle one delivery inside an open unit."""
        is_update = delivery.inbox_message.kind == "update"
        await (self.update if is_update else self.event)(delivery, unit)

    async def ready(self) -> None:
        """Wait until everything that handlers need is loaded."""
        if self._prepared is None and self.prepare is not None:
            self._prepared = asyncio.ensure_future(self.prepare())
        if self._prepared is not None and not self._prepared.done():
            await asyncio.shield(self._prepared)


async def wait_for_event(event: asyncio.Event, seconds: float) -> None:
    """Wait until an event is set, at most for these seconds."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()


def backoff_seconds(failed_tries: int) -> float:
    """Return the wait before the next try, with up to a quarter more so that tries spread."""
    base = _BACKOFF_SECONDS[min(failed_tries, len(_BACKOFF_SECONDS)) - 1]
    return base * (1 + random.random() / 4)  # noqa: S311  # spreads load, guards nothing
