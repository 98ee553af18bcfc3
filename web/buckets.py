"""Limit how often something happens for each key, by buckets that refill steadily.

A bucket is kept as the one moment at which it will be full again (the generic cell rate algorithm).
Buckets are in memory, so a second process has its own.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from dataclasses import dataclass, field

KEYS_MAX = 10_000
"""Buckets of one limit; the one that was used longest ago makes room."""


@dataclass(frozen=True, slots=True)
class Policy:
    """A limit: at once as many requests as the quota, and over time the quota each window."""

    name: str
    quota: int
    window_seconds: float

    @property
    def interval(self) -> float:
        """Return the seconds in which one request is given back."""
        return self.window_seconds / self.quota


BY_CALLER = Policy("caller", quota=600, window_seconds=6)
"""A busy page asks ten times a second; a program that loads a ledger stays below a hundred."""
BY_ADDRESS = Policy("address", quota=3000, window_seconds=10)
"""Higher, because a household, an office or a proxy is one address."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The outcome of a request under a policy."""

    policy: Policy
    remaining: int
    reset_seconds: int
    wait_seconds: int = 0
    """Seconds until a refused request may be repeated; 0 where it was let in."""

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers that tell a caller."""
        policy = self.policy
        return {
            "RateLimit-Policy": f'"{policy.name}";q={policy.quota};w={policy.window_seconds:g}',
            "RateLimit": f'"{policy.name}";r={self.remaining};t={self.reset_seconds}',
        }


@dataclass(slots=True)
class Buckets:
    """The buckets of one policy."""

    policy: Policy
    _full_at: OrderedDict[object, float] = field(default_factory=OrderedDict)
    """By key, the moment when its bucket is full again; the latest used last."""

    def take(self, key: object, now: float | None = None) -> Taken:
        """Take one request from the bucket of a key."""
        moment = time.monotonic() if now is None else now
        policy = self.policy
        full_at = max(self._full_at.pop(key, moment), moment) + policy.interval
        over = full_at - moment - policy.window_seconds
        # A tolerance, because sums of intervals are not exact.
        if over > policy.interval / 1000:
            self._keep(key, full_at - policy.interval)
            wait = max(1, math.ceil(over))
            return Taken(policy, 0, math.ceil(policy.window_seconds), wait)
        self._keep(key, full_at)
        left = (policy.window_seconds - (full_at - moment)) / policy.interval
        return Taken(policy, max(0, math.floor(left + 0.5)), math.ceil(full_at - moment))

    def _keep(self, key: object, full_at: float) -> None:
        self._full_at[key] = full_at
        if len(self._full_at) > KEYS_MAX:
            self._full_at.popitem(last=False)


@dataclass(slots=True)
class Limits:
    """The limits of one process."""

    by_caller: Buckets = field(default_factory=lambda: Buckets(BY_CALLER))
    by_address: Buckets = field(default_factory=lambda: Buckets(BY_ADDRESS))
