"""The parts of the roof over a real database and a real Bot API server, with a door of the test's.

async with open_parts(demo, database, echo) as parts:
    demo.simulation.say(ann, chat, "hello")
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from bot.engine.intake import Intake
from bot.engine.job_types import JobType, list_runners, without_claim
from bot.engine.jobs import JobRunner, Runner
from bot.engine.partitions import backoff_seconds
from bot.engine.press_answers import PressAnswers
from bot.engine.sender import Sender
from bot.engine.worker import Worker
from bot.ops.clock import utc_now
from bot.ops.lifecycle import Supervisor
from bot.setup.setting_values import Pacing
from bot.telegram.api import BotApi
from bot.telegram.pacing import Pacer
from demo.server import DemoServer
from ledger.errors import InputError
from ports.jobs import DeleteFiles
from ports.messages import Action, Button, Json, Line, Outgoing, Reply
from ports.queue import Delivery
from ports.units import UnitOfWork
from services.forget import FileDeleter
from storage import Database
from storage.blobs.disk import DiskBlobs


@dataclass(slots=True)
class Parts:
    """What runs."""

    api: BotApi
    blobs: DiskBlobs
    intake: Intake
    worker: Worker
    sender: Sender
    jobs: JobRunner
    life: Supervisor = field(default_factory=Supervisor)


Leads = Callable[[], Awaitable[bool]]


async def echo(delivery: Delivery, unit: UnitOfWork) -> None:
    """Answer every text with itself, joinable; note each update once."""
    message = orjson.loads(delivery.inbox_message.body).get("message")
    if message and "text" in message:
        unit.send(echo_of(delivery, message["chat"]["id"], message["text"]))


def echo_of(delivery: Delivery, chat_id: int, text: str) -> Outgoing:
    """Return the echo of a text."""
    button = Button("open", Action("open", (text,)))
    reply = Reply(f"echo {text}", buttons=((button,),), line=Line(f"line {text}", button))
    return Outgoing(chat_id, f"{delivery.inbox_message.key}:1", reply)


Handle = Callable[[Delivery, UnitOfWork], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class TestHandlers:
    """Handlers of the test's."""

    __test__ = False

    act: Handle

    async def handle(self, delivery: Delivery, unit: UnitOfWork) -> None:
        """Do as the test says."""
        await self.act(delivery, unit)

    def explains(self, error: BaseException, delivery: Delivery) -> bool:
        """Explain errors of the input."""
        _ = delivery
        return isinstance(error, InputError)

    async def explain(self, error: InputError, delivery: Delivery, unit: UnitOfWork) -> None:
        """Explain an error by its id."""
        message = delivery.inbox_message
        unit.send(Outgoing(message.partition, f"{message.key}:error", Reply(error.message_id)))

    async def check_press(self, query: Mapping[str, Any]) -> dict[str, Json]:
        """Answer every press with nothing."""
        _ = query
        return {}

    async def apologise(self, delivery: Delivery, reference: str) -> Reply | None:
        """Say sorry."""
        _ = delivery
        return Reply(f"sorry {reference}")


async def leads() -> bool:
    return True


@asynccontextmanager
async def open_parts(
    demo: DemoServer,
    database: Database,
    act: Handle = echo,
    *,
    blobs: Path = Path("/nonexistent"),
    pacing: Pacing | None = None,
    runners: Mapping[str, Runner] | None = None,
    is_polling: bool = True,
    backoff: Callable[[int], float] = backoff_seconds,
    leaders: tuple[Leads, Leads] = (leads, leads),
) -> AsyncIterator[Parts]:
    """Run intake, worker, jobs and sender while the block lasts; stop them in order."""
    wakes = [asyncio.Event() for _ in range(3)]
    life = Supervisor()
    # What was sent leaves a job that deletes its file.
    deleter = FileDeleter(DiskBlobs(blobs))
    deletes = list_runners([JobType(DeleteFiles, without_claim(deleter.run))])
    async with AsyncExitStack() as stack:
        api = await stack.enter_async_context(BotApi(demo.url, demo.token))
        handlers = TestHandlers(act)
        sender = Sender(database.outbox, api, DiskBlobs(blobs), Pacer(pacing), wakes[1], leaders[1])
        parts = Parts(
            api,
            DiskBlobs(blobs),
            Intake(api, database.inbox, wakes[0], leaders[0]),
            Worker(
                database.units,
                database.inbox,
                handlers,
                PressAnswers(handlers, api),
                wakes[0],
                wakes[1],
                wakes[2],
                sender.offer,
                backoff=backoff,
            ),
            sender,
            JobRunner(
                database.jobs,
                {**deletes, **(runners or {})},
                wakes[2],
                wakes[0],
                wakes[1],
                backoff=backoff,
            ),
            life,
        )
        for part, name in (
            (parts.sender, "sender"),
            (parts.jobs, "jobs"),
            (parts.worker, "worker"),
        ):
            await stack.enter_async_context(life.running(part, name, stop_seconds=3))
        if is_polling:
            await stack.enter_async_context(life.endless(parts.intake.run(), "intake"))
        yield parts
    assert not life.failed


async def drained(database: Database, *, seconds: float = 60) -> None:
    """Wait until nothing waits in the inbox, the jobs and the outbox."""
    queues = (database.inbox, database.jobs, database.outbox)
    async with asyncio.timeout(seconds):
        while any([await queue.count() for queue in queues]):  # noqa: ASYNC110  # other processes
            await asyncio.sleep(0.05)


async def queue(database: Database, *outgoings: Outgoing) -> None:
    """Put messages into the outbox, in one commit."""
    async with database.units.open(now=utc_now()) as unit:
        for outgoing in outgoings:
            unit.send(outgoing)


async def until(condition: Callable[[], bool], *, seconds: float = 60) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  # nobody sets an event for it
            await asyncio.sleep(0.02)
