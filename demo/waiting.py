# ruff: noqa: ASYNC109 - a test says how long it waits in the call, as every wait helper does
"""Wait for events, in real seconds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from demo.events import EventBus

Found = TypeVar("Found")


async def wait_until(
    events: EventBus, find: Callable[[], Found], *, what: str, timeout: float
) -> Found:
    """Call `find` after every event until it returns a true value, and return it.

    Raises:
        TimeoutError: `timeout` passed before.
    """
    changed = asyncio.Event()
    with events.subscribed(lambda _event: changed.set()):
        try:
            async with asyncio.timeout(timeout):
                while not (found := find()):
                    # Cleared before the next look, so that an event in between is not lost.
                    changed.clear()
                    await changed.wait()
                return found
        except TimeoutError:
            reason = f"waited {timeout} s for {what}"
            raise TimeoutError(reason) from None


async def wait_for_quiet(events: EventBus, seconds: float, *, timeout: float) -> None:
    """Wait until no event has come for `seconds`.

    Raises:
        TimeoutError: The bot never became quiet.
    """
    changed = asyncio.Event()
    with events.subscribed(lambda _event: changed.set()):
        async with asyncio.timeout(timeout):
            while True:
                changed.clear()
                try:
                    async with asyncio.timeout(seconds):
                        await changed.wait()
                except TimeoutError:
                    return
