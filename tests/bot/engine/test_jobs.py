"""Jobs: leases, retries, what is left when a job fails for good."""

from __future__ import annotations

import asyncio

import orjson
from sqlalchemy import text

from bot.engine.jobs import LEASE_SECONDS, Runner
from bot.ops.clock import utc_now
from demo.server import DemoServer
from ports.jobs import FindAdmins, load_job
from ports.queue import Delivery, Job, NewJob
from ports.units import UnitOfWork
from storage import Database
from tests.bot.parts import drained, echo_of, open_parts


async def start_job(delivery: Delivery, unit: UnitOfWork) -> None:
    """Start a job for a message, tell an event's content."""
    body = orjson.loads(delivery.inbox_message.body)
    partition = delivery.inbox_message.partition
    if delivery.inbox_message.kind == "event":
        unit.send(
            echo_of(delivery, partition, body["event"] + " " + str(body.get("reference", "")))
        )
    else:
        unit.start(
            NewJob(f"job:{delivery.inbox_message.key}", "work", {"n": 1}, partition=partition)
        )


async def test_a_jobs_result_comes_back_into_its_partition(
    demo: DemoServer, database: Database
) -> None:
    async def run(job: Job) -> str:
        return orjson.dumps({"event": "finished", "n": job.values["n"]}).decode()

    sim = demo.simulation
    chat = sim.private_chat(sim.add_user("Ann"))
    async with open_parts(demo, database, start_job, runners={"work": Runner(run)}):
        sim.say(sim.user(chat.id), chat, "go")
        (answer,) = await sim.answers(chat)
        await drained(database)
    assert answer.text.startswith("echo finished")


async def test_a_job_that_fails_is_tried_again(demo: DemoServer, database: Database) -> None:
    tries = []

    async def run(job: Job) -> str:
        tries.append(job.tries)
        if len(tries) < 3:
            raise OSError
        return '{"event": "finished"}'

    sim = demo.simulation
    chat = sim.private_chat(sim.add_user("Ann"))
    runners = {"work": Runner(run)}
    async with open_parts(demo, database, start_job, runners=runners, backoff=lambda _: 0.01):
        sim.say(sim.user(chat.id), chat, "go")
        await sim.answers(chat)
    assert tries == [0, 1, 2]


async def test_a_job_that_fails_for_good_is_parked_and_told(
    demo: DemoServer, database: Database
) -> None:
    gave_up = []

    async def run(job: Job) -> str | None:
        raise ValueError("4.50")

    async def give_up(job: Job) -> None:
        gave_up.append(job.key)

    sim = demo.simulation
    chat = sim.private_chat(sim.add_user("Ann"))

    def failed(job: Job, reference: str) -> str:
        return orjson.dumps({"event": "work_failed", "reference": reference}).decode()

    runners = {"work": Runner(run, tries_max=2, failed=failed, give_up=give_up)}
    async with open_parts(demo, database, start_job, runners=runners, backoff=lambda _: 0.01):
        sim.say(sim.user(chat.id), chat, "go")
        (told,) = await sim.answers(chat)
    (letter,) = await database.dead_letters.list_all(10)
    reference = told.text.removeprefix("echo work_failed ")
    assert letter.error.startswith(reference)
    assert "4.50" not in letter.error
    assert len(gave_up) == 1


async def test_a_job_under_way_at_a_stop_is_done_after_the_start(
    demo: DemoServer, database: Database
) -> None:
    began = asyncio.Event()

    async def hang(job: Job) -> str:
        began.set()
        await asyncio.sleep(60)
        return ""

    async def run(job: Job) -> str:
        return '{"event": "finished"}'

    sim = demo.simulation
    chat = sim.private_chat(sim.add_user("Ann"))
    async with open_parts(demo, database, start_job, runners={"work": Runner(hang)}):
        sim.say(sim.user(chat.id), chat, "go")
        await asyncio.wait_for(began.wait(), 60)
    async with open_parts(demo, database, start_job, runners={"work": Runner(run)}):
        # Given back at the stop, not only when its lease ends.
        await sim.answers(chat, timeout=LEASE_SECONDS - 5)


async def test_a_job_too_slow_is_a_failure(demo: DemoServer, database: Database) -> None:
    async def run(job: Job) -> str:
        if job.tries == 0:
            await asyncio.sleep(60)
        return '{"event": "finished"}'

    sim = demo.simulation
    chat = sim.private_chat(sim.add_user("Ann"))
    runners = {"work": Runner(run, timeout_seconds=0.1)}
    async with open_parts(demo, database, start_job, runners=runners, backoff=lambda _: 0.01):
        sim.say(sim.user(chat.id), chat, "go")
        await sim.answers(chat)


async def test_only_so_many_of_a_kind_run_side_by_side(
    demo: DemoServer, database: Database
) -> None:
    running, most = 0, 0

    async def run(job: Job) -> str:
        nonlocal running, most
        running += 1
        most = max(most, running)
        for _ in range(250):
            # A busy machine starts the second one late.
            await asyncio.sleep(0.02)
            if most > 1:
                break
        running -= 1
        return '{"event": "finished"}'

    sim = demo.simulation
    chat = sim.private_chat(sim.add_user("Ann"))
    async with open_parts(demo, database, start_job, runners={"work": Runner(run, parallel=2)}):
        for _ in range(10):
            sim.say(sim.user(chat.id), chat, "go")
        await sim.until(lambda: len(sim.sent(chat)) == 10)
    assert most == 2


async def test_a_job_of_an_unknown_kind_is_put_off_for_a_newer_release_and_parked_at_last(
    demo: DemoServer, database: Database
) -> None:
    async def run(job: Job) -> str:
        return '{"event": "finished"}'

    async def change(statement: str) -> int:
        return await database.backend.write(lambda c: c.execute(text(statement)).rowcount)

    sim = demo.simulation
    chat = sim.private_chat(sim.add_user("Ann"))
    async with open_parts(demo, database, start_job, runners={"work": Runner(run)}):
        async with database.units.open(now=utc_now()) as unit:
            unit.start(NewJob("later", "of_a_newer_release", {"n": 1}))
        sim.say(sim.user(chat.id), chat, "go")
        await sim.answers(chat)
        again = "UPDATE jobs SET tries = 4, due_at = received.at, claimed_until = NULL "
        again += "FROM (SELECT min(received_at) AS at FROM inbox) AS received "
        again += "WHERE state = 'pending' AND tries = 1"
        async with asyncio.timeout(60):
            while not await change(again):  # noqa: ASYNC110  # rows have no event
                await asyncio.sleep(0.02)
        await drained(database)
    (letter,) = await database.dead_letters.list_all(10)
    assert (letter.kind, letter.tries) == ("of_a_newer_release", 5)


async def test_a_job_whose_values_do_not_fit_is_parked_without_quoting_them(
    demo: DemoServer, database: Database
) -> None:
    async def run(job: Job) -> str:
        load_job(FindAdmins, job.values, job.partition)
        return ""

    async with open_parts(demo, database, start_job, runners={"admins": Runner(run)}):
        async with database.units.open(now=utc_now()) as unit:
            unit.start(NewJob("k", "admins", {"chat_id": "a secret text"}))
        async with asyncio.timeout(60):
            while not await database.dead_letters.list_all(10):  # noqa: ASYNC110  # no event for it
                await asyncio.sleep(0.02)
    (letter,) = await database.dead_letters.list_all(10)
    assert letter.tries == 1
    assert "secret" not in letter.error
