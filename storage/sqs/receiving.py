"""Move messages from SQS into the inbox of the database.

A batch is deleted from SQS only when it is committed, so a kill in between delivers it again and its
keys are known then. While the database is away the batch is kept in hand and its invisibility
extended: letting it go would count as a failed try, and after many of those the queue's redrive
policy puts good messages aside. What is put aside that way is what nobody can read.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ledger.errors import UnavailableError
from ports.queue import Inbox, InboxMessage
from storage.sqs.api import SqsApi
from storage.sqs.sending import BATCH_MAX, parse_message

WAIT_SECONDS = 20
"""A long poll; the longest that SQS allows."""
VISIBILITY_SECONDS = 20
"""Seconds until another process gets the messages of one that died. They hold their chats back."""
# Twice within the visibility, so that one call may fail.
EXTEND_SECONDS = 8.0
OUTAGE_SECONDS = 1.0
RECEIVERS = 2
"""Batches that one process moves at the same time."""

_log = logging.getLogger("storage.sqs")

Received = dict[str, Any]


@dataclass(slots=True)
class SqsReceiver:
    """Moves messages until it is stopped; `moved` is called when some are in the inbox."""

    api: SqsApi
    inbox: Inbox
    clock: Callable[[], datetime]
    moved: Callable[[], None]
    visibility_seconds: int = VISIBILITY_SECONDS
    extend_seconds: float = EXTEND_SECONDS
    _in_hand: dict[int, list[Received]] = field(default_factory=dict)
    """Batches that are not stored yet, by the receiver that holds them."""
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def run(self) -> None:
        """Receive and store until `stop`."""
        self._tasks = [
            asyncio.create_task(self._receive_forever(number), name=f"sqs receiver {number}")
            for number in range(RECEIVERS)
        ]
        self._tasks.append(asyncio.create_task(self._keep(), name="sqs visibility"))
        await asyncio.gather(*self._tasks)

    async def stop(self, seconds: float) -> None:
        """Take nothing more, and let others have what is in hand at once."""
        for task in self._tasks:
            task.cancel()
        # Their end is awaited, so that nobody stores what is given back below.
        await asyncio.gather(*self._tasks, return_exceptions=True)
        in_hand = [message for batch in self._in_hand.values() for message in batch]
        with suppress(UnavailableError, TimeoutError):
            async with asyncio.timeout(seconds):
                await self._hide(in_hand, 0)

    async def _receive_forever(self, number: int) -> None:
        while True:
            try:
                await self.receive(number)
            except UnavailableError as error:
                _log.warning("sqs_unavailable %s", error.values.get("remedy", error.message_id))
                await asyncio.sleep(OUTAGE_SECONDS)

    async def receive(self, number: int = 0, *, wait_seconds: int = WAIT_SECONDS) -> int | None:
        """Move one batch; return how many messages were new, None when SQS had none.

        Raises:
            UnavailableError: SQS does not answer.
        """
        answer = await self.api.call(
            "ReceiveMessage",
            wait_seconds=wait_seconds,
            MaxNumberOfMessages=BATCH_MAX,
            WaitTimeSeconds=wait_seconds,
            VisibilityTimeout=self.visibility_seconds,
        )
        batch: list[Received] = answer.get("Messages") or []
        if not batch:
            return None
        # What cannot be read is neither stored nor deleted, so that the redrive policy counts its tries.
        readable = [(received, found) for received in batch if (found := _read(received))]
        self._in_hand[number] = [received for received, _ in readable]
        new = await self._store([message for _, message in readable])
        # Let go first, so that a message is never extended after it is deleted.
        await self._delete(self._in_hand.pop(number))
        return new

    async def _store(self, messages: Sequence[InboxMessage]) -> int:
        """Store messages, however long the database is away."""
        while True:
            try:
                new = await self.inbox.add(messages, now=self.clock())
            except UnavailableError as error:
                _log.warning("messages_not_moved %s", error.message_id)
                await asyncio.sleep(OUTAGE_SECONDS)
            else:
                self.moved()
                return new

    async def _delete(self, batch: Sequence[Received]) -> None:
        """Delete what is stored; what stays comes again and is dropped by its key."""
        entries = [
            {"Id": str(number), "ReceiptHandle": received["ReceiptHandle"]}
            for number, received in enumerate(batch)
        ]
        if entries:
            await self.api.call("DeleteMessageBatch", Entries=entries)

    async def _keep(self) -> None:
        """Keep what is in hand from others."""
        while True:
            await asyncio.sleep(self.extend_seconds)
            for batch in list(self._in_hand.values()):
                try:
                    await self._hide(batch, self.visibility_seconds)
                except UnavailableError as error:
                    _log.warning("sqs_not_extended %s", error.message_id)

    async def _hide(self, batch: Sequence[Received], seconds: int) -> None:
        entries = [
            {
                "Id": str(number),
                "ReceiptHandle": received["ReceiptHandle"],
                "VisibilityTimeout": seconds,
            }
            for number, received in enumerate(batch)
        ]
        for start in range(0, len(entries), BATCH_MAX):
            few = entries[start : start + BATCH_MAX]
            await self.api.call("ChangeMessageVisibilityBatch", Entries=few)


def _read(received: Received) -> InboxMessage | None:
    """Return the message, or None for one that we did not send; redrive puts that one aside."""
    try:
        return parse_message(received["Body"])
    except (KeyError, ValueError):
        _log.error("sqs_message_unreadable %s", received.get("MessageId", ""))
        return None
