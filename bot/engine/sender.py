"""Send messages from the outbox to Telegram, in order per chat.

One process of an installation sends (`leader`). The worker hands over what it has just committed
(`offer`); all else is read from the outbox. Chats are served side by side; within a chat the
next message leaves when the one before is marked as sent, so that a process that dies repeats at
most one message a chat (Telegram has no key against it: answers go out at least once). A chat that
must wait (pacing, retry_after, a failure) rests alone; all others go on. Confirmations that queue
up behind the pacing of their chat are joined into one message.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from bot.engine.partitions import Clock, wait_for_event
from bot.ops.clock import utc_now
from bot.ops.errors import describe_error, new_error_id, trace_error
from bot.ops.logs import get_logger
from bot.ops.metrics import DELIVERY_SECONDS, SENDS
from bot.telegram.bursts import Bursts
from bot.telegram.composing import (
    compose,
    compose_joined,
    count_joinable,
    text_beside,
)
from bot.telegram.pacing import Pacer
from bot.telegram.sent_batcher import OUTAGE_SECONDS, SentBatcher, retry_until_stored
from bot.telegram.transmission import (
    REST_SECONDS_MAX,
    BackOffError,
    SendingTelegram,
    Transmission,
    UndeliverableError,
)
from ledger.errors import UnavailableError
from ports.blobs import Blobs
from ports.failpoints import failpoint
from ports.outbox import GONE, Outbox, OutboxMessage, Queued
from ports.telemetry import record_step
from ports.telemetry.flows import enter_flow

CHATS_MAX = 128
"""Chats served at the same time."""
FETCH_MAX = 512
PER_CHAT_MAX = 20
BEGUN_KEPT = 8192
"""Ids of messages that are kept; an offer comes within a turn of the loop or two."""
POLL_SECONDS = 0.5
"""Seconds until a message is seen that another process stored."""
DISPATCH_SECONDS = 0.01
"""Between the beginnings of two reads of the outbox."""
LEADER_SECONDS = 2.0
CANDIDATE_SECONDS = 0.2
"""Between two tries to lead while messages come: the leader may have stopped just now."""
MARKS_SECONDS = 2.0
"""Seconds that a stop waits for marks after its own seconds are over."""

_log = get_logger("bot.engine.sender")


@dataclass(slots=True)
class Sender:
    """Sends until `stop`; `wake` is set when a commit added to the outbox."""

    outbox: Outbox
    telegram: SendingTelegram
    blobs: Blobs
    pacer: Pacer
    wake: asyncio.Event
    is_leader: Callable[[], Awaitable[bool]]
    clock: Clock = utc_now
    stopping: bool = False
    leads: bool = False
    """True while this process is the one that sends."""
    _chats: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    _queues: dict[int, list[OutboxMessage]] = field(default_factory=dict)
    """The messages of each chat that is served, in order; the first one is under way."""
    _behind: set[int] = field(default_factory=set)
    """Chats that are served and may have more messages in the outbox."""
    _is_crowded: bool = False
    """True while there was no room for a chat that may have messages in the outbox."""
    _taken: set[int] = field(default_factory=set)
    """Chats whose messages came from memory since the last read of the outbox began."""
    _begun: dict[int, None] = field(default_factory=dict)
    """Ids of the latest messages that were taken, read or offered, oldest first."""
    _resting: dict[int, float] = field(default_factory=dict)
    _read_again: asyncio.Event = field(default_factory=asyncio.Event)
    _woken_at: float = float("-inf")
    """When another part said last that there may be a message."""
    _answers: asyncio.Lock = field(default_factory=asyncio.Lock)
    _pushes: asyncio.Lock = field(default_factory=asyncio.Lock)
    _bursts: Bursts = field(default_factory=Bursts)
    _marks: SentBatcher = field(init=False)
    _transmission: Transmission = field(init=False)

    def __post_init__(self) -> None:
        """Build what does the parts of the work."""
        self._marks = SentBatcher(self.outbox)
        self._transmission = Transmission(
            self.outbox, self.telegram, self.blobs, self.pacer, self.clock
        )

    async def run(self) -> None:
        """Serve the outbox until `stop` was called."""
        listening = asyncio.create_task(self._listen(), name="sender-wakes")
        led_until = 0.0
        try:
            await retry_until_stored(self._recover)
            while not self.stopping:
                if time.monotonic() >= led_until:
                    self.leads = await self.is_leader()
                    if not self.leads:
                        await self._wait_as_candidate()
                        continue
                    # A lost lead is noticed after this at the latest; two senders meanwhile can
                    # repeat a message.
                    led_until = time.monotonic() + LEADER_SECONDS
                await self._read_outbox()
        finally:
            listening.cancel()

    async def _wait_as_candidate(self) -> None:
        """Wait until it is worth trying to lead again: soon while messages come, which nobody may send."""
        self._read_again.clear()
        if time.monotonic() - self._woken_at < LEADER_SECONDS:
            await asyncio.sleep(CANDIDATE_SECONDS)
        else:
            await wait_for_event(self._read_again, LEADER_SECONDS)

    async def _recover(self) -> None:
        repeated = await self.outbox.recover()
        if repeated:
            _log.info("sent_before_the_kill", messages=repeated)

    async def _read_outbox(self) -> None:
        """Read once; where nothing is left, wait for a reason to read again."""
        self._read_again.clear()
        began = time.monotonic()
        if not await self._dispatch() and not self.stopping:
            await wait_for_event(self._read_again, self._next_rest_ends())
        # Many chats end within a moment; one read of the outbox serves them all.
        await asyncio.sleep(began + DISPATCH_SECONDS - time.monotonic())

    async def _listen(self) -> None:
        """Turn a wake of another part into a read, also for the chats that are served just now."""
        while True:
            await self.wake.wait()
            self.wake.clear()
            self._woken_at = time.monotonic()
            self._behind |= self._chats.keys()
            self._read_again.set()

    def offer(self, queued: Sequence[Queued]) -> None:
        """Take messages of a commit from memory where each is the next of its chat.

        Whatever is not taken waits in the outbox and is read from there.
        """
        if queued and not self.leads:
            self.wake.set()
            return
        for each in queued:
            if not self._take(each):
                self._read_later(each.message.chat_id)

    def _read_later(self, chat_id: int) -> None:
        """See to it that the outbox is read for a chat, at the end of what it is served now."""
        if chat_id in self._chats:
            self._behind.add(chat_id)
        else:
            self._read_again.set()

    def _take(self, queued: Queued) -> bool:
        message, chat_id = queued.message, queued.message.chat_id
        if message.id in self._begun:
            # The commit was visible to a read before the worker came to offer it.
            return True
        if not self.leads or self.stopping or message.expires_at or chat_id in self._resting:
            return False
        queue = self._queues.get(chat_id)
        if queue is None:
            if queued.after is not None or self._room() <= 0:
                return False
            self._taken.add(chat_id)
            self._begin(chat_id, [message])
            return True
        # Anything unsent in between would be overtaken.
        is_next = queued.after is None or queued.after == queue[-1].id
        if not is_next or chat_id in self._behind or len(queue) >= PER_CHAT_MAX:
            return False
        queue.append(message)
        self._note([message])
        return True

    def _note(self, messages: Sequence[OutboxMessage]) -> None:
        """Remember messages, so that an offer that comes late sends none of them again."""
        self._begun |= dict.fromkeys(message.id for message in messages)
        while len(self._begun) > BEGUN_KEPT:
            del self._begun[next(iter(self._begun))]

    def _begin(self, chat_id: int, messages: list[OutboxMessage]) -> None:
        self._note(messages)
        self._queues[chat_id] = messages
        self._chats[chat_id] = asyncio.create_task(
            self._serve(chat_id, messages), name=f"chat {chat_id}"
        )

    async def stop(self, seconds: float) -> None:
        """Begin nothing new; what is under way ends and is marked, at most for these seconds."""
        self.stopping = True
        self._read_again.set()
        if self._chats:
            _, late = await asyncio.wait(self._chats.values(), timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        # What left but is not marked would leave once more after the next start.
        await self._marks.finish(MARKS_SECONDS)

    async def _dispatch(self) -> bool:
        """Give free chats their messages; True where there may be more to read at once."""
        now = time.monotonic()
        for chat_id in [c for c, until in self._resting.items() if until <= now]:
            del self._resting[chat_id]
        self._is_crowded = self._room() <= 0
        if self._is_crowded:
            return False
        # Chats at work and at rest are left out in SQL, so a full page holds only chats to serve.
        skip = frozenset(self._chats) | frozenset(self._resting)
        self._taken.clear()
        try:
            messages = await self.outbox.pending(
                now=self.clock(), limit=FETCH_MAX, skip=skip, per_chat=PER_CHAT_MAX
            )
        except UnavailableError as error:
            _log.warning("outbox_unavailable", error=describe_error(error))
            await asyncio.sleep(OUTAGE_SECONDS)
            return False
        chats: dict[int, list[OutboxMessage]] = {}
        for outbox_message in messages:
            chats.setdefault(outbox_message.chat_id, []).append(outbox_message)
        # The read may show messages that were taken from memory meanwhile and even sent.
        for chat_id in self._taken & chats.keys():
            del chats[chat_id]
            self._read_later(chat_id)
        # Messages from memory may have taken some of the room during the read.
        room = max(self._room(), 0)
        for chat_id, mine in list(chats.items())[:room]:
            self._begin(chat_id, mine)
        self._is_crowded = len(chats) > room
        is_full = len(messages) >= FETCH_MAX
        if is_full or any(len(c) >= PER_CHAT_MAX for c in chats.values()):
            self._behind |= self._chats.keys()
        # Whatever is committed later is told by a wake of its own.
        return is_full

    def _room(self) -> int:
        """Return how many more chats may be served now."""
        most = CHATS_MAX
        if self._transmission.is_telegram_down:
            # One chat at a time tries on.
            most = 1
        elif self.pacer.pacing is not None:
            # More would only wait in memory for the overall limit, and answers behind pushes.
            most = min(most, self.pacer.pacing.overall_per_second * 2)
        return most - len(self._chats)

    def _next_rest_ends(self) -> float:
        now = time.monotonic()
        return min((max(u - now, 0.001) for u in self._resting.values()), default=POLL_SECONDS)

    async def _serve(self, chat_id: int, messages: list[OutboxMessage]) -> None:
        """Send a chat's messages until they are out or the chat must rest."""
        try:
            while messages and not self.stopping:
                wait = self.pacer.chat_wait(chat_id, time.monotonic())
                if wait > 0:
                    raise BackOffError(wait)  # noqa: TRY301  # one way out for every kind of rest
                together = self._take_together(chat_id, messages)
                await self._send(together)
                del messages[: len(together)]
        except BackOffError as rest:
            self._resting[chat_id] = time.monotonic() + rest.seconds
        except UnavailableError as error:
            _log.warning("not_sent", error=describe_error(error))
            self._resting[chat_id] = time.monotonic() + OUTAGE_SECONDS
        except Exception as error:  # noqa: BLE001  # a chat must end, never the sender
            _log.error("chat_failed", error=describe_error(error), trace=trace_error(error))
            self._resting[chat_id] = time.monotonic() + REST_SECONDS_MAX
        finally:
            del self._chats[chat_id], self._queues[chat_id]
            if chat_id in self._behind or chat_id in self._resting or self._is_crowded:
                self._behind.discard(chat_id)
                self._read_again.set()

    def _take_together(
        self, chat_id: int, messages: Sequence[OutboxMessage]
    ) -> list[OutboxMessage]:
        """Return the messages that go next: one, or several confirmations that queue up."""
        # Joining only helps when the chat must wait; otherwise each confirmation keeps its buttons.
        if len(messages) > self.pacer.burst_left(chat_id, time.monotonic()):
            return list(messages[: count_joinable(messages)])
        return [messages[0]]

    async def _send(self, together: Sequence[OutboxMessage]) -> None:
        first = together[0]
        enter_flow(first.flow_name)
        await self._slot(first)
        failpoint("sender.before_send")
        began = time.time()
        try:
            async with self._bursts.leaving():
                message_id = await self._carry_out(together)
                self.outbox.note_sent(together, message_id)
        except UndeliverableError as given_up:
            record_step("send", began, outcome="dropped", kind=first.kind)
            for outbox_message in together:
                await self._drop(outbox_message, str(given_up))
            return
        # Several confirmations that leave as one message end the flow of each.
        for each in together:
            record_step("send", began, kind=each.kind, flow=each.flow_name)
        failpoint("sender.after_send")
        if len(together) == 1:
            await self._marks.sent(first, message_id)
        else:
            SENDS.labels("joined").inc(len(together) - 1)
            await retry_until_stored(lambda: self.outbox.joined(together, message_id))
        failpoint("sender.after_mark")
        DELIVERY_SECONDS.observe((self.clock() - first.created_at).total_seconds())

    async def _slot(self, outbox_message: OutboxMessage) -> None:
        """Wait for the overall limit, first come first served; answers pass pushes."""
        push = outbox_message.kind != "answer"
        # Two locks: an answer never queues behind pushes, and within a kind the order holds.
        async with self._pushes if push else self._answers:
            wait = self.pacer.overall_wait(time.monotonic(), push=push)
            while wait > 0:
                await asyncio.sleep(wait)
                wait = self.pacer.overall_wait(time.monotonic(), push=push)
            self.pacer.note(outbox_message.chat_id, time.monotonic())

    async def _carry_out(self, together: Sequence[OutboxMessage]) -> int | None:
        if len(together) > 1:
            return await self._transmission.carry_out(together[0], compose_joined(together))
        return await self._deliver(together[0])

    async def _deliver(self, outbox_message: OutboxMessage) -> int | None:
        message_id = await self._transmission.carry_out(outbox_message, compose(outbox_message))
        text_after_file = text_beside(outbox_message)
        if text_after_file is None:
            return message_id
        return await self._transmission.carry_out(outbox_message, text_after_file)

    async def _drop(self, outbox_message: OutboxMessage, what: str) -> None:
        error_id = new_error_id()
        if what == GONE:
            # A person's choice, not a failure.
            _log.info("card_gone")
        else:
            _log.error("message_dropped", error_id=error_id, what=what)
        await retry_until_stored(
            lambda: self.outbox.drop(outbox_message, error=f"{error_id} {what}")
        )
