"""Carry one message to Telegram and mend what is refused.

A refusal either has a remedy that makes another call of it (`bot.telegram.refusals`), or says something of
the chat (wait, moved, closed), or cannot be helped. What stays open after a failure of the network
stays in the outbox.
"""

from __future__ import annotations

import random
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

from bot.engine.partitions import Clock, Telegram
from bot.ops.clock import utc_now
from bot.ops.errors import new_error_id
from bot.ops.logs import get_logger
from bot.ops.metrics import SEND_SECONDS, SENDS
from bot.telegram.api import TelegramRefusedError, TelegramUnreachableError, Upload
from bot.telegram.composing import (
    Call,
    as_caption,
    as_document,
    as_plain,
    compose_anew,
    file_id_in,
    upload_field,
    with_file_id,
    without_buttons,
    without_file,
)
from bot.telegram.pacing import Pacer
from bot.telegram.refusals import Remedy, remedy_for
from bot.telegram.sent_batcher import retry_until_stored
from ledger.errors import NotFoundError
from ports.blobs import Blobs
from ports.outbox import GONE, Outbox, OutboxMessage

REST_SECONDS_MAX = 15.0
"""The longest rest of a chat after a failure: after an outage all is out within a minute (F01)."""
OUTAGE_RUN = 20
"""After so many failures in a row Telegram is taken as down."""
FALLBACKS_MAX = 4
FILE_IDS_MAX = 2000
REFUSALS_MAX = 2000

_log = get_logger("bot.engine.sender")


class SendingTelegram(Telegram, Protocol):
    """The client, with uploads."""

    async def upload(self, method: str, payload: dict[str, Any], upload: Upload) -> Any:  # noqa: ANN401  # JSON
        """Call a method with a file."""


class BackOffError(Exception):
    """The chat must rest for these seconds; nothing of it is lost."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__()


class UndeliverableError(Exception):
    """The message must be dropped: Telegram will never take it."""


@dataclass(slots=True)
class Transmission:
    """Makes the calls; remembers uploaded files, refusals, and how often Telegram failed."""

    outbox: Outbox
    telegram: SendingTelegram
    blobs: Blobs
    pacer: Pacer
    clock: Clock = utc_now
    _fails: dict[int, int] = field(default_factory=dict)
    _failure_run: int = 0
    _file_ids: OrderedDict[str, str] = field(default_factory=OrderedDict)
    _refusals: OrderedDict[tuple[int, int], Remedy] = field(default_factory=OrderedDict)

    @property
    def is_telegram_down(self) -> bool:
        """Return whether so many calls failed in a row that more would only wait."""
        return self._failure_run >= OUTAGE_RUN

    async def carry_out(self, outbox_message: OutboxMessage, call: Call) -> int | None:
        """Make a call, mending what Telegram refuses.

        Returns the id of the message that now stands in the chat, None when there is none.

        Raises:
            UndeliverableError: Telegram will never take it.
            BackOffError: the chat must rest; the message stays where it is.
        """
        for _ in range(FALLBACKS_MAX):
            try:
                answer = await self._call(call)
            except TelegramUnreachableError as error:
                raise self._unreachable(outbox_message.chat_id, error) from error
            except TelegramRefusedError as error:
                self._reached(outbox_message.chat_id)
                mended = await self._refused(outbox_message, call, error)
                if not isinstance(mended, Call):
                    return mended
                call = mended
                continue
            except NotFoundError:
                _log.error("file_gone", error_id=new_error_id())
                call = without_file(call)
                continue
            self._reached(outbox_message.chat_id)
            SENDS.labels("ok").inc()
            # Methods that neither send nor edit a message answer True.
            if isinstance(answer, dict):
                return int(answer["message_id"])
            return outbox_message.target_id
        raise UndeliverableError("no_remedy_left")

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
            # Telegram may refuse an id later; `Remedy.UPLOAD` then sends the file itself again.
            self._file_ids[call.file.blob_key] = file_id
            if len(self._file_ids) > FILE_IDS_MAX:
                self._file_ids.popitem(last=False)
        return answer

    async def _refused(
        self, outbox_message: OutboxMessage, call: Call, error: TelegramRefusedError
    ) -> Call | int | None:
        """Do what a refusal asks for; return another call, or what `_carry_out` returns."""
        chat_id = outbox_message.chat_id
        remedy = remedy_for(error, call.method)
        SENDS.labels(remedy.value).inc()
        if remedy is Remedy.WAIT:
            await self._wait_as_told(outbox_message, error.retry_after or 1)
        if remedy in {Remedy.MOVE, Remedy.MUTE}:
            self._once(outbox_message, remedy)
        if remedy is Remedy.MOVE:
            assert error.migrate_to is not None
            moved_to, now = error.migrate_to, self.clock()
            await retry_until_stored(lambda: self.outbox.migrate(chat_id, moved_to, now=now))
            _log.info("chat_migrated")
            raise BackOffError(0.0)
        if remedy is Remedy.MUTE:
            await retry_until_stored(lambda: self.outbox.mute(chat_id))
            raise BackOffError(0.0)
        # A wrong token refuses every message alike, so this one stays in the outbox.
        if remedy is Remedy.REST:
            _log.error("token_refused", code=error.code)
            raise BackOffError(REST_SECONDS_MAX)
        if remedy is Remedy.DONE:
            return outbox_message.target_id
        # A person deleted the card on purpose, so it does not return as a new message.
        if remedy is Remedy.ANEW and outbox_message.kind == "card":
            raise UndeliverableError(GONE)
        mended = self._mend(outbox_message, call, remedy)
        if mended is None:
            # A reason of Telegram's may quote the text it is about: only its first words are kept.
            _log.error("message_refused", code=error.code, reason=error.reason[:40])
            what = f"{error.code} {remedy.value}"
            raise UndeliverableError(what)
        if remedy is not Remedy.ANEW:
            _log.error(
                "message_mended",
                error_id=new_error_id(),
                method=call.method,
                remedy=remedy.value,
                code=error.code,
            )
        return mended

    def _once(self, outbox_message: OutboxMessage, remedy: Remedy) -> None:
        """Give a message up that comes back with the same refusal.

        Muting and moving keep a message away only when its chat is one that we know.
        """
        key = (outbox_message.id, outbox_message.chat_id)
        if self._refusals.get(key) is remedy:
            raise UndeliverableError(remedy.value)
        self._refusals[key] = remedy
        if len(self._refusals) > REFUSALS_MAX:
            self._refusals.popitem(last=False)

    def _mend(self, outbox_message: OutboxMessage, call: Call, remedy: Remedy) -> Call | None:
        """Return another call that Telegram may take, or None when there is none."""
        mended: Call | None = None
        if remedy is Remedy.ANEW and outbox_message.method == "edit":
            mended = compose_anew(outbox_message)
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

    async def _wait_as_told(self, outbox_message: OutboxMessage, seconds: int) -> None:
        """Keep the chat silent as long as Telegram asks, over restarts too; others go on."""
        now = time.monotonic()
        self.pacer.block(outbox_message.chat_id, now + seconds, now)
        until = self.clock() + timedelta(seconds=seconds)
        _log.info("asked_to_wait", seconds=seconds)
        await retry_until_stored(
            lambda: self.outbox.later(outbox_message, until=until, count_try=False)
        )
        raise BackOffError(float(seconds))

    def _unreachable(self, chat_id: int, error: TelegramUnreachableError) -> BackOffError:
        """Count a failure; the chat rests longer with each."""
        SENDS.labels("unreachable").inc()
        self._failure_run += 1
        fails = self._fails[chat_id] = self._fails.get(chat_id, 0) + 1
        if self._failure_run == OUTAGE_RUN:
            _log.warning("telegram_down", cause=error.cause)
        # Half a second, doubled by each failure; the factor below spreads the tries of many chats.
        seconds = min(0.5 * 2 ** min(fails - 1, 8), REST_SECONDS_MAX)
        return BackOffError(seconds * (0.75 + random.random() / 2))  # noqa: S311  # spreads load

    def _reached(self, chat_id: int) -> None:
        self._failure_run = 0
        self._fails.pop(chat_id, None)
