"""Limit how often something happens for each key, by buckets that refill steadily.

A bucket is kept as the one moment at which it will be full again (the generic cell rate algorithm).
Buckets are in memory, so a second process has its own. Moments are seconds of any clock.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass, field

KEYS_MAX = 10_000
"""Buckets of one limit; the one that was used longest ago makes room."""
BACK_SECONDS_MAX = 60.0
"""Moments of several threads may come a little out of order; more is a clock that was set back."""


@dataclass(frozen=True, slots=True)
class Policy:
    """A limit, which lets a quota through at once, and over time the quota in each window."""

    name: str
    quota: int
    window_seconds: float

    @property
    def interval(self) -> float:
        """Return the seconds in which one is given back."""
        return self.window_seconds / self.quota


@dataclass(frozen=True, slots=True)
class Taken:
    """The outcome of one request under a policy."""

    policy: Policy
    remaining: int
    reset_seconds: int
    wait_seconds: int = 0
    """Seconds until a refused request may be repeated; 0 where it was let in."""


@dataclass(slots=True)
class Buckets:
    """The buckets of one policy."""

    policy: Policy
    _full_at: OrderedDict[object, float] = field(default_factory=OrderedDict)
    """By key, the moment when its bucket is full again; the latest used last."""
    _latest: float = -math.inf

    def take(self, key: object, moment: float) -> Taken:
        """Take one from the bucket of a key at a moment in seconds, or tell how long to wait."""
        self._follow(moment)
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

    def lets_in(self, key: object, moment: float) -> bool:
        """Take one as `take` does, without its figures, which cost more than the counting."""
        self._follow(moment)
        full_at = self._full_at.pop(key, moment)
        policy = self.policy
        more = (max(moment, full_at)) + policy.interval
        is_let_in = more - moment - policy.window_seconds <= policy.interval / 1000
        self._keep(key, more if is_let_in else full_at)
        return is_let_in

    def reserve(self, key: object, moment: float) -> float:
        """Take one from the bucket of a key ahead of time; return the seconds to wait for it."""
        self._follow(moment)
        policy = self.policy
        full_at = max(self._full_at.pop(key, moment), moment) + policy.interval
        self._keep(key, full_at)
        return max(0.0, full_at - moment - policy.window_seconds)

    def _follow(self, moment: float) -> None:
        """Begin again when the clock was set back, as full buckets would else lie in its future."""
        if moment < self._latest - BACK_SECONDS_MAX:
            self._full_at.clear()
            self._latest = moment
        self._latest = max(self._latest, moment)

    def _keep(self, key: object, full_at: float) -> None:
        self._full_at[key] = full_at
        if len(self._full_at) > KEYS_MAX:
            self._full_at.popitem(last=False)
