"""Enforce Telegram's rate limits, as far as they are known.

The exact limits are not public (Bots FAQ): about 30 a second overall, one a second and chat with
short bursts passing, 20 a minute and group. Each limit is a bucket that refills. An empty bucket
answers 429 and closes the chat until the stated time has passed, in real seconds, not by the demo's
clock.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field

from demo.botapi.errors import ApiError, too_many_requests


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits to enforce; `retry_after_seconds` replaces the computed wait where it is set."""

    overall_per_second: float = 30
    chat_per_second: float = 1
    chat_burst: int = 5
    group_per_minute: float = 20
    retry_after_seconds: int | None = None
    are_edits_counted: bool = False


@dataclass(slots=True)
class _Bucket:
    capacity: float
    per_second: float
    level: float
    at: float

    def wait_seconds(self, now: float) -> float:
        """Refill and return the seconds until the next message fits."""
        self.level = min(self.capacity, self.level + (now - self.at) * self.per_second)
        self.at = now
        return 0.0 if self.level >= 1 else (1 - self.level) / self.per_second


@dataclass(slots=True)
class RateLimiter:
    """Counts messages against limits."""

    limits: Limits
    refused_count: int = 0
    too_early_count: int = 0
    _overall: _Bucket | None = None
    _buckets: dict[int, list[_Bucket]] = field(default_factory=dict)
    _closed_until: dict[int, float] = field(default_factory=dict)

    def count(self, chat_id: int, *, is_group: bool, messages: int = 1) -> None:
        """Count messages that are sent to a chat.

        Raises:
            ApiError: 429, because a bucket is empty or the chat still closed.
        """
        now = time.monotonic()
        # A request during the wait is refused again, even if the bucket has refilled meanwhile.
        closed_for = self._closed_until.get(chat_id, 0.0) - now
        if closed_for > 0:
            self.too_early_count += 1
            raise self._refuse(closed_for)
        buckets = self._buckets_of(chat_id, is_group=is_group, now=now)
        wait = max(bucket.wait_seconds(now) for bucket in buckets)
        if wait > 0:
            wait = float(self.limits.retry_after_seconds or wait)
            self._closed_until[chat_id] = now + math.ceil(wait)
            raise self._refuse(wait)
        for bucket in buckets:
            # An album may take a bucket below zero, as it is refused or let through as a whole.
            bucket.level -= messages

    def _buckets_of(self, chat_id: int, *, is_group: bool, now: float) -> list[_Bucket]:
        limits = self.limits
        if self._overall is None:
            # A tenth more than promised: jitter on the way must not make a punctual sender late.
            most = limits.overall_per_second * 1.1
            self._overall = _Bucket(most, limits.overall_per_second, most, now)
        own = self._buckets.get(chat_id)
        if own is None:
            burst = float(limits.chat_burst)
            own = [_Bucket(burst, limits.chat_per_second, burst, now)]
            if is_group:
                a_minute = limits.group_per_minute
                own.append(_Bucket(a_minute, a_minute / 60, a_minute, now))
            self._buckets[chat_id] = own
        return [self._overall, *own]

    def _refuse(self, wait_seconds: float) -> ApiError:
        self.refused_count += 1
        return too_many_requests(max(1, math.ceil(wait_seconds)))
