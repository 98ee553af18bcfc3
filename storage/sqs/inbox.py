"""Be the inbox of an installation with SQS: messages go in through the queue.

SQS takes a message while the database is away or busy, and `storage.sqs.receiving` moves it on into
the database at once, where its key makes it unique forever (SQS forgets a key after five minutes)
and where chats are claimed. So no chat's backlog stays in SQS, which looks for chats only among its
first 120,000 messages. Events of jobs are part of commits of the database and never in SQS.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from ledger.errors import UnavailableError
from ports.queue import Delivery, Inbox, InboxMessage
from storage.sqs.api import SqsApi
from storage.sqs.sending import BYTES_MAX, BatchSender, dump_message

COUNT_SECONDS = 1.0
"""Seconds for which a count of SQS is used again: it is approximate anyway, and costs a call."""
# A message that a receiver holds is invisible in SQS and not yet in the database.
_DEPTHS = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]


@dataclass(slots=True)
class SqsInbox:
    """`ports.queue.Inbox` with SQS in front of another inbox."""

    api: SqsApi
    sender: BatchSender
    stored: Inbox
    _in_sqs: int = 0
    _in_store: int = 0
    _counted_at: float = -COUNT_SECONDS

    async def add(
        self, inbox_messages: Sequence[InboxMessage], *, now: datetime, offset: int | None = None
    ) -> int:
        """Send messages, then store the polling offset; known keys are dropped later, and count.

        A message beyond what SQS takes is stored at once and may overtake its chat's others.
        """
        bodies = [(message, dump_message(message)) for message in inbox_messages]
        large = [message for message, body in bodies if len(body.encode()) > BYTES_MAX]
        # Before the offset: what SQS has not taken must be asked for again.
        await self.sender.send([pair for pair in bodies if pair[0] not in large])
        if large or offset is not None:
            await self.stored.add(large, now=now, offset=offset)
        return len(bodies)

    async def offset(self) -> int:
        """Return the next polling offset, 0 at first."""
        return await self.stored.offset()

    async def claim(
        self, *, now: datetime, partitions: int, lease_seconds: float
    ) -> list[Delivery]:
        """Claim what was moved into the database."""
        return await self.stored.claim(now=now, partitions=partitions, lease_seconds=lease_seconds)

    async def extend(
        self, deliveries: Sequence[Delivery], *, now: datetime, lease_seconds: float
    ) -> None:
        """Let the leases of these deliveries end so many seconds from now."""
        await self.stored.extend(deliveries, now=now, lease_seconds=lease_seconds)

    async def release(self, deliveries: Sequence[Delivery]) -> None:
        """Give deliveries back that were not handled."""
        await self.stored.release(deliveries)

    async def failed(
        self, delivery: Delivery, *, error: str, retry_at: datetime | None, now: datetime
    ) -> None:
        """Count a failed try; without `retry_at` the message is parked as a dead letter."""
        await self.stored.failed(delivery, error=error, retry_at=retry_at, now=now)

    async def count(self) -> int:
        """Return how many messages wait in both; the last known count of an absent database."""
        if time.monotonic() - self._counted_at >= COUNT_SECONDS:
            # Before the call, so that whoever asks meanwhile does not call as well.
            self._counted_at = time.monotonic()
            answer = await self.api.call("GetQueueAttributes", AttributeNames=_DEPTHS)
            self._in_sqs = sum(int(answer["Attributes"].get(name, 0)) for name in _DEPTHS)
        # Taking in goes on without the database; that is what SQS is for.
        with suppress(UnavailableError):
            self._in_store = await self.stored.count()
        return self._in_sqs + self._in_store
