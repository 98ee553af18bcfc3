"""Jobs: taken by one, given back by time, ended with an event."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from ledger.errors import NotFoundError
from ports.queue import NewJob
from storage import Database
from tests.storage.samples import CHAT, NOW

NOBODY: frozenset[int] = frozenset()
MINUTE = timedelta(minutes=1)


async def start(database: Database, *jobs: NewJob) -> None:
    async with database.units.open(now=NOW) as unit:
        for job in jobs:
            unit.start(job)


async def test_a_key_is_taken_once(database: Database) -> None:
    await start(database, NewJob("k", "read", {"n": 1}), NewJob("k", "read", {"n": 2}))
    await start(database, NewJob("k", "read", {"n": 3}))
    [job] = await database.jobs.take(now=NOW, limit=9, lease_seconds=60)
    assert (job.key, job.kind, job.values, job.tries) == ("k", "read", {"n": 1}, 0)
    assert job.taken_until == NOW + MINUTE
    assert await database.jobs.count() == 1


async def test_a_job_is_hidden_until_its_lease_ends(database: Database) -> None:
    later = NewJob("b", "read", {}, due_at=NOW + 3 * MINUTE)
    await start(database, later, NewJob("a", "read", {}))

    async def take(minutes: int) -> list[str]:
        at = NOW + minutes * MINUTE
        return [job.key for job in await database.jobs.take(now=at, limit=9, lease_seconds=60)]

    assert await take(0) == ["a"]
    assert await take(0) == []
    assert await take(1) == ["a"], "whoever had it is gone"
    [job] = await database.jobs.take(now=NOW + 2 * MINUTE, limit=9, lease_seconds=60)
    await database.jobs.extend(job, now=NOW + 2 * MINUTE, lease_seconds=600)
    assert await take(3) == ["b"]
    assert await take(11) == ["b"]
    assert await take(12) == ["a", "b"], "due first comes first"


async def test_a_result_comes_back_into_the_lane_once(database: Database) -> None:
    await start(database, NewJob("a", "read", {}, lane=CHAT), NewJob("b", "draw", {}))
    first, second = await database.jobs.take(now=NOW, limit=9, lease_seconds=60)
    for _ in range(2):  # two workers did it: the lease had ended in between
        await database.jobs.done(first, event='{"event":"receipt_read"}', now=NOW)
    await database.jobs.done(second, event=None, now=NOW)
    assert await database.jobs.count() == 0
    [delivery] = await database.inbox.pending(now=NOW, limit=9, skip=NOBODY)
    assert (delivery.inbox_message.lane, delivery.inbox_message.kind) == (CHAT, "event")
    assert delivery.inbox_message.body == '{"event":"receipt_read"}'


async def test_a_job_that_fails_is_tried_again_and_parked_at_last(database: Database) -> None:
    await start(database, NewJob("a", "read", {"n": 1}, lane=CHAT))
    [job] = await database.jobs.take(now=NOW, limit=9, lease_seconds=60)
    retry_at = NOW + MINUTE
    await database.jobs.failed(job, error="OSError read", retry_at=retry_at, event=None, now=NOW)
    assert await database.jobs.take(now=NOW, limit=9, lease_seconds=60) == []
    [job] = await database.jobs.take(now=retry_at, limit=9, lease_seconds=60)
    assert job.tries == 1
    event = '{"event":"receipt_failed"}'
    await database.jobs.failed(job, error="OSError read", retry_at=None, event=event, now=NOW)
    assert await database.jobs.count() == 0
    [delivery] = await database.inbox.pending(now=NOW, limit=9, skip=NOBODY)
    assert delivery.inbox_message.body == event
    [letter] = await database.dead_letters.list_all(9)
    assert (letter.id, letter.lane, letter.kind) == (f"job:{job.id}", CHAT, "read")
    assert (letter.tries, letter.error, letter.at) == (2, "OSError read", NOW)
    await database.dead_letters.retry(letter.id, now=NOW)
    [job] = await database.jobs.take(now=NOW, limit=9, lease_seconds=60)
    assert job.values == {"n": 1}
    await database.jobs.done(job, event="{}", now=NOW)
    assert await database.inbox.count() == 2, "a retried job may tell its lane again"


async def test_many_workers_share_jobs_without_doing_one_twice(database: Database) -> None:
    await start(database, *(NewJob(f"k{number}", "read", {}) for number in range(100)))

    async def work() -> list[int]:
        mine = []
        while jobs := await database.jobs.take(now=NOW, limit=3, lease_seconds=60):
            mine += [job.id for job in jobs]
        return mine

    shares = await asyncio.gather(*(work() for _ in range(8)))
    taken = [job for share in shares for job in share]
    assert sorted(taken) == sorted(set(taken))
    assert len(taken) == 100


async def test_a_dropped_dead_letter_is_gone(database: Database) -> None:
    await start(database, NewJob("a", "read", {}))
    [job] = await database.jobs.take(now=NOW, limit=9, lease_seconds=60)
    await database.jobs.failed(job, error="x", retry_at=None, event=None, now=NOW)
    [letter] = await database.dead_letters.list_all(9)
    await database.dead_letters.drop(letter.id)
    assert await database.dead_letters.list_all(9) == []
    for wrong in (letter.id, "inbox:1", "job:x", "job:²", "", "outbox:1", "job:1; DROP TABLE jobs"):
        with pytest.raises(NotFoundError):
            await database.dead_letters.drop(wrong)
        with pytest.raises(NotFoundError):
            await database.dead_letters.retry(wrong, now=NOW)
