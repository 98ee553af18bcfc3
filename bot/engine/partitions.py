"""Declare the worker's sockets to handlers and Telegram, and its waits after failures.

A partition is a chat: its messages are handled in order, one at a time; partitions run side by side.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, Protocol

from ports.messages import Json, Reply
from ports.queue import Delivery
from ports.units import UnitOfWork

TRIES_MAX = 5
"""A message or job that failed so often is parked as a dead letter."""
_BACKOFF_SECONDS = (1, 3, 10, 30)

Clock = Callable[[], datetime]


class Telegram(Protocol):
    """As much of the Bot API's client as the worker needs."""

    async def call(
        self, method: str, payload: Mapping[str, Any] | None = None, *, timeout_seconds: float = 30
    ) -> Any:  # noqa: ANN401  # JSON
        """Call a method."""


class UpdateHandlers(Protocol):
    """The one way from the worker to the handlers."""

    async def handle(self, delivery: Delivery, unit: UnitOfWork) -> None:
        """Handle one delivery inside an open unit; raising rolls everything back.

        Raises:
            PermanentError: trying again cannot help.
        """

    def explains(self, error: BaseException, delivery: Delivery) -> bool:
        """Return whether the user is told about an error, so that nothing is tried again."""

    async def explain(self, error: Any, delivery: Delivery, unit: UnitOfWork) -> None:  # noqa: ANN401  # of `explains`
        """Tell the user about an error, in a unit that was opened after the first rolled back."""

    async def check_press(self, query: Mapping[str, Any]) -> dict[str, Json]:
        """Return the other parameters of answerCallbackQuery, from a read-only snapshot.

        `query` is the JSON of a callback_query; the answer is empty, or `text` and `show_alert`.
        """

    async def apologise(self, delivery: Delivery, reference: str) -> Reply | None:
        """Return the words for a person whose message failed for good; None when no person sent it.

        `reference` is the id of the error in the log.
        """


async def wait_for_event(event: asyncio.Event, seconds: float) -> None:
    """Wait until an event is set, at most for these seconds."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()


def backoff_seconds(failed_tries: int) -> float:
    """Return the wait before the next try, with up to a quarter more so that tries spread."""
    base = _BACKOFF_SECONDS[min(failed_tries, len(_BACKOFF_SECONDS)) - 1]
    return base * (1 + random.random() / 4)  # noqa: S311  # spreads load, guards nothing
