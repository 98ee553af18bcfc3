"""Tell a webhook every change since it was told last, one message each, in their order.

A message has the same id however often it is tried, so a receiver can tell a repeat. The position is
kept after each message; a kill in between repeats one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import orjson

from ledger.errors import NotFoundError, UnavailableError
from ledger.periods.days import utc
from ports.access import AccessScope, Caller
from ports.jobs import DeliverWebhook
from ports.programs.webhooks import Webhook, WebhookPoster
from ports.queue import Job
from ports.repositories import Repositories
from ports.units import UnitOfWorkFactory
from services.access.ledgers import AccessRequest, open_ledger
from services.entries.naming import list_names
from services.scope import Scope
from services.webhooks.signing import sign

BATCH = 20
"""Changes that are read at once."""
RUN_SECONDS = 60
"""One job tells no longer than this; what is left is told by the next."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message to a webhook."""

    number: int
    id: str
    body: bytes


@dataclass(frozen=True, slots=True)
class WebhookDelivery:
    """Posts what changed."""

    units: UnitOfWorkFactory
    poster: WebhookPoster
    clock: Callable[[], datetime]

    async def run(self, job: DeliverWebhook, claim: Job) -> None:
        """Tell a webhook everything that it was not told yet.

        Raises `UnavailableError` when the first message was not taken; trying again is right.
        """
        loop = asyncio.get_running_loop()
        ends_at, told = loop.time() + RUN_SECONDS, 0
        while loop.time() < ends_at:
            read = partial(read_messages, webhook_id=job.webhook_id, now=self.clock())
            webhook, messages = await self.units.read(read)
            if webhook is None or not messages:
                return
            for message in messages:
                try:
                    await self._tell(webhook, message, claim)
                except UnavailableError:
                    # Tries are counted for messages that fail, not for a webhook that moves on.
                    if told:
                        return
                    raise
                told += 1

    async def _tell(self, webhook: Webhook, message: Message, claim: Job) -> None:
        headers = sign(webhook.secret, message.id, message.body, self.clock())
        await self.poster.post(webhook.url, message.body, headers)
        # The unit is refused when another process has the job by now.
        async with self.units.open(now=self.clock(), claim=claim) as unit:
            await unit.run(lambda rows: rows.webhooks.advance(webhook.id, message.number))


def read_messages(
    repositories: Repositories, webhook_id: str, now: datetime
) -> tuple[Webhook | None, list[Message]]:
    """Return a webhook with its next messages; None when it or its ledger is gone.

    It sees what its maker may see now, so leaving a group ends its webhooks too.
    """
    webhook = repositories.webhooks.find(webhook_id)
    if webhook is None:
        return None, []
    try:
        chat = repositories.chats.of_ledger(webhook.ledger_id)
        asked = AccessRequest(repositories, Caller(webhook.user_id), now)
        opened = open_ledger(asked, chat.ledger.key, AccessScope.READ)
    except NotFoundError:
        return None, []
    return webhook, _list_messages(opened.scope, webhook)


def _list_messages(scope: Scope, webhook: Webhook) -> list[Message]:
    rows = scope.repositories.operations.entries_since(scope.ledger.id, webhook.position, BATCH)
    ids = list({row.entry_id for row in rows})
    found = scope.repositories.entries.of_ids(scope.ledger.id, ids) if ids else []
    live = {entry.id: entry for entry in found if entry.deleted_at is None}
    names = list_names(scope)
    messages = []
    for row in rows:
        entry = live.get(row.entry_id)
        body = {
            "type": f"expense.{row.kind}",
            "timestamp": utc(row.at).isoformat().removesuffix("+00:00") + "Z",
            "data": {
                "ledger_id": scope.ledger.key,
                "id": row.entry_id,
                # As it is now: a message that comes late must not bring back what is gone.
                "expense": names.fields(entry) if entry else None,
            },
        }
        message_id = f"{webhook.id}-{row.number}"
        messages.append(Message(row.number, message_id, orjson.dumps(body)))
    return messages
