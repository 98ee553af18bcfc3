"""Pick plugs by the settings and run the installation.

`run` opens everything in one `AsyncExitStack`, top-down, and closes it bottom-up: the database
opens first and closes last, the parts that serve people the other way round. What is plugged in
where:

- storage      `storage.open_database`; `bot.setup.plugs` (files), `bot.setup.queues` (SQS or not)
- parts        `bot.setup.parts`: intake, worker, jobs and sender over what is open
- Telegram     `bot.telegram.api` (intake, sender, jobs), `bot.telegram.request` (PTB's objects in handlers)
- services     `services.bundle.build_services` with `bot.setup.shadowing`'s categoriser; receipts by `ai.ocr.local`
- handlers     `handlers.HANDLERS` behind `handlers.routing.error_boundary.ErrorBoundary` (`bot.setup.handlers`)
- jobs         `bot.setup.jobs.open_jobs`; pictures by `bot.engine.drawing`
- HTTP         `bot.setup.serving`, which a process without a listener does not import
- the clock `scheduler.pushes` and the ticks of `_ticking`

A new plug is a branch here, a `Literal` in `bot.setup.settings`, and its file in the socket's folder.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from bot.engine.intake import PollState
from bot.engine.job_types import list_results
from bot.engine.rehearsal import rehearse
from bot.engine.wakes import WakeEvents
from bot.ops.clock import utc_now
from bot.ops.lifecycle import Supervisor, single_instance
from bot.ops.logs import get_logger
from bot.ops.memory import freeze_gc
from bot.ops.pages import CHECK_SECONDS, FIRST_CHECK_SECONDS, PageCheck
from bot.ops.sweep import Sweep
from bot.setup.external_ai import ai_policy_of
from bot.setup.installation import Installation, Readiness
from bot.setup.parts import run_parts, take_in
from bot.setup.plugs import build_place, open_blobs
from bot.setup.queues import open_queue
from bot.setup.roles import Role, find_lock
from bot.setup.settings import Settings
from bot.setup.shadowing import open_categoriser
from bot.telegram.api import BotApi
from bot.telegram.introduction import introduce
from ports.lean_imports import import_without
from storage import open_database, use_sqlalchemy
from storage.migrations import migrate_apart

if TYPE_CHECKING:
    from bot.mail.polling import MailPoller
    from bot.setup.services import ServicePlugs
    from handlers.routing.error_boundary import ErrorBoundary
    from services.bundle import Services
    from services.schedules import Rule
    from storage.database.connections.wakes import SharedWakes

PUSH_SECONDS = 5.0
PRUNE_SECONDS = 3600.0

_log = get_logger("bot.setup.wiring")


async def run(settings: Settings, roles: frozenset[Role]) -> int:
    """Run these roles until a signal; return the exit code.

    Raises:
        LedgerError: the start failed for a reason that is named.
    """
    supervisor = Supervisor()
    supervisor.watch_signals()
    readiness = Readiness()
    async with AsyncExitStack() as stack:
        starting = asyncio.create_task(_start(stack, settings, roles, supervisor, readiness))
        stopped = asyncio.create_task(supervisor.stopped.wait())
        await asyncio.wait({starting, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            starting.result()
            readiness.is_open = True
            await stopped
            readiness.is_open = False
        else:
            starting.cancel()
            await asyncio.gather(starting, return_exceptions=True)
        stopped.cancel()
    _log.info("stopped")
    return 1 if supervisor.failed else 0


async def _start(
    stack: AsyncExitStack,
    settings: Settings,
    roles: frozenset[Role],
    supervisor: Supervisor,
    readiness: Readiness,
) -> None:
    """Open everything that these roles need, in order."""
    enter = stack.enter_async_context
    database_url = settings.database_url.get_secret_value()
    use_sqlalchemy(always=settings.database_statements == "sqlalchemy")
    blobs = await open_blobs(settings)
    # Probes are served before the database opens, so that a slow start is seen as not ready.
    await enter(_listening(readiness, settings, roles))
    # Sorted, so that two processes that want the same roles never wait for each other.
    for role in sorted(roles - {"web"}):
        if lock := find_lock(database_url, role):
            await enter(single_instance(lock))
    is_seen = await migrate_apart(database_url)
    database = await enter(open_database(database_url, up_to_date=not is_seen))
    wakes = WakeEvents()
    installation = Installation(
        settings=settings,
        roles=roles,
        database=database,
        queue=await enter(open_queue(settings, database.inbox, wakes.worker)),
        blobs=blobs,
        api=await enter(BotApi(settings.telegram_api_url, settings.token)),
        wakes=wakes,
        shared_wakes=database.share_wakes(wakes.hear),
        supervisor=supervisor,
        polling=PollState(),
    )
    readiness.installation = installation
    stack.callback(readiness.refuse_posts)
    if shared := installation.shared_wakes:
        await enter(supervisor.endless(shared.run(), "wakes"))
        _announce_wakes(installation, shared)
    if roles & {"worker", "web"}:
        plugs, services = await enter(_serviced(installation))
    if "worker" in roles:
        # Before the first poll, so that the first text finds everything loaded.
        await enter(_working(installation, plugs, services))
    if readiness.site is not None:
        site = import_module("bot.setup.site")
        stack.enter_context(site.opening_site(readiness.site, installation, services))
    await enter(take_in(installation, readiness))
    if "scheduler" in roles:
        await enter(_ticking(installation))
    freeze_gc()
    _log.info("started", roles=",".join(sorted(roles)))
    if not settings.allowed_users:
        _log.warning("open_to_everyone", remedy="ALLOWED_USERS limits who may use the bot")


def _announce_wakes(i: Installation, shared: SharedWakes) -> None:
    """Announce to the workers' processes what a process without a worker stores."""
    if "worker" in i.roles:
        return
    i.wakes.sender.announce = partial(shared.announce, "sender")
    # Workers that take messages from SQS wake themselves with what they moved.
    if i.queue.receiver is None:
        i.wakes.worker.announce = partial(shared.announce, "worker")


@asynccontextmanager
async def _listening(
    readiness: Readiness, settings: Settings, roles: frozenset[Role]
) -> AsyncIterator[None]:
    """Serve HTTP where a port is set; page and API are imported only then (10 MB)."""
    if not settings.has_listener:
        yield
        return
    serving = await asyncio.to_thread(import_module, "bot.setup.serving")
    async with serving.serving(readiness, settings, roles):
        yield


@asynccontextmanager
async def _serviced(i: Installation) -> AsyncIterator[tuple[ServicePlugs, Services]]:
    """Build the services that worker, page and API share."""
    services_module = await asyncio.to_thread(import_module, "bot.setup.services")
    async with open_categoriser(i.settings, i.database.tallies) as categoriser:
        plugs: ServicePlugs = services_module.ServicePlugs(categoriser)
        services: Services = services_module.build_services(i.settings, plugs)
        yield plugs, services


@asynccontextmanager
async def _working(i: Installation, plugs: ServicePlugs, services: Services) -> AsyncIterator[None]:
    """Run worker, jobs and sender; the sender stops last, so that what was answered goes out."""
    # Modules are imported in a thread, so that probes are answered meanwhile.
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        # Before the framework, which then takes up the memory that reading the models has freed.
        await import_module("bot.setup.services").load_models(plugs)
        await asyncio.to_thread(import_without, "telegram.ext", "cryptography", "click")
        handlers_module = await asyncio.to_thread(import_module, "bot.setup.handlers")
        jobs_module = await asyncio.to_thread(import_module, "bot.setup.jobs")
        job_types = await enter(
            jobs_module.open_jobs(i.settings, i.database, i.blobs, i.api, services)
        )
        handlers: ErrorBoundary = await handlers_module.open_handlers(
            i.settings, i.api, i.database.units, services, list_results(job_types)
        )
        # Before the sender: a mark of a sent message must not wait behind the rehearsal's unit.
        await rehearse(handlers.handle, i.database.units, utc_now())
        freeze_gc()
        await enter(run_parts(i, handlers, job_types))
        if poller := await asyncio.to_thread(_build_poller, i, services):
            poller.is_leader = await enter(i.database.leader("mail"))
            await enter(i.supervisor.endless(poller.run(), "mail"))
        await enter(i.supervisor.endless(introduce(i.api, i.settings.app_url), "introduction"))
        yield


def _build_poller(i: Installation, services: Services) -> MailPoller | None:
    """Return what takes receipts from a mailbox; None where none is set."""
    if (server := i.settings.imap_server) is None:
        return None
    polling = import_module("bot.mail.polling")
    rule = import_module("services.mail.receiving").SenderRule(
        i.settings.imap_server_name, frozenset(i.settings.allowed_users)
    )
    poller: MailPoller = polling.MailPoller(
        server=server,
        rule=rule,
        opener=import_module("ai.mail.process").ChildMailOpener(),
        units=i.database.units,
        blobs=i.blobs,
        services=services,
        clock=utc_now,
        wake=i.wakes.all,
    )
    return poller


def _build_rules(i: Installation) -> Mapping[str, Rule]:
    """Return the rules of schedules; a model is loaded where a series has no category."""
    services_module = import_module("bot.setup.services")
    lazy = import_module("bot.setup.lazy").LazyCategoriser()
    services: Services = services_module.build_services(
        i.settings, services_module.ServicePlugs(lazy)
    )
    due = services.series.due
    rules: Mapping[str, Rule] = import_module("services.schedules").build_rules(
        due.booking.conversion, due
    )
    return rules


@asynccontextmanager
async def _ticking(i: Installation) -> AsyncIterator[None]:
    """Let the clock ask for what is due."""
    ticks = await asyncio.to_thread(import_module, "scheduler.ticks")
    pushes_module = await asyncio.to_thread(import_module, "scheduler.pushes")
    rates_module = await asyncio.to_thread(import_module, "bot.rates.tick")
    rules = await asyncio.to_thread(_build_rules, i)
    webhooks = import_module("scheduler.webhooks").WebhookTick(i.database.units, i.wakes.jobs)
    app_url = i.settings.app_url
    pages = import_module("replies.page_buttons").PageButtons(app_url) if app_url else None
    pushes = pushes_module.PushTick(
        i.database.units, i.wakes.sender, rules, pages, ai_policy_of(i.settings)
    )
    rates = rates_module.RatesTick(i.database.units, i.settings.rates_url)

    async def prune(now: datetime) -> None:
        removed = await i.database.prune(now)
        if removed:
            _log.info("pruned", rows=removed)

    planned = [
        ticks.Tick("pushes due", PUSH_SECONDS, pushes.run),
        ticks.Tick("webhooks due", PUSH_SECONDS, webhooks.run),
        ticks.Tick("rates", rates_module.REFRESH_SECONDS, rates.run, after_seconds=0),
        ticks.Tick("prune", PRUNE_SECONDS, prune, after_seconds=60),
        ticks.Tick(
            "pages",
            CHECK_SECONDS,
            PageCheck(i.database.find_damaged_tables).run,
            after_seconds=FIRST_CHECK_SECONDS,
        ),
        ticks.Tick("sweep", PRUNE_SECONDS, Sweep(i.blobs, i.database).run, after_seconds=120),
    ]
    if place := build_place(i.settings):
        analytics = await asyncio.to_thread(import_module, "bot.ops.analytics")
        run = analytics.AnalyticsTick(i.database.backend, place).run
        planned.append(ticks.Tick("analytics", analytics.EVERY_SECONDS, run, after_seconds=180))
    async with ticks.open_ticks(planned, utc_now):
        yield
