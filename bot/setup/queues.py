"""Pick the queue that QUEUE_URL names: the database, or SQS in front of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.ops.clock import utc_now
from bot.ops.errors import describe_error
from bot.ops.logs import get_logger
from bot.setup.plugs import build_aws_access
from bot.setup.settings import Settings
from ledger.errors import SettingsError, UnavailableError
from ports.queue import Inbox

if TYPE_CHECKING:
    from storage.sqs.receiving import SqsReceiver

DATABASE = "database"
_log = get_logger("bot.setup.queues")
SEND_SECONDS = 1.0
"""Seconds that a stop gives to batches on their way to SQS."""
_DESCRIBED = ["ApproximateNumberOfMessages", "FifoQueue", "RedrivePolicy"]


@dataclass(frozen=True, slots=True)
class Queue:
    """The inbox, and the part that fills it where messages come by SQS."""

    inbox: Inbox
    receiver: SqsReceiver | None = None


@asynccontextmanager
async def open_queue(
    settings: Settings, stored: Inbox, wake_worker: asyncio.Event
) -> AsyncIterator[Queue]:
    """Open the queue; SQS that does not answer now stops nothing.

    Raises:
        SettingsError: SQS cannot be used with these settings.
    """
    if settings.queue_url == DATABASE:
        yield Queue(stored)
        return
    from storage.sqs.api import open_api  # noqa: PLC0415 -- only where configured
    from storage.sqs.inbox import SqsInbox  # noqa: PLC0415 -- as above
    from storage.sqs.receiving import SqsReceiver  # noqa: PLC0415 -- as above
    from storage.sqs.sending import BatchSender  # noqa: PLC0415 -- as above

    async with AsyncExitStack() as stack:
        try:
            access = build_aws_access(settings)
            api = await stack.enter_async_context(open_api(settings.queue_url, access))
            sender = BatchSender(api)
            # Before the connections close: a task that calls over a closed one fails unseen.
            stack.push_async_callback(sender.stop, SEND_SECONDS)
            inbox = SqsInbox(api, sender, stored)
            await inbox.count()
        except UnavailableError as error:
            if error.values.get("lasts"):
                remedy = error.values["remedy"]
                raise SettingsError("setting_wrong", name="QUEUE_URL", remedy=remedy) from error
            _log.warning("queue_not_reached", error=describe_error(error))
        yield Queue(inbox, SqsReceiver(api, stored, utc_now, wake_worker.set))


async def describe_queue(settings: Settings) -> str:
    """Return the state of SQS, for `kvitto check`. Raises `UnavailableError`."""
    if settings.queue_url == DATABASE:
        return DATABASE
    from storage.sqs.api import open_api  # noqa: PLC0415 -- only where configured

    async with open_api(settings.queue_url, build_aws_access(settings)) as api:
        answer = await api.call("GetQueueAttributes", AttributeNames=_DESCRIBED)
    found = answer["Attributes"]
    waiting = f"{found['ApproximateNumberOfMessages']} waiting"
    if "RedrivePolicy" in found:
        return waiting
    return f"warning: without a redrive policy an unreadable message blocks its chat; {waiting}"
