"""Results of jobs, back in their chat's lane."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers import outside
from handlers.context import names_of
from handlers.receipts import progress_handle
from handlers.telling import tell
from handlers.voice import Voice, payers_of
from looks import views
from ports.answers import Captured, Exported, Nothing, ReceiptRefused
from ports.books import Books, Chat, Receipt
from ports.queue import Waiting
from ports.units import Unit
from services.desk import Desk
from services.written import Written

_OUTSIDE: dict[str, Callable[..., Awaitable[None]]] = {
    "refiled": outside.refiled,
    "words_read": outside.words_read,
    "voice_heard": outside.voice_heard,
    "voice_failed": outside.voice_failed,
}
"""Results of readers outside."""


@dataclass(frozen=True, slots=True)
class Events:
    """Handles the events that jobs leave."""

    desk: Desk

    async def handle(
        self, event: dict[str, Any], waiting: Waiting, unit: Unit, now: datetime
    ) -> None:
        """Take an event to where it belongs; an unknown one is a mistake of ours."""
        lane = waiting.arrival.lane
        key = waiting.arrival.key
        if event["event"] in _OUTSIDE:
            await _OUTSIDE[event["event"]](self.desk, event, lane, key, unit, now)
            return
        handlers: dict[str, Callable[..., Any]] = {
            "receipt_read": self._receipt_read,
            "receipt_failed": self._receipt_failed,
            "exported": self._exported,
            "export_failed": self._export_failed,
            "admins": self._admins,
        }
        await handlers[event["event"]](event, lane, key, unit, now)

    async def _receipt_read(
        self, event: dict[str, Any], lane: int, key: str, unit: Unit, now: datetime
    ) -> None:
        def work(
            books: Books,
        ) -> tuple[Voice, Receipt, Captured | ReceiptRefused | Nothing] | None:
            receipt = books.receipts.find(str(event["receipt_id"]))
            if receipt is None:
                return None
            chat = books.chats.of_ledger(receipt.ledger_id)
            written = _written(chat, receipt, addressed=bool(event.get("addressed")))
            answer = self.desk.receipts.was_read(books, written, event, now=now)
            voice = Voice(
                unit,
                chat,
                key,
                now,
                person_id=receipt.user_id,
                reply_to=receipt.message_id,
                payers=payers_of(books, chat),
                outside=self.desk.outside,
            )
            return voice, receipt, answer

        done = await unit.run(work)
        if done is None:
            return
        voice, receipt, answer = done
        if isinstance(answer, Nothing):
            return
        private = voice.chat.kind == "private"
        tell(voice, answer, edits=progress_handle(receipt.id) if private else None)

    async def _receipt_failed(
        self, event: dict[str, Any], lane: int, key: str, unit: Unit, now: datetime
    ) -> None:
        refusal = {"id": "reading_failed", "values": {}}
        await self._receipt_read({**event, "refusal": refusal}, lane, key, unit, now)

    async def _exported(
        self, event: dict[str, Any], lane: int, key: str, unit: Unit, now: datetime
    ) -> None:
        voice = await self._voice(lane, key, unit, now)
        for file in event["files"]:
            done = Exported(str(file["blob_key"]), str(file["file_name"]), int(file["rows"]), None)
            voice.say(views.exported(done, voice.t, today=voice.today))

    async def _export_failed(
        self, event: dict[str, Any], lane: int, key: str, unit: Unit, now: datetime
    ) -> None:
        voice = await self._voice(lane, key, unit, now)
        voice.say(views.apology(str(event["reference"]), voice.t))

    async def _admins(
        self, event: dict[str, Any], lane: int, key: str, unit: Unit, now: datetime
    ) -> None:
        user_ids = [int(user_id) for user_id in event["user_ids"]]
        await unit.run(lambda books: books.chats.set_admins(lane, user_ids, now))

    async def _voice(self, lane: int, key: str, unit: Unit, now: datetime) -> Voice:
        def look(books: Books) -> Chat:
            place = books.chats.find(lane)
            assert place is not None
            return place.chat

        return Voice(unit, await unit.run(look), key, now)


def _written(chat: Chat, receipt: Receipt, *, addressed: bool) -> Written:
    return Written(
        chat=chat,
        user_id=receipt.user_id,
        message_id=receipt.message_id,
        text=receipt.caption,
        sent_at=receipt.received_at,
        addressed=addressed,
        category_names=names_of(chat.settings),
    )
