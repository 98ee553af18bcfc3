"""Start the bot's own parts over simulated plugs; what the real wiring opens, without its servers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image

from ai.categories.local import LocalCategoriser
from bench.vopr.disk import open_simulated_database
from bench.vopr.faults import Faults
from bench.vopr.files import SimulatedBlobs
from bench.vopr.fleet import FLEET, Fleet
from bench.vopr.loop import PROGRAM
from bench.vopr.openers import SimulatedDocuments, SimulatedStatements
from bench.vopr.posting import Poster
from bench.vopr.queue import SimulatedQueue, SimulatedSqs
from bench.vopr.readers import SimulatedModel, SimulatedReader
from bench.vopr.telegram import URL, Network, SimulatedApi
from bot.engine.intake import PollState
from bot.engine.job_types import JobType, list_results
from bot.engine.rehearsal import rehearse
from bot.engine.wakes import WakeEvents
from bot.ops.clock import utc_now
from bot.ops.lifecycle import Supervisor
from bot.setup.external_ai import ExternalAi
from bot.setup.handlers import open_handlers
from bot.setup.installation import Installation, Readiness
from bot.setup.jobs import JobPlugs, build_job_types
from bot.setup.parts import run_parts, take_in
from bot.setup.queues import SEND_SECONDS, Queue
from bot.setup.services import ServicePlugs, build_services
from bot.setup.setting_fields import SecretText
from bot.setup.settings import Settings
from bot.telegram.introduction import introduce
from demo.simulation import TOKEN
from ledger.errors import UnavailableError
from ports.messages import Json
from ports.queue import Inbox
from scheduler.pushes import PushTick
from scheduler.ticks import Tick, run_guarded
from services.bundle import Services
from services.receipts.reader_chain import ReaderChain
from services.schedules import build_rules
from storage import Database
from storage.sqs.inbox import SqsInbox
from storage.sqs.receiving import SqsReceiver
from storage.sqs.sending import BatchSender

PUSH_SECONDS = 5.0
PRUNE_SECONDS = 120.0


@dataclass
class World:
    """Everything outside of the program, which outlives it."""

    faults: Faults
    network: Network
    blobs: SimulatedBlobs
    queue: SimulatedQueue | None
    """None where this seed's updates go into the database at once."""
    poster: Poster | None
    """None where this seed's bot polls."""
    path: Path
    fleet: Fleet | None = None
    """None where one program is alone with its file."""
    supervisors: dict[int, Supervisor] = field(default_factory=dict)
    """Those of the programs, by their numbers."""
    plant: Callable[[Database], Database] = field(default=lambda database: database)
    """Puts a bug into a database's plugs, to show that it is found."""


@cache
def categoriser() -> LocalCategoriser:
    """Load the bundled categoriser once; it keeps nothing of a chat."""
    return LocalCategoriser()


@cache
def _picture() -> bytes:
    """Return a picture that Telegram takes."""
    content = BytesIO()
    Image.new("RGB", (320, 200)).save(content, "PNG")
    return content.getvalue()


async def run_program(world: World) -> None:
    """Run the bot until it is stopped in order, or until an error of its start ends it."""
    FLEET.set(world.fleet)
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        database = world.plant(await enter(open_simulated_database(world.path)))
        api = await enter(SimulatedApi(world.network))
        i = _build_installation(world, database, api, stack)
        world.supervisors[PROGRAM.get().number] = i.supervisor
        readiness = Readiness()
        stack.callback(readiness.refuse_posts)
        services = build_services(i.settings, ServicePlugs(categoriser()))
        job_types = _build_jobs(i, services, world.faults)
        units = database.units
        handlers = await open_handlers(i.settings, api, units, services, list_results(job_types))
        await rehearse(handlers.handle, units, utc_now())
        await enter(run_parts(i, handlers, job_types))
        await enter(i.supervisor.endless(introduce(api), "introduction"))
        await enter(take_in(i, readiness))
        if world.poster is not None:
            world.poster.open(PROGRAM.get(), readiness)
        await enter(_ticking(i, services))
        world.faults.trace.note("started")
        await i.supervisor.stopped.wait()


def _build_settings(path: Path, *, is_posted: bool) -> Settings:
    return Settings(
        telegram_bot_token=SecretText(TOKEN),
        telegram_api_url=URL,
        database_url=SecretText(f"sqlite:///{path}"),
        categoriser=("local", "gpt"),
        openai_base_url=URL,
        default_timezone="UTC",
        telegram_webhook_url="https://kvitto.example/telegram" if is_posted else "",
        telegram_webhook_secret=SecretText("simulated"),
    )


def _build_installation(
    world: World, database: Database, api: SimulatedApi, stack: AsyncExitStack
) -> Installation:
    wakes = WakeEvents()
    return Installation(
        settings=_build_settings(world.path, is_posted=world.poster is not None),
        roles=frozenset({"intake", "worker", "scheduler"}),
        database=database,
        queue=_open_queue(world.queue, database.inbox, wakes, stack),
        blobs=world.blobs,
        api=api,
        wakes=wakes,
        shared_wakes=None,
        supervisor=Supervisor(),
        polling=PollState(),
    )


def _open_queue(
    server: SimulatedQueue | None, stored: Inbox, wakes: WakeEvents, stack: AsyncExitStack
) -> Queue:
    if server is None:
        return Queue(stored)
    api = SimulatedSqs(server)
    sender = BatchSender(api)
    stack.push_async_callback(sender.stop, SEND_SECONDS)
    receiver = SqsReceiver(api, stored, utc_now, wakes.worker.set)
    return Queue(SqsInbox(api, sender, stored), receiver)


def _build_jobs(i: Installation, services: Services, faults: Faults) -> tuple[JobType, ...]:
    reader, model = SimulatedReader(faults), SimulatedModel(faults)
    ai = ExternalAi(ReaderChain(), model, model, model, model, model)

    async def draw(name: str, values: Mapping[str, Json]) -> bytes:
        _ = name, values
        await asyncio.sleep(0.2)
        if faults.hits("reader_failed"):
            raise UnavailableError("drawing")
        return _picture()

    plugs = JobPlugs(
        database=i.database,
        blobs=i.blobs,
        api=i.api,
        reader=reader,
        copier=reader,
        draw=draw,
        documents=SimulatedDocuments(faults),
        statements=SimulatedStatements(faults),
        ai=ai,
        services=services,
    )
    return build_job_types(i.settings, plugs)


@asynccontextmanager
async def _ticking(i: Installation, services: Services) -> AsyncIterator[None]:
    due = services.series.due
    pushes = PushTick(i.database.units, i.wakes.sender, build_rules(due.booking.conversion, due))

    async def prune(now: datetime) -> None:
        await i.database.prune(now)

    async with AsyncExitStack() as stack:
        for tick in (
            Tick("pushes due", PUSH_SECONDS, pushes.run),
            Tick("prune", PRUNE_SECONDS, prune, after_seconds=60),
        ):
            await stack.enter_async_context(i.supervisor.endless(_tick_forever(tick), tick.name))
        yield


async def _tick_forever(tick: Tick) -> None:
    """Tick on the loop's time; APScheduler, which does it otherwise, follows the machine's."""
    await asyncio.sleep(tick.after_seconds)
    task = asyncio.current_task()
    assert task is not None
    # A tick under way swallows the cancellation, which ends APScheduler's tasks anyway.
    while True:
        await run_guarded(tick, utc_now)
        if task.cancelling():
            return
        await asyncio.sleep(tick.every_seconds)
