"""Results of jobs, back in their chat's lane."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ledger.chats import Chat
from ledger.source_keys import telegram_message
from ledger.stored_receipts import Receipt
from ports.answers import Captured, Exported, Nothing, ReceiptRefused
from ports.outbox import MIGRATED
from ports.queue import Delivery
from ports.repositories import Repositories
from ports.units import UnitOfWork
from presentation import views
from replies import ai_results
from replies.message_keys import receipt_key
from replies.names import list_category_names
from replies.responder import ChatResponder
from replies.responding import respond
from services.bundle import Services
from services.members import list_payers
from services.scope import Scope
from services.texts.incoming_text import IncomingText

_OUTSIDE: dict[str, Callable[..., Awaitable[None]]] = {
    "refiled": ai_results.refiled,
    "words_read": ai_results.words_read,
    "voice_heard": ai_results.voice_heard,
    "voice_failed": ai_results.voice_failed,
}
"""Results of readers outside."""


@dataclass(frozen=True, slots=True)
class Events:
    """Handles the events that jobs leave."""

    services: Services

    async def handle(
        self, event: dict[str, Any], delivery: Delivery, unit: UnitOfWork, now: datetime
    ) -> None:
        """Take an event to where it belongs; an unknown one is a mistake of ours."""
        lane = delivery.inbox_message.partition
        key = delivery.inbox_message.key
        if event["event"] in _OUTSIDE:
            await _OUTSIDE[event["event"]](self.services, event, lane, key, unit, now)
            return
        handlers: dict[str, Callable[..., Any]] = {
            "receipt_read": self._receipt_read,
            "receipt_failed": self._receipt_failed,
            "exported": self._exported,
            "export_failed": self._export_failed,
            "admins": self._admins,
            MIGRATED: self._migrated,
        }
        await handlers[event["event"]](event, lane, key, unit, now)

    async def _receipt_read(
        self, event: dict[str, Any], lane: int, key: str, unit: UnitOfWork, now: datetime
    ) -> None:
        _ = lane

        def work(
            repositories: Repositories,
        ) -> tuple[ChatResponder, Receipt, Captured | ReceiptRefused | Nothing] | None:
            receipt = repositories.receipts.find(int(event["ledger_id"]), str(event["receipt_id"]))
            if receipt is None:
                return None
            chat = repositories.chats.of_ledger(receipt.ledger_id)
            written = _written(chat, receipt, addressed=bool(event.get("addressed")))
            answer = self.services.receipts.was_read(
                Scope(repositories, chat.ledger, receipt.user_id, now), written, event
            )
            responder = ChatResponder(
                unit,
                chat,
                key,
                now,
                user_id=receipt.user_id,
                reply_to=message_of(receipt),
                payers=list_payers(repositories, chat),
                ai_policy=self.services.ai_policy,
            )
            return responder, receipt, answer

        done = await unit.run(work)
        if done is None:
            return
        responder, receipt, answer = done
        if isinstance(answer, Nothing):
            return
        private = responder.chat.kind == "private"
        respond(responder, answer, edits=receipt_key(receipt.id) if private else None)

    async def _receipt_failed(
        self, event: dict[str, Any], lane: int, key: str, unit: UnitOfWork, now: datetime
    ) -> None:
        refusal = {"id": "reading_failed", "values": {}}
        await self._receipt_read({**event, "refusal": refusal}, lane, key, unit, now)

    async def _exported(
        self, event: dict[str, Any], lane: int, key: str, unit: UnitOfWork, now: datetime
    ) -> None:
        responder = await self._voice(lane, key, unit, now)
        for file in event["files"]:
            done = Exported(str(file["blob_key"]), str(file["file_name"]), int(file["rows"]), None)
            respond(responder, done)

    async def _export_failed(
        self, event: dict[str, Any], lane: int, key: str, unit: UnitOfWork, now: datetime
    ) -> None:
        responder = await self._voice(lane, key, unit, now)
        responder.reply(views.apology(str(event["reference"]), responder.t))

    async def _admins(
        self, event: dict[str, Any], lane: int, key: str, unit: UnitOfWork, now: datetime
    ) -> None:
        _ = key
        user_ids = [int(user_id) for user_id in event["user_ids"]]
        await unit.run(lambda repositories: repositories.chats.set_admins(lane, user_ids, now))

    async def _migrated(
        self, event: dict[str, Any], lane: int, key: str, unit: UnitOfWork, now: datetime
    ) -> None:
        _ = lane, key
        old_id, new_id = int(event["old_id"]), int(event["new_id"])
        await unit.run(
            lambda repositories: self.services.merging.migrate(repositories, old_id, new_id, now)
        )

    async def _voice(self, lane: int, key: str, unit: UnitOfWork, now: datetime) -> ChatResponder:
        def look(repositories: Repositories) -> Chat:
            place = repositories.chats.find(lane)
            assert place is not None
            return place.chat

        return ChatResponder(unit, await unit.run(look), key, now)


def _written(chat: Chat, receipt: Receipt, *, addressed: bool) -> IncomingText:
    return IncomingText(
        text=receipt.caption,
        source=receipt.source,
        chat_kind=chat.kind,
        sent_at=receipt.received_at,
        addressed=addressed,
        category_names=list_category_names(chat.settings),
    )


def message_of(receipt: Receipt) -> int | None:
    """Return the Telegram message that brought a receipt, None where it came another way."""
    written = telegram_message(receipt.source)
    return written[1] if written else None
