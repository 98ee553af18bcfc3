"""The rows and benches of each tier, with their sizes.

`commit` is what a person tries before a change, in minutes; the suite runs shorter forms of its own.
`nightly` takes some hours and `release` most of a day, on two cores.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bench.faults.rows.table import ROWS

Tier = Literal["commit", "nightly", "release"]
TIERS: tuple[Tier, ...] = ("commit", "nightly", "release")


@dataclass(frozen=True, slots=True)
class Bench:
    """A bench of its own: what it shows, and how it is called in each tier where it is run."""

    rows: tuple[str, ...]
    """Rows of docs/faults.md."""
    calls: Mapping[Tier, str]
    """Module and options; `{seed}` is the seed of the run."""

    def command(self, tier: Tier, seed: int) -> list[str]:
        """Return the command of a tier; empty where it is not run."""
        call = self.calls.get(tier, "").format(seed=seed)
        return [sys.executable, "-m", *call.split()] if call else []


KILLS: Mapping[Tier, int] = {"commit": 10, "nightly": 200, "release": 1000}
"""Rounds of every row of `bench.faults`."""
COMMIT_ROWS = ("killed", "killed_webhook", "fail_points", "stopped", "pressed_twice", "power_cut")
SERVER_ROWS = ("killed", "killed_webhook", "database_away", "pushed", "shared", "roles", "stopped")
"""Rows that are tried on PostgreSQL, too."""


def rows_of(tier: Tier, database: str) -> list[str]:
    """Return the rows of `bench.faults` that a tier tries on a database."""
    if tier == "commit":
        return list(COMMIT_ROWS) if database == "sqlite" else []
    if database == "sqlite":
        return [name for name in ROWS if name not in {"database_away", "shared", "roles"}]
    return list(SERVER_ROWS)


BENCHES = (
    Bench(
        ("F15", "F01", "F10", "S08"),
        {
            "commit": "bench.vopr --seeds 5 --seed {seed}",
            "nightly": "bench.vopr --seeds 50 --seed {seed}",
            "release": "bench.vopr --seeds 200 --seed {seed}",
        },
    ),
    Bench(
        ("D09", "S06", "S08", "M03", "M05"),
        {
            "commit": "bench.walks --walks 100 --seed {seed}",
            "nightly": "bench.walks --walks 3000 --seed {seed}",
            "release": "bench.walks --walks 10000 --seed {seed}",
        },
    ),
    Bench(
        ("L04", "L01"),
        {
            "nightly": "bench.growth endurance --per-second 5 --scale 2 --seed {seed}",
            "release": "bench.growth endurance --per-second 5 --scale 48 --seed {seed}",
        },
    ),
    Bench(("L01",), {"nightly": "bench.growth endurance --seed {seed}"}),
    Bench(("L02",), {"nightly": "bench.growth acknowledging"}),
    Bench(("L03",), {"nightly": "bench.growth neighbours"}),
    Bench(("S07",), {"nightly": "bench.growth summaries"}),
    Bench(("L08",), {"nightly": "bench.figures --rows 1000000 --one-ledger"}),
    Bench(
        ("I02",),
        {
            "commit": "bench.text.fuzz --count 50000 --seed {seed}",
            "nightly": "bench.text.fuzz --count 1000000 --seed {seed}",
        },
    ),
    Bench(
        ("I10",),
        {
            "nightly": "bench.fuzzing --examples 1000 --seed {seed}",
            "release": "bench.fuzzing --examples 10000 --seed {seed}",
        },
    ),
    Bench(("U01",), {"nightly": "bench.upgrade --entries 100000"}),
    Bench(("U03",), {"release": "bench.growth upgrading --seed {seed}"}),
    Bench(("M04",), {"nightly": "bench.growth checking"}),
    Bench(("C06",), {"release": "bench.container --photo"}),
)
