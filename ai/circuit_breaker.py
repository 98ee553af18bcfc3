"""Break the circuit to a provider that fails, so that callers do not wait for it in vain.

After some failures in a row the breaker opens and refuses calls for a while; then it lets one call
at a time through as a trial. Without it a hundred photos would each wait for the same time-out.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from ledger.errors import UnavailableError

FAILURES_MAX = 3
OPEN_SECONDS = 60.0
LONG_OPEN_SECONDS = 600.0
"""For a refusal that waiting does not cure soon: a wrong key, no quota left."""
_DOUBLINGS_MAX = 8


@dataclass(slots=True)
class CircuitBreaker:
    """Counts failures in a row. `monotonic` is a clock of seconds."""

    monotonic: Callable[[], float] = time.monotonic
    failures: int = 0
    open_until: float = 0.0

    @property
    def seconds(self) -> float:
        """Return the seconds that the breaker opens for next, doubled by each failure, bounded."""
        doublings = min(self.failures - FAILURES_MAX, _DOUBLINGS_MAX)
        return min(LONG_OPEN_SECONDS, OPEN_SECONDS * 2.0**doublings)

    @property
    def is_open(self) -> bool:
        """Return whether a call would be refused now, without making the trial call."""
        return self.monotonic() < self.open_until

    def require_closed(self) -> None:
        """Let a call through, one at a time as trials after a time of being open.

        Raises:
            UnavailableError: the breaker is open (`ai_resting`).
        """
        now = self.monotonic()
        if now < self.open_until:
            raise UnavailableError("ai_resting")
        if self.failures >= FAILURES_MAX:
            # Opened again before the trial, so that parallel callers do not all try.
            self.open_until = now + self.seconds

    def record_success(self) -> None:
        """Close the breaker after an answer."""
        self.failures, self.open_until = 0, 0.0

    def record_failure(self, *, permanent: bool = False) -> None:
        """Count a failure; a permanent one opens the breaker at once and for longer."""
        self.failures += 1
        if permanent:
            self.failures = max(self.failures, FAILURES_MAX)
        if self.failures >= FAILURES_MAX:
            seconds = LONG_OPEN_SECONDS if permanent else self.seconds
            self.open_until = max(self.open_until, self.monotonic() + seconds)
