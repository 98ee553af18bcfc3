"""The sender: brings messages from the outbox to Telegram, in order per chat, none forgotten.

One process of an installation sends (`leader`). Chats are served side by side; within a chat the
next message leaves when the one before is marked as sent, so that a process that dies repeats at
most one message a chat (Telegram has no key against it: answers go out at least once). A chat that
must wait (pacing, retry_after, a failure) rests alone; all others go on. Confirmations that queue
up behind the pacing of their chat are joined into one message.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

from bot.botapi import TelegramRefusedError, TelegramUnreachableError, Upload
from bot.clock import utc_now
from bot.composing import (
    Call,
    as_caption,
    as_document,
    as_plain,
    compose,
    compose_anew,
    compose_joined,
    count_joinable,
    file_id_in,
    text_beside,
    upload_field,
    with_file_id,
    without_buttons,
    without_file,
)
from bot.errors import describe_error, new_error_id, trace_error
from bot.lanes import Clock, Telegram, wait_for_event
from bot.logs import get_logger
from bot.metrics import DELIVERY_SECONDS, SEND_SECONDS, SENDS
from bot.pacing import Pacer
from bot.refusals import Remedy, remedy_for
from ledger.errors import NotFoundError, UnavailableError
from ports.blobs import Blobs
from ports.failpoints import reach
from ports.outbox import Outbox, Parcel

CHATS_MAX = 128
"""Chats served at the same time."""
FETCH_MAX = 512
PER_CHAT_MAX = 20
POLL_SECONDS = 0.5
OUTAGE_SECONDS = 1.0
LEADER_SECONDS = 2.0
REST_SECONDS_MAX = 15.0
"""The longest rest of a chat after a failure: after an outage all is out within a minute (F01)."""
OUTAGE_RUN = 20
"""After so many failures in a row Telegram is taken as down: one chat at a time tries on."""
FALLBACKS_MAX = 4
FILE_IDS_MAX = 2000
REFUSALS_MAX = 2000

_log = get_logger("bot.sender")


class SendingTelegram(Telegram, Protocol):
    """The client, with uploads."""

    async def upload(self, method: str, payload: dict[str, Any], upload: Upload) -> Any:  # noqa: ANN401  # JSON
        """Call a method with a file."""


class _RestError(Exception):
    """The chat must rest for these seconds; nothing of it is lost."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__()


class _GivenUpError(Exception):
    """The parcel was dropped: Telegram will never take it."""


@dataclass(slots=True)
class _Marks:
    """Marks that wait for the next commit; one commit takes all that came meanwhile."""

    outbox: Outbox
    clock: Clock
    _queue: list[tuple[Parcel, int | None, asyncio.Future[None]]] = field(default_factory=list)
    _flusher: asyncio.Task[None] | None = None

    async def sent(self, parcel: Parcel, message_id: int | None) -> None:
        """Mark a parcel as sent; returns when that is committed."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.append((parcel, message_id, done))
        if self._flusher is None:
            self._flusher = asyncio.create_task(self._flush())
        await asyncio.shield(done)

    async def _flush(self) -> None:
        while self._queue:
            batch, self._queue = self._queue, []
            results = [(parcel, message_id) for parcel, message_id, _ in batch]
            try:
                await _insist(lambda: self.outbox.sent(results, now=self.clock()))  # noqa: B023  # awaited here
            except Exception as error:  # noqa: BLE001  # it belongs to the waiters
                for _, _, done in batch:
                    done.set_exception(error)
                continue
            for _, _, done in batch:
                done.set_result(None)
        self._flusher = None


@dataclass(slots=True)
class Sender:
    """Runs until `stop`; `wake` says that a commit put something into the outbox."""

    outbox: Outbox
    telegram: SendingTelegram
    blobs: Blobs
    pacer: Pacer
    wake: asyncio.Event
    is_leader: Callable[[], Awaitable[bool]]
    clock: Clock = utc_now
    stopping: bool = False
    _chats: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    _resting: dict[int, float] = field(default_factory=dict)
    _fails: dict[int, int] = field(default_factory=dict)
    _failure_run: int = 0
    _file_ids: OrderedDict[str, str] = field(default_factory=OrderedDict)
    _refusals: OrderedDict[tuple[int, int], Remedy] = field(default_factory=OrderedDict)
    _answers: asyncio.Lock = field(default_factory=asyncio.Lock)
    _pushes: asyncio.Lock = field(default_factory=asyncio.Lock)
    _marks: _Marks = field(init=False)

    def __post_init__(self) -> None:
        """Give the marks their outbox."""
        self._marks = _Marks(self.outbox, self.clock)

    async def run(self) -> None:
        """Serve the outbox until `stop` was called."""
        led_until = 0.0
        while not self.stopping:
            if time.monotonic() >= led_until:
                if not await self.is_leader():
                    await asyncio.sleep(LEADER_SECONDS)
                    continue
                led_until = time.monotonic() + LEADER_SECONDS
            self.wake.clear()
            if not await self._dispatch() and not self.stopping:
                await wait_for_event(self.wake, self._next_rest_ends())

    async def stop(self, seconds: float) -> None:
        """Begin nothing new; what is under way ends and is marked, at most for these seconds."""
        self.stopping = True
        self.wake.set()
        if not self._chats:
            return
        _, late = await asyncio.wait(self._chats.values(), timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _dispatch(self) -> bool:
        """Give free chats their parcels; False when there was nothing to give."""
        now = time.monotonic()
        for chat_id in [c for c, until in self._resting.items() if until <= now]:
            del self._resting[chat_id]
        room = self._room()
        if room <= 0:
            return False
        skip = frozenset(self._chats) | frozenset(self._resting)
        try:
            parcels = await self.outbox.pending(
                now=self.clock(), limit=FETCH_MAX, skip=skip, per_chat=PER_CHAT_MAX
            )
        except UnavailableError as error:
            _log.warning("outbox_unavailable", error=describe_error(error))
            await asyncio.sleep(OUTAGE_SECONDS)
            return False
        chats: dict[int, list[Parcel]] = {}
        for parcel in parcels:
            chats.setdefault(parcel.chat_id, []).append(parcel)
        for chat_id, mine in list(chats.items())[:room]:
            self._chats[chat_id] = asyncio.create_task(
                self._serve(chat_id, mine), name=f"chat {chat_id}"
            )
        return bool(parcels)

    def _room(self) -> int:
        """Return how many more chats may be served now."""
        most = CHATS_MAX
        if self._failure_run >= OUTAGE_RUN:
            most = 1
        elif self.pacer.pacing is not None:
            # More would only wait in memory for the overall limit, and answers behind pushes.
            most = min(most, self.pacer.pacing.overall_per_second * 2)
        return most - len(self._chats)

    def _next_rest_ends(self) -> float:
        now = time.monotonic()
        return min((max(u - now, 0.001) for u in self._resting.values()), default=POLL_SECONDS)

    async def _serve(self, chat_id: int, parcels: list[Parcel]) -> None:
        """Send a chat's parcels until they are out or the chat must rest."""
        try:
            while parcels and not self.stopping:
                wait = self.pacer.chat_wait(chat_id, time.monotonic())
                if wait > 0:
                    raise _RestError(wait)  # noqa: TRY301  # one way out for every kind of rest
                together = self._take_together(chat_id, parcels)
                await self._send(together)
                del parcels[: len(together)]
        except _RestError as rest:
            self._resting[chat_id] = time.monotonic() + rest.seconds
        except UnavailableError as error:
            _log.warning("not_sent", error=describe_error(error))
            self._resting[chat_id] = time.monotonic() + OUTAGE_SECONDS
        except Exception as error:  # noqa: BLE001  # a chat must end, never the sender
            _log.error("chat_failed", error=describe_error(error), trace=trace_error(error))
            self._resting[chat_id] = time.monotonic() + REST_SECONDS_MAX
        finally:
            del self._chats[chat_id]
            self.wake.set()

    def _take_together(self, chat_id: int, parcels: Sequence[Parcel]) -> list[Parcel]:
        """Return the parcels that go next: one, or several confirmations that queue up."""
        if len(parcels) > self.pacer.burst_left(chat_id, time.monotonic()):
            return list(parcels[: count_joinable(parcels)])
        return [parcels[0]]

    async def _send(self, together: Sequence[Parcel]) -> None:
        first = together[0]
        await self._slot(first)
        reach("sender.before_send")
        try:
            if len(together) == 1:
                message_id = await self._deliver(first)
            else:
                message_id = await self._carry_out(first, compose_joined(together))
        except _GivenUpError as given_up:
            for parcel in together:
                await self._drop(parcel, str(given_up))
            return
        reach("sender.after_send")
        if len(together) == 1:
            await self._marks.sent(first, message_id)
        else:
            SENDS.labels("joined").inc(len(together) - 1)
            now = self.clock()
            await _insist(lambda: self.outbox.joined(together, message_id, now=now))
        reach("sender.after_mark")
        DELIVERY_SECONDS.observe((self.clock() - first.created_at).total_seconds())

    async def _slot(self, parcel: Parcel) -> None:
        """Wait for the overall limit, first come first served; answers pass pushes."""
        push = parcel.kind == "push"
        async with self._pushes if push else self._answers:
            wait = self.pacer.overall_wait(time.monotonic(), push=push)
            while wait > 0:
                await asyncio.sleep(wait)
                wait = self.pacer.overall_wait(time.monotonic(), push=push)
            self.pacer.note(parcel.chat_id, time.monotonic())

    async def _deliver(self, parcel: Parcel) -> int | None:
        message_id = await self._carry_out(parcel, compose(parcel))
        beside = text_beside(parcel)
        if beside is None:
            return message_id
        return await self._carry_out(parcel, beside)

    async def _carry_out(self, parcel: Parcel, call: Call) -> int | None:
        """Make a call, mending what Telegram refuses.

        Returns the id of the message that now stands in the chat, None when there is none.

        Raises:
            _GivenUpError: Telegram will never take it.
            _RestError: the chat must rest; the parcel stays where it is.
        """
        for _ in range(FALLBACKS_MAX):
            try:
                answer = await self._call(call)
            except TelegramUnreachableError as error:
                raise self._unreachable(parcel.chat_id, error) from error
            except TelegramRefusedError as error:
                self._reached(parcel.chat_id)
                mended = await self._refused(parcel, call, error)
                if not isinstance(mended, Call):
                    return mended
                call = mended
                continue
            except NotFoundError:
                _log.error("file_gone", error_id=new_error_id())
                call = without_file(call)
                continue
            self._reached(parcel.chat_id)
            SENDS.labels("ok").inc()
            if isinstance(answer, dict):
                return int(answer["message_id"])
            return parcel.target_id
        raise _GivenUpError("no_remedy_left")

    async def _call(self, call: Call) -> Any:  # noqa: ANN401  # JSON
        with SEND_SECONDS.time():
            if call.file is None:
                return await self.telegram.call(call.method, call.payload)
            known = self._file_ids.get(call.file.blob_key)
            if known is not None:
                ready = with_file_id(call, known)
                return await self.telegram.call(ready.method, ready.payload)
            data = await self.blobs.get(call.file.blob_key)
            upload = Upload(upload_field(call), data, call.file.name)
            answer = await self.telegram.upload(call.method, call.payload, upload)
        if isinstance(answer, dict) and (file_id := file_id_in(answer)):
            self._file_ids[call.file.blob_key] = file_id
            if len(self._file_ids) > FILE_IDS_MAX:
                self._file_ids.popitem(last=False)
        return answer

    async def _refused(
        self, parcel: Parcel, call: Call, error: TelegramRefusedError
    ) -> Call | int | None:
        """Do what a refusal asks for; return another call, or what `_carry_out` returns."""
        chat_id = parcel.chat_id
        remedy = remedy_for(error, call.method)
        SENDS.labels(remedy.value).inc()
        if remedy is Remedy.WAIT:
            await self._wait_as_told(parcel, error.retry_after or 1)
        if remedy in {Remedy.MOVE, Remedy.MUTE}:
            self._once(parcel, remedy)
        if remedy is Remedy.MOVE:
            assert error.migrate_to is not None
            moved_to, now = error.migrate_to, self.clock()
            await _insist(lambda: self.outbox.migrate(chat_id, moved_to, now=now))
            _log.info("chat_migrated")
            raise _RestError(0.0)
        if remedy is Remedy.MUTE:
            now = self.clock()
            await _insist(lambda: self.outbox.mute(chat_id, now=now))
            raise _RestError(0.0)
        if remedy is Remedy.REST:
            _log.error("token_refused", code=error.code)
            raise _RestError(REST_SECONDS_MAX)
        if remedy is Remedy.DONE:
            return parcel.target_id
        mended = self._mend(parcel, call, remedy)
        if mended is None:
            # A reason of Telegram's may quote the text it is about: only its first words are kept.
            _log.error("message_refused", code=error.code, reason=error.reason[:40])
            what = f"{error.code} {remedy.value}"
            raise _GivenUpError(what)
        if remedy is not Remedy.ANEW:
            _log.error(
                "message_mended",
                error_id=new_error_id(),
                method=call.method,
                remedy=remedy.value,
                code=error.code,
            )
        return mended

    def _once(self, parcel: Parcel, remedy: Remedy) -> None:
        """Give a parcel up that comes back with the same refusal.

        Muting and moving keep a parcel away only when its chat is one that we know.
        """
        key = (parcel.id, parcel.chat_id)
        if self._refusals.get(key) is remedy:
            raise _GivenUpError(remedy.value)
        self._refusals[key] = remedy
        if len(self._refusals) > REFUSALS_MAX:
            self._refusals.popitem(last=False)

    def _mend(self, parcel: Parcel, call: Call, remedy: Remedy) -> Call | None:
        """Return another call that Telegram may take, or None when there is none."""
        mended: Call | None = None
        if remedy is Remedy.ANEW and parcel.method == "edit":
            mended = compose_anew(parcel)
        elif remedy is Remedy.PLAIN:
            mended = as_plain(call)
        elif remedy is Remedy.NO_BUTTONS:
            mended = without_buttons(call)
        elif remedy is Remedy.CAPTION and "text" in call.payload:
            mended = as_caption(call)
        elif remedy is Remedy.DOCUMENT and call.method == "sendPhoto":
            mended = as_document(call)
        elif remedy is Remedy.UPLOAD and call.file is not None:
            return call if self._file_ids.pop(call.file.blob_key, None) else None
        return mended if mended != call else None

    async def _wait_as_told(self, parcel: Parcel, seconds: int) -> None:
        """Keep the chat silent as long as Telegram asks, over restarts too; others go on."""
        self.pacer.block(parcel.chat_id, time.monotonic() + seconds)
        until = self.clock() + timedelta(seconds=seconds)
        _log.info("asked_to_wait", seconds=seconds)
        await _insist(lambda: self.outbox.later(parcel, until=until, count_try=False))
        raise _RestError(float(seconds))

    def _unreachable(self, chat_id: int, error: TelegramUnreachableError) -> _RestError:
        """Count a failure; the chat rests longer with each."""
        SENDS.labels("unreachable").inc()
        self._failure_run += 1
        fails = self._fails[chat_id] = self._fails.get(chat_id, 0) + 1
        if self._failure_run == OUTAGE_RUN:
            _log.warning("telegram_down", cause=error.cause)
        seconds = min(0.5 * 2 ** min(fails - 1, 8), REST_SECONDS_MAX)
        return _RestError(seconds * (0.75 + random.random() / 2))  # noqa: S311  # spreads load

    def _reached(self, chat_id: int) -> None:
        self._failure_run = 0
        self._fails.pop(chat_id, None)

    async def _drop(self, parcel: Parcel, what: str) -> None:
        error_id = new_error_id()
        _log.error("message_dropped", error_id=error_id, what=what)
        now = self.clock()
        await _insist(lambda: self.outbox.drop(parcel, error=f"{error_id} {what}", now=now))


async def _insist(mark: Callable[[], Awaitable[None]]) -> None:
    """Repeat a mark until the database takes it: what was sent must not be sent again."""
    while True:
        try:
            await mark()
        except UnavailableError as error:
            _log.warning("mark_not_stored", error=describe_error(error))
            await asyncio.sleep(OUTAGE_SECONDS)
        else:
            return
