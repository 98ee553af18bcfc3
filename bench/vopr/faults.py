"""Draw the faults of a seed: which kinds it has, how often each hits, and which outages last a while."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from bench.vopr.trace import Trace

RATES: Mapping[str, float] = MappingProxyType(
    {
        # of statements
        "database_busy": 0.001,
        "database_full": 0.0005,
        "database_io": 0.0003,
        # of commits
        "commit_failed": 0.01,
        "commit_unheard": 0.004,
        # of calls to Telegram
        "telegram_unreached": 0.02,
        "telegram_5xx": 0.02,
        "telegram_429": 0.01,
        "telegram_slow": 0.02,
        "telegram_answer_lost": 0.02,
        # of pages of updates
        "update_doubled": 0.1,
        "update_shuffled": 0.1,
        # of calls to the store of files
        "store_failed": 0.1,
        "store_answer_lost": 0.05,
        "store_slow": 0.05,
        # of calls to the queue
        "queue_failed": 0.03,
        "queue_answer_lost": 0.03,
        "queue_doubled": 0.03,
        "queue_slow": 0.03,
        # of readings
        "reader_failed": 0.1,
        "reader_slow": 0.1,
        "reader_garbage": 0.1,
        # of files that a child process opens or draws
        "child_failed": 0.1,
        "child_slow": 0.05,
        # of questions to a model
        "model_failed": 0.2,
        "model_slow": 0.2,
        "model_garbage": 0.2,
    }
)
"""The share of occasions at which each kind hits in a seed of middling luck."""
OUTAGES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "telegram": ("telegram_unreached",),
        "disk full": ("database_full",),
        "database": ("database_busy",),
        "store": ("store_failed",),
        "queue": ("queue_failed",),
        "readers": ("reader_failed", "child_failed", "model_failed"),
    }
)
"""Kinds that hit nearly always while an outage lasts."""
OUTAGE_SHARE = 0.9
FACTORS = (0.0, 0.3, 1.0, 1.0, 3.0)
"""A seed leaves some kinds out and has more of others, which finds more than an even mixture does
(swarm testing; Groce and others, 2012)."""


@dataclass
class Faults:
    """Decides at each occasion, and counts what it did."""

    dice: random.Random
    trace: Trace
    is_on: bool = True
    counts: Counter[str] = field(default_factory=Counter)
    rates: dict[str, float] = field(init=False)
    outage: str = ""

    def __post_init__(self) -> None:
        self.rates = {kind: rate * self.dice.choice(FACTORS) for kind, rate in RATES.items()}

    def hits(self, kind: str) -> bool:
        """Return whether a fault of this kind hits now."""
        if not self.is_on:
            return False
        rate = OUTAGE_SHARE if kind in OUTAGES.get(self.outage, ()) else self.rates[kind]
        if self.dice.random() >= rate:
            return False
        self.note(kind)
        return True

    def note(self, kind: str) -> None:
        """Count a fault."""
        self.counts[kind] += 1
        self.trace.note("fault", kind)
