"""Count refused logins by address, so that guessing is answered by 429.

A right proof is always taken, whatever was refused before: many people may share an address, and
256 random bits are not found by guessing. The limit spares the log and tells a broken program to
stop.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, field

FAILURES_MAX = 20
"""Refused logins of one address in a window."""
WINDOW_SECONDS = 300.0
ADDRESSES_MAX = 10_000
"""Addresses that are remembered; the one that failed longest ago makes room."""


@dataclass(slots=True)
class Failures:
    """The refused logins of each address in its window."""

    _windows: OrderedDict[str, tuple[float, int]] = field(default_factory=OrderedDict)
    """By address: the start of the window and the count, the latest failure last."""

    def count(self, address: str, now: float | None = None) -> int:
        """Count a refused login; return the seconds to wait where there were too many, else 0."""
        moment = time.monotonic() if now is None else now
        start, failed = self._windows.pop(address, (moment, 0))
        if moment - start >= WINDOW_SECONDS:
            start, failed = moment, 0
        self._windows[address] = (start, failed + 1)
        if len(self._windows) > ADDRESSES_MAX:
            self._windows.popitem(last=False)
        return 0 if failed < FAILURES_MAX else max(1, round(start + WINDOW_SECONDS - moment))
