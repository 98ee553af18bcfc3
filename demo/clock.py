"""Run the demo's clock with an offset, or stop it and move it by hand.

It dates messages and expires updates, button presses and download links. Rate limits and back-off
use real seconds, so moving this clock never shortens a wait.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

ClockListener = Callable[[datetime], None]


class Clock:
    """The current time in the demo.

    Attributes:
        is_running: Whether time passes between two calls of `advance`.
    """

    def __init__(self, start: datetime | None = None, *, is_running: bool = True) -> None:
        self.is_running = is_running
        real = time.time()
        self._shift_seconds = start.timestamp() - real if start else 0.0
        self._stands_at = start.timestamp() if start else real
        self._listeners: list[ClockListener] = []

    def seconds(self) -> float:
        """Return the seconds since 1970 by this clock."""
        if self.is_running:
            return time.time() + self._shift_seconds
        return self._stands_at

    def now(self) -> datetime:
        """Return the current moment by this clock, aware and in UTC."""
        return datetime.fromtimestamp(self.seconds(), UTC)

    @property
    def shift(self) -> timedelta:
        """Return how far this clock is ahead of the real one."""
        return timedelta(seconds=self.seconds() - time.time())

    def advance(self, delta: timedelta) -> datetime:
        """Move by `delta`, call the listeners and return the new moment."""
        self._shift_seconds += delta.total_seconds()
        self._stands_at += delta.total_seconds()
        moment = self.now()
        # A copy, because a listener may add another one.
        for listener in list(self._listeners):
            listener(moment)
        return moment

    def set(self, moment: datetime) -> datetime:
        """Move to `moment`."""
        return self.advance(moment - self.now())

    def on_change(self, listener: ClockListener) -> None:
        """Call `listener` with the new moment after every move."""
        self._listeners.append(listener)
