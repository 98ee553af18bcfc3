"""The contract of the queue: what every plug of `ports.queue` keeps, by claims with fences."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from ledger.errors import ClaimLostError, NotFoundError, UnavailableError
from ports.aws import AwsAccess
from ports.queue import Delivery, InboxMessage, Job, NewJob
from storage import Database, open_database
from storage.memory.queue import MemoryQueue
from storage.sqs.api import open_api
from storage.sqs.inbox import SqsInbox
from storage.sqs.receiving import SqsReceiver
from storage.sqs.sending import BatchSender
from tests.aws import make_queue
from tests.storage.samples import CHAT, NOW, update


@dataclass
class DrainedInbox(SqsInbox):
    """An inbox behind SQS that is asked only when its messages have been moved on."""

    async def add(
        self, inbox_messages: Sequence[InboxMessage], *, now: datetime, offset: int | None = None
    ) -> int:
        await super().add(inbox_messages, now=now, offset=offset)
        receiver = SqsReceiver(self.api, self.stored, lambda: now, lambda: None)
        new = 0
        while (moved := await receiver.receive(wait_seconds=0)) is not None:
            new += moved
        return new


@dataclass(frozen=True, slots=True)
class SqsQueue:
    """A database with SQS in front of its inbox."""

    database: Database
    inbox: DrainedInbox

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # jobs, units, dead letters
        return getattr(self.database, name)


Queue = Database | MemoryQueue | SqsQueue
LEASE = 60
MINUTE = timedelta(minutes=1)


@pytest.fixture(
    params=[
        "memory",
        "sqlite_url",
        pytest.param("postgres_url", marks=pytest.mark.external),
        pytest.param("sqs", marks=pytest.mark.external),
    ]
)
def queue_url(request: pytest.FixtureRequest) -> str:
    """URL of every plug."""
    if request.param == "memory":
        return "memory:"
    if request.param == "sqs":
        return "sqs:" + str(request.getfixturevalue("sqlite_url"))
    url: str = request.getfixturevalue(request.param)
    return url


@pytest.fixture
async def queue(queue_url: str, request: pytest.FixtureRequest) -> AsyncIterator[Queue]:
    """Every plug, open."""
    if queue_url == "memory:":
        yield MemoryQueue()
        return
    if queue_url.startswith("sqs:"):
        access: AwsAccess = request.getfixturevalue("aws")
        async with (
            open_database(queue_url.removeprefix("sqs:")) as database,
            open_api(await make_queue(access), access) as api,
        ):
            yield SqsQueue(database, DrainedInbox(api, BatchSender(api), database.inbox))
        return
    async with open_database(queue_url) as database:
        yield database


async def claim(queue: Queue, *, now: datetime = NOW, partitions: int = 99) -> list[Delivery]:
    return await queue.inbox.claim(now=now, partitions=partitions, lease_seconds=LEASE)


async def claim_jobs(queue: Queue, *, now: datetime = NOW, room: int = 99) -> list[Job]:
    return await queue.jobs.claim(now=now, room=lambda _kind: room, lease_seconds=LEASE)


async def handle(queue: Queue, delivery: Delivery) -> None:
    async with queue.units.open(now=NOW, claim=delivery):
        pass


async def start(queue: Queue, *jobs: NewJob) -> None:
    async with queue.units.open(now=NOW) as unit:
        for job in jobs:
            unit.start(job)


async def add_until_stored(queue: Queue, batch: list[InboxMessage]) -> int:
    """Add as Telegram posts: what could not be stored (two with the same keys crossed) comes again."""
    while True:
        with suppress(UnavailableError):
            return await queue.inbox.add(batch, now=NOW)


def keys(deliveries: list[Delivery]) -> list[str]:
    return [delivery.inbox_message.key for delivery in deliveries]


# --- the inbox ------------------------------------------------------------------------------------


async def test_messages_come_in_order_of_arrival_and_known_keys_are_skipped(queue: Queue) -> None:
    assert await queue.inbox.add([update(5), update(3), update(5)], now=NOW) == 2
    assert await queue.inbox.add([update(3), update(4)], now=NOW) == 1
    found = await claim(queue)
    assert keys(found) == ["u5", "u3", "u4"], "a key is not an order"
    assert found[0].inbox_message == update(5)
    assert (found[0].received_at, found[0].tries) == (NOW, 0)
    assert await queue.inbox.count() == 3, "what is claimed is still to be done"


async def test_the_offset_comes_with_the_messages(queue: Queue) -> None:
    assert await queue.inbox.offset() == 0
    await queue.inbox.add([update(5)], now=NOW, offset=6)
    assert await queue.inbox.offset() == 6
    await queue.inbox.add([], now=NOW, offset=2)  # update ids may start again anywhere
    assert await queue.inbox.offset() == 2


async def test_a_partition_has_one_claim_at_a_time(queue: Queue) -> None:
    await queue.inbox.add([update(1, 10), update(2, 20), update(3, 10), update(4, 30)], now=NOW)
    first = await claim(queue, partitions=2)
    assert keys(first) == ["u1", "u2", "u3"]
    await queue.inbox.add([update(5, 10)], now=NOW)
    assert keys(await claim(queue)) == ["u4"], "of a claimed partition later messages wait as well"
    await handle(queue, first[0])
    assert await claim(queue) == []
    await handle(queue, first[2])
    assert keys(await claim(queue)) == ["u5"], "the claim is over when all of it is handled"


async def test_a_lease_that_ended_frees_the_partition_and_fences_off_its_holder(
    queue: Queue,
) -> None:
    await queue.inbox.add([update(1), update(2)], now=NOW)
    [slow, _] = await claim(queue)
    assert await claim(queue, now=NOW + MINUTE / 2) == []
    [fast, rest] = await claim(queue, now=NOW + MINUTE)
    assert fast.fence > slow.fence
    with pytest.raises(ClaimLostError):
        await handle(queue, slow)
    later = NOW + 3 * MINUTE
    await queue.inbox.failed(slow, error="x", retry_at=None, now=NOW)
    await queue.inbox.extend([slow], now=later, lease_seconds=LEASE)
    await queue.inbox.release([slow])
    assert await claim(queue, now=NOW + MINUTE) == [], "it cannot free what is not its own"
    assert await queue.dead_letters.list_all(9) == []
    await handle(queue, fast)
    with pytest.raises(ClaimLostError):
        await handle(queue, fast)
    assert keys(await claim(queue, now=NOW + 2 * MINUTE)) == [rest.inbox_message.key]


async def test_an_extended_lease_holds(queue: Queue) -> None:
    await queue.inbox.add([update(1)], now=NOW)
    [delivery] = await claim(queue)
    await queue.inbox.extend([delivery], now=NOW + MINUTE / 2, lease_seconds=LEASE)
    assert await claim(queue, now=NOW + MINUTE) == []
    await handle(queue, delivery)
    assert await queue.inbox.count() == 0


async def test_what_is_released_comes_again_at_once(queue: Queue) -> None:
    await queue.inbox.add([update(1), update(2)], now=NOW)
    [first, second] = await claim(queue)
    await handle(queue, first)
    await queue.inbox.release([second])
    assert keys(await claim(queue)) == ["u2"]


async def test_a_failed_unit_leaves_the_claim(queue: Queue) -> None:
    await queue.inbox.add([update(1)], now=NOW)
    [delivery] = await claim(queue)
    with pytest.raises(ValueError, match="handler"):
        async with queue.units.open(now=NOW, claim=delivery):
            raise ValueError("handler")
    assert await claim(queue) == []
    await handle(queue, delivery)


async def test_a_partition_waits_for_its_first_message(queue: Queue) -> None:
    await queue.inbox.add([update(1, 10), update(2, 10), update(3, 20)], now=NOW)
    [head, _, other] = await claim(queue)
    later = NOW + MINUTE / 2
    await queue.inbox.failed(head, error="ValueError worker", retry_at=later, now=NOW)
    await queue.inbox.release([other])
    assert keys(await claim(queue)) == ["u3"]
    found = await claim(queue, now=later)
    assert [(each.inbox_message.key, each.tries) for each in found] == [("u1", 1), ("u2", 0)]


async def test_a_parked_message_lets_its_partition_go_on(queue: Queue) -> None:
    await queue.inbox.add([update(1, 10), update(2, 10)], now=NOW)
    [head, second] = await claim(queue)
    await queue.inbox.failed(head, error="ValueError worker", retry_at=None, now=NOW)
    await handle(queue, second)
    assert await claim(queue) == []
    [letter] = await queue.dead_letters.list_all(10)
    assert (letter.partition, letter.kind, letter.tries, letter.at) == (10, "update", 1, NOW)
    assert letter.error == "ValueError worker"
    await queue.dead_letters.retry(letter.id, now=NOW)
    [again] = await claim(queue, now=NOW + MINUTE)
    assert again.inbox_message == update(1, 10), "its body was kept"
    assert again.tries == 0


async def test_a_handled_key_is_remembered(queue: Queue) -> None:
    await queue.inbox.add([update(1)], now=NOW)
    [delivery] = await claim(queue)
    await handle(queue, delivery)
    assert await queue.inbox.add([update(1)], now=NOW + timedelta(hours=25)) == 0
    assert await queue.inbox.count() == 0


async def test_many_workers_handle_each_message_once_and_each_partition_in_order(
    queue: Queue,
) -> None:
    """Each update in up to five deliveries at once, shuffled; four workers, some of them slow."""
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    updates = 40 if isinstance(queue, SqsQueue) else 300
    copies = [update(n, n % 7) for n in range(updates) for _ in range(chance.randint(1, 5))]
    chance.shuffle(copies)
    batches = [copies[start : start + 9] for start in range(0, len(copies), 9)]
    new = await asyncio.gather(*(add_until_stored(queue, batch) for batch in batches))
    assert sum(new) == updates
    clock = [NOW]
    handled: list[Delivery] = []

    async def work() -> None:
        while await queue.inbox.count():
            clock[0] += timedelta(seconds=1)
            now = clock[0]
            found = await queue.inbox.claim(now=now, partitions=2, lease_seconds=5)
            for delivery in found:
                await asyncio.sleep(chance.random() / 500)
                with suppress(ClaimLostError):
                    async with queue.units.open(now=NOW, claim=delivery):
                        pass
                    handled.append(delivery)
            if not found:
                await asyncio.sleep(0.001)

    async with asyncio.timeout(60):
        await asyncio.gather(*(work() for _ in range(4)))
    ids = [delivery.id for delivery in handled]
    assert len(ids) == len(set(ids)) == updates
    for partition in range(7):
        mine = [each.id for each in handled if each.inbox_message.partition == partition]
        assert mine == sorted(mine)


# --- jobs -----------------------------------------------------------------------------------------


async def test_a_jobs_key_is_taken_once(queue: Queue) -> None:
    await start(queue, NewJob("k", "read", {"n": 1}), NewJob("k", "read", {"n": 2}))
    await start(queue, NewJob("k", "read", {"n": 3}))
    [job] = await claim_jobs(queue)
    assert (job.key, job.kind, job.values, job.tries) == ("k", "read", {"n": 1}, 0)
    assert job.claimed_until == NOW + MINUTE
    assert await queue.jobs.count() == 1


async def test_no_more_jobs_are_claimed_than_can_run(queue: Queue) -> None:
    await start(queue, *(NewJob(f"r{n}", "read", {}) for n in range(5)), NewJob("d", "draw", {}))
    room = {"read": 2, "draw": 3}
    jobs = await queue.jobs.claim(now=NOW, room=lambda kind: room[kind], lease_seconds=LEASE)
    assert [job.key for job in jobs] == ["r0", "r1", "d"]
    assert [job.key for job in await claim_jobs(queue)] == ["r2", "r3", "r4"], "for others"


async def test_a_job_is_hidden_until_its_lease_ends(queue: Queue) -> None:
    later = NewJob("b", "read", {}, due_at=NOW + 3 * MINUTE)
    await start(queue, later, NewJob("a", "read", {}))

    async def names(minutes: int) -> list[str]:
        return [job.key for job in await claim_jobs(queue, now=NOW + minutes * MINUTE)]

    assert await names(0) == ["a"]
    assert await names(0) == []
    assert await names(1) == ["a"], "its holder is gone"
    [job] = await claim_jobs(queue, now=NOW + 2 * MINUTE)
    await queue.jobs.extend(job, now=NOW + 2 * MINUTE, lease_seconds=600)
    assert await names(3) == ["b"]
    assert await names(11) == ["b"]
    assert await names(12) == ["a", "b"], "due first comes first"


async def test_nothing_waits_for_a_clock_that_was_set_back(queue: Queue) -> None:
    ahead = NOW + 60 * MINUTE
    await queue.inbox.add([update(1)], now=ahead)
    [delivery] = await claim(queue, now=ahead)
    await queue.inbox.failed(delivery, error="x", retry_at=ahead + MINUTE, now=ahead)
    assert await claim(queue, now=ahead) == []
    assert await claim(queue), "it failed in the future"
    async with queue.units.open(now=ahead) as unit:
        unit.start(NewJob("fresh", "draw", {}))
        unit.start(NewJob("leased", "read", {}))
    [leased] = await queue.jobs.claim(
        now=ahead, room=lambda kind: int(kind == "read"), lease_seconds=LEASE
    )
    fresh, again = await claim_jobs(queue)
    assert (fresh.key, again.key) == ("fresh", leased.key)
    await queue.jobs.failed(again, error="x", retry_at=ahead + MINUTE, event=None, now=ahead)
    assert [job.key for job in await claim_jobs(queue)] == [leased.key], "it failed in the future"


async def test_a_claim_of_a_clock_that_was_set_back_is_over(queue: Queue) -> None:
    await queue.inbox.add([update(1)], now=NOW)
    [held] = await claim(queue, now=NOW + 60 * MINUTE)
    [again] = await claim(queue)
    assert again.id == held.id
    with pytest.raises(ClaimLostError):
        async with queue.units.open(now=NOW, claim=held):
            pass


async def test_who_lost_a_job_cannot_end_it(queue: Queue) -> None:
    await start(queue, NewJob("a", "read", {}, partition=CHAT))
    [slow] = await claim_jobs(queue)
    [fast] = await claim_jobs(queue, now=NOW + MINUTE)
    for end in (
        queue.jobs.extend(slow, now=NOW, lease_seconds=LEASE),
        queue.jobs.done(slow, event="{}", now=NOW),
        queue.jobs.failed(slow, error="x", retry_at=None, event="{}", now=NOW),
        queue.jobs.failed(slow, error="x", retry_at=NOW, event=None, now=NOW),
    ):
        with pytest.raises(ClaimLostError):
            await end
    with pytest.raises(ClaimLostError):
        async with queue.units.open(now=NOW, claim=slow) as unit:
            unit.start(NewJob("stale", "read", {}))
    assert await queue.inbox.count() == 0
    async with queue.units.open(now=NOW, claim=fast) as unit:
        unit.start(NewJob("b", "read", {}))
    await queue.jobs.done(fast, event='{"event":"receipt_read"}', now=NOW)
    assert [job.key for job in await claim_jobs(queue)] == ["b"]
    assert await queue.inbox.count() == 1


async def test_a_result_comes_back_into_the_partition_once(queue: Queue) -> None:
    await start(queue, NewJob("a", "read", {}, partition=CHAT), NewJob("b", "draw", {}))
    first, second = await claim_jobs(queue)
    await queue.jobs.done(first, event='{"event":"receipt_read"}', now=NOW)
    with pytest.raises(ClaimLostError):
        await queue.jobs.done(first, event='{"event":"receipt_read"}', now=NOW)
    await queue.jobs.done(second, event=None, now=NOW)
    assert await queue.jobs.count() == 0
    [delivery] = await claim(queue)
    assert (delivery.inbox_message.partition, delivery.inbox_message.kind) == (CHAT, "event")
    assert delivery.inbox_message.body == '{"event":"receipt_read"}'


async def test_a_job_that_fails_is_tried_again_and_parked_at_last(queue: Queue) -> None:
    await start(queue, NewJob("a", "read", {"n": 1}, partition=CHAT))
    [job] = await claim_jobs(queue)
    retry_at = NOW + MINUTE
    await queue.jobs.failed(job, error="OSError read", retry_at=retry_at, event=None, now=NOW)
    assert await claim_jobs(queue) == []
    [job] = await claim_jobs(queue, now=retry_at)
    assert job.tries == 1
    event = '{"event":"receipt_failed"}'
    await queue.jobs.failed(job, error="OSError read", retry_at=None, event=event, now=NOW)
    assert await queue.jobs.count() == 0
    [delivery] = await claim(queue)
    assert delivery.inbox_message.body == event
    [letter] = await queue.dead_letters.list_all(9)
    assert (letter.id, letter.partition, letter.kind) == (f"job:{job.id}", CHAT, "read")
    assert (letter.tries, letter.error, letter.at) == (2, "OSError read", NOW)
    await queue.dead_letters.retry(letter.id, now=NOW)
    [job] = await claim_jobs(queue, now=retry_at)
    assert (job.values, job.tries) == ({"n": 1}, 0), "it has all its tries again"
    await queue.jobs.done(job, event="{}", now=NOW)
    assert await queue.inbox.count() == 2, "a retried job may tell its partition again"


async def test_many_workers_share_jobs_without_doing_one_twice(queue: Queue) -> None:
    await start(queue, *(NewJob(f"k{number}", "read", {}) for number in range(100)))

    async def work() -> list[int]:
        mine = []
        while jobs := await claim_jobs(queue, room=3):
            mine += [job.id for job in jobs]
        return mine

    shares = await asyncio.gather(*(work() for _ in range(8)))
    claimed = [job for share in shares for job in share]
    assert len(claimed) == len(set(claimed)) == 100


async def test_a_dropped_dead_letter_is_gone(queue: Queue) -> None:
    await start(queue, NewJob("a", "read", {}))
    [job] = await claim_jobs(queue)
    await queue.jobs.failed(job, error="x", retry_at=None, event=None, now=NOW)
    [letter] = await queue.dead_letters.list_all(9)
    await queue.dead_letters.drop(letter.id)
    assert await queue.dead_letters.list_all(9) == []
    for wrong in (letter.id, "inbox:1", "job:x", "job:²", "", "outbox:1", "job:1; DROP TABLE jobs"):
        with pytest.raises(NotFoundError):
            await queue.dead_letters.drop(wrong)
        with pytest.raises(NotFoundError):
            await queue.dead_letters.retry(wrong, now=NOW)
