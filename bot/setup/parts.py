"""Run the parts of an installation that take in, handle and send, over plugs that are open.

The wiring opens the real plugs; the simulation of `bench.vopr` gives the same parts its own.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from bot.engine.intake import Intake
from bot.engine.job_types import JobType, list_runners
from bot.engine.jobs import JobRunner
from bot.engine.press_answers import PressAnswers
from bot.engine.sender import Sender
from bot.engine.webhook_intake import WebhookIntake, keep_webhook
from bot.engine.worker import Worker
from bot.setup.installation import Installation, Readiness
from bot.telegram.pacing import Pacer

if TYPE_CHECKING:
    from handlers.routing.error_boundary import ErrorBoundary


@asynccontextmanager
async def take_in(i: Installation, readiness: Readiness) -> AsyncIterator[None]:
    """Take updates in by webhook or long polling, or leave that to another role."""
    settings = i.settings
    async with AsyncExitStack() as stack:
        if settings.telegram_webhook_url and i.roles & {"intake", "web"}:
            # Taken until the queue is closed: others, or our next start, handle what comes meanwhile.
            readiness.take_posts(WebhookIntake(i.queue.inbox, i.wakes.worker))
            secret = settings.telegram_webhook_secret
            assert secret is not None
            keeping_webhook = keep_webhook(
                i.api, settings.telegram_webhook_url, secret.get_secret_value(), i.polling
            )
            await stack.enter_async_context(i.supervisor.endless(keeping_webhook, "webhook"))
        elif "intake" in i.roles:
            # Telegram answers 409 to a second poller of the same token, so one process polls.
            is_leader = await stack.enter_async_context(i.database.leader("intake"))
            intake = Intake(i.api, i.queue.inbox, i.wakes.worker, is_leader, i.polling)
            await stack.enter_async_context(i.supervisor.endless(intake.run(), "intake"))
        else:
            i.polling.left_to_others()
        yield


@asynccontextmanager
async def run_parts(
    i: Installation, handlers: ErrorBoundary, job_types: Sequence[JobType]
) -> AsyncIterator[None]:
    """Run sender, jobs and worker; the sender stops last, so that what was answered goes out."""
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        sender = _build_sender(i, await enter(i.database.leader("sender")))
        await enter(i.supervisor.running(sender, "sender", stop_seconds=3))
        if shared := i.shared_wakes:
            i.wakes.sender.announce = lambda: None if sender.leads else shared.announce("sender")
        runners = list_runners(job_types)
        jobs = JobRunner(i.database.jobs, runners, i.wakes.jobs, i.wakes.worker, i.wakes.sender)
        # Closed before the sender, so that a message released by an ending job still leaves.
        await enter(i.supervisor.running(jobs, "jobs", stop_seconds=2))
        worker = _build_worker(i, handlers, sender)
        await enter(i.supervisor.running(worker, "worker", stop_seconds=3))
        if i.queue.receiver is not None:
            await enter(i.supervisor.running(i.queue.receiver, "receiver", stop_seconds=1))
        yield


def _build_sender(i: Installation, is_leader: Callable[[], Awaitable[bool]]) -> Sender:
    pacer = Pacer(i.settings.telegram_pacing)
    return Sender(i.database.outbox, i.api, i.blobs, pacer, i.wakes.sender, is_leader)


def _build_worker(i: Installation, handlers: ErrorBoundary, sender: Sender) -> Worker:
    return Worker(
        i.database.units,
        i.queue.inbox,
        handlers,
        PressAnswers(handlers, i.api),
        i.wakes.worker,
        i.wakes.sender,
        i.wakes.jobs,
        sender.offer,
    )
