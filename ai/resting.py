"""A rest for a provider that fails: nobody waits for what was just found to be down.

After some failures in a row the provider is left alone for a while; then one call tries it again.
Without this, a hundred photos would each wait for the same time-out, one after another.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from ledger.errors import UnavailableError

FAILURES_MAX = 3
REST_SECONDS = 60.0
LONG_REST_SECONDS = 600.0
"""After a refusal that waiting does not cure soon: a wrong key, no quota left."""


@dataclass(slots=True)
class Rest:
    """Counts failures in a row. `monotonic` is a clock of seconds."""

    monotonic: Callable[[], float] = time.monotonic
    failures: int = 0
    until: float = 0.0

    @property
    def seconds(self) -> float:
        """How long the next rest is: twice as long for every failure more, up to a limit."""
        doublings = min(self.failures - FAILURES_MAX, 8)
        return min(LONG_REST_SECONDS, REST_SECONDS * 2.0**doublings)

    @property
    def is_resting(self) -> bool:
        """Whether a call would be refused now; asking is no call."""
        return self.monotonic() < self.until

    def require_awake(self) -> None:
        """Raise `UnavailableError` while the provider rests; let one call at a time try after."""
        now = self.monotonic()
        if now < self.until:
            raise UnavailableError("ai_resting")
        if self.failures >= FAILURES_MAX:
            self.until = now + self.seconds

    def succeeded(self) -> None:
        """Note an answer."""
        self.failures, self.until = 0, 0.0

    def failed(self, *, hopeless: bool = False) -> None:
        """Note a failure; a hopeless one needs no second to be believed."""
        self.failures += 1
        if hopeless:
            self.failures = max(self.failures, FAILURES_MAX)
        if self.failures >= FAILURES_MAX:
            seconds = LONG_REST_SECONDS if hopeless else self.seconds
            self.until = max(self.until, self.monotonic() + seconds)
