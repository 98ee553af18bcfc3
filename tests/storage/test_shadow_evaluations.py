"""The counts of two models are kept over both databases, added up over processes."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from ports.shadow import ShadowCounts, ShadowEvaluation, Tally
from storage import Database
from tests.storage.samples import NOW

CONTEST = ShadowEvaluation("aaa", "bbb")
ONE = Tally(1, 1, 1, 0, 0, 1)


async def test_nothing_counted_is_no_contest(database: Database) -> None:
    assert await database.tallies.find(CONTEST) is None


async def test_counts_add_up_from_the_first_day_on(database: Database) -> None:
    await database.tallies.add(CONTEST, ONE, now=NOW)
    later = NOW + timedelta(days=3)
    await asyncio.gather(*(database.tallies.add(CONTEST, ONE, now=later) for _ in range(9)))
    assert await database.tallies.find(CONTEST) == ShadowCounts(Tally(10, 10, 10, 0, 0, 10), NOW)


async def test_another_challenger_begins_anew(database: Database) -> None:
    await database.tallies.add(CONTEST, ONE, now=NOW)
    assert await database.tallies.find(ShadowEvaluation("aaa", "ccc")) is None
    assert await database.tallies.find(ShadowEvaluation("bbb", "aaa")) is None
