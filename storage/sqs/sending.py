"""Send messages to SQS in batches, in the order of each chat.

A batch leaves when it is full, or `GATHER_SECONDS` after its first message. Without that pause the posts
that follow a finished batch would leave one by one: it costs a message little time, and halves the calls. A
chat is in one batch at a time, because two batches may overtake each other.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import orjson

from ledger.errors import UnavailableError
from ports.queue import InboxMessage
from storage.sqs.api import TROUBLE, SqsApi

BATCH_MAX = 10
"""Messages of a batch, by SQS."""
BYTES_MAX = 256 * 1024 - 4096
"""Bytes of a message and of a whole batch that every queue takes: some servers, and queues that were
made before the limit grew to a megabyte, take 256 kB. The rest is for attributes."""
SENDERS = 2
"""Batches on their way at the same time."""
GATHER_SECONDS = 0.003
"""Seconds in which a batch may fill up; a call to SQS takes several times as long."""


@dataclass(slots=True)
class _Waiting:
    """A message that waits to be sent, and the future of whoever waits for it."""

    message: InboxMessage
    body: str
    size: int
    sent: asyncio.Future[None]


@dataclass(slots=True)
class BatchSender:
    """Sends messages; `send` returns when SQS has them."""

    api: SqsApi
    _waiting: deque[_Waiting] = field(default_factory=deque)
    _sending: set[asyncio.Task[None]] = field(default_factory=set)
    _busy: set[int] = field(default_factory=set)
    """Chats of the batches that are on their way."""
    _gathering: asyncio.TimerHandle | None = None

    async def send(self, bodies: Sequence[tuple[InboxMessage, str]]) -> None:
        """Send messages; all are in SQS when this returns. Raises `UnavailableError`."""
        loop = asyncio.get_running_loop()
        mine = [
            _Waiting(message, body, len(body.encode()), loop.create_future())
            for message, body in bodies
        ]
        self._waiting += mine
        self._gather()
        # Every outcome is awaited, so that none is left for the garbage collector to complain of.
        outcomes = await asyncio.gather(*(each.sent for each in mine), return_exceptions=True)
        for outcome in outcomes:
            if outcome is not None:
                raise outcome

    async def stop(self, seconds: float) -> None:
        """Let batches on their way end; what waits is refused, so that Telegram sends it again."""
        waiting, self._waiting = self._waiting, deque()
        _end(waiting, UnavailableError(TROUBLE, remedy="the process stops"))
        if not self._sending:
            return
        _, late = await asyncio.wait(self._sending, timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _gather(self) -> None:
        """Start batches now when one is full, else soon."""
        if sum(each.message.partition not in self._busy for each in self._waiting) >= BATCH_MAX:
            self._start()
        elif self._waiting and self._gathering is None:
            loop = asyncio.get_running_loop()
            self._gathering = loop.call_later(GATHER_SECONDS, self._start)

    def _start(self) -> None:
        """Start batches while senders are free and something may go."""
        if self._gathering is not None:
            self._gathering.cancel()
            self._gathering = None
        while len(self._sending) < SENDERS and (batch := self._take()):
            self._busy |= {each.message.partition for each in batch}
            task = asyncio.create_task(self._send(batch), name="sqs batch")
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)

    def _take(self) -> list[_Waiting]:
        taken: list[_Waiting] = []
        left: deque[_Waiting] = deque()
        size, held = 0, set(self._busy)
        while self._waiting and len(taken) < BATCH_MAX:
            each = self._waiting.popleft()
            if each.message.partition in held or size + each.size > BYTES_MAX:
                # What comes after it in the same chat waits too.
                held.add(each.message.partition)
                left.append(each)
            else:
                taken.append(each)
                size += each.size
        self._waiting.extendleft(reversed(left))
        return taken

    async def _send(self, batch: Sequence[_Waiting]) -> None:
        entries = [
            {
                "Id": str(number),
                "MessageBody": each.body,
                "MessageGroupId": str(each.message.partition),
                # SQS drops repeats of five minutes by it; the database's key drops later ones.
                "MessageDeduplicationId": each.message.key,
            }
            for number, each in enumerate(batch)
        ]
        try:
            answer = await self.api.call("SendMessageBatch", Entries=entries)
        except BaseException as error:
            _end(batch, error)
            # A cancelled task must end as cancelled, and a fault must be seen.
            if not isinstance(error, UnavailableError):
                raise
        else:
            failed = {int(one["Id"]) for one in answer.get("Failed") or ()}
            lost = UnavailableError(TROUBLE, remedy="SQS refuses a message")
            _end((batch[number] for number in failed), lost)
            # Those that failed have their outcome already and keep it.
            _end(batch, None)
        finally:
            self._busy -= {each.message.partition for each in batch}
            # This task is still among the senders, so its place is given away by hand.
            if task := asyncio.current_task():
                self._sending.discard(task)
            self._gather()


def _end(batch: Iterable[_Waiting], error: BaseException | None) -> None:
    """Tell whoever waits; futures that are done or cancelled stay as they are."""
    for each in batch:
        if each.sent.done():
            continue
        if error is None:
            each.sent.set_result(None)
        elif isinstance(error, UnavailableError):
            each.sent.set_exception(error)
        else:
            each.sent.cancel()


def dump_message(message: InboxMessage) -> str:
    """Return the body that SQS gets."""
    fields = (message.key, message.partition, message.kind, message.body)
    return orjson.dumps(fields).decode()


def parse_message(body: str) -> InboxMessage:
    """Return the message of a body. Raises `ValueError` for anything that we did not send."""
    match orjson.loads(body):
        case [str(key), int(partition), ("update" | "event") as kind, str(content)]:
            return InboxMessage(key, partition, content, kind)
    raise ValueError
