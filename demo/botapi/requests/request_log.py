"""Log the bot's requests, as counts of all and the latest 5,000 in full."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

_KEPT_MAX = 5000


@dataclass(frozen=True, slots=True)
class Request:
    """A request of the bot.

    Attributes:
        status: HTTP status; 0 when a fault withheld the answer.
        at: Seconds since 1970 by the demo's clock.
        unknown: Parameter names that the method does not have.
    """

    method: str
    chat_id: int
    values: dict[str, Any]
    status: int
    description: str
    at: float
    unknown: tuple[str, ...] = ()


@dataclass(slots=True)
class RequestLog:
    """Holds counts of all requests, and the latest ones."""

    requests: deque[Request] = field(default_factory=lambda: deque(maxlen=_KEPT_MAX))
    counts: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)

    def add(self, request: Request) -> None:
        """Record a request."""
        self.requests.append(request)
        self.counts[request.method] += 1
        self.statuses[request.status] += 1
        if request.status >= 400:  # noqa: PLR2004 - HTTP: refused
            self.refusals[f"{request.method}: {request.description}"] += 1

    def clear(self) -> None:
        """Drop all records."""
        self.requests.clear()
        self.counts.clear()
        self.statuses.clear()
        self.refusals.clear()
