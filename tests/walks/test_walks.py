"""Random walks of everything that changes a ledger, on both databases (rows D09, S06, S08, M03).

After every step ledger, sums, budgets, alerts and cards are compared with the model. The seed is
printed; more walks run with `KVITTO_WALKS=100`, and `KVITTO_WALK_SEED=…` repeats one. Many run with
`python -m bench.walks`.
"""

from __future__ import annotations

import os
import random
from pathlib import Path

from storage import Database
from tests.walks.running import open_walks

WALKS = int(os.environ.get("KVITTO_WALKS", "8"))
SEED = int(os.environ.get("KVITTO_WALK_SEED", "0")) or random.randrange(1, 1_000_000)


async def test_the_bot_follows_whatever_people_do(database: Database, tmp_path: Path) -> None:
    async with open_walks(database, tmp_path) as walks:
        for seed in range(SEED, SEED + WALKS):
            print(f"KVITTO_WALK_SEED={seed}")
            await walks.walk(seed)
        await walks.check()
