"""What readers outside found out after a person was answered, back in the chat's lane."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from ledger.chats import Chat
from ledger.source_keys import telegram_message, telegram_source
from ports.answers import Asked, Captured, Corrected, WhichEntry
from ports.repositories import Repositories
from ports.units import UnitOfWork
from presentation import views
from replies.names import list_category_names
from replies.responder import ChatResponder
from replies.responding import respond, respond_alerts, respond_asked, subject_of
from services.bundle import Services
from services.categories import recategorising
from services.categories.recategorising import Refiled
from services.members import list_payers
from services.scope import Scope
from services.texts import text_rereading as wording
from services.texts.incoming_text import IncomingText


async def refiled(
    services: Services, event: dict[str, Any], lane: int, key: str, unit: UnitOfWork, now: datetime
) -> None:
    """Show a confirmation anew when the categories of its entries got better."""

    def work(repositories: Repositories) -> tuple[ChatResponder, Refiled, str | None] | None:
        place = repositories.chats.find(lane)
        if place is None or place.chat.ledger.id != event["ledger_id"]:
            return None
        done = recategorising.apply(Scope(repositories, place.chat.ledger, 0, now), event)
        found = (
            repositories.conversations.confirmation(done.booked[0].entry.id)
            if done.booked
            else None
        )
        return (
            _build_responder(services, repositories, place.chat, key, unit, now),
            done,
            found.message_key if found else None,
        )

    done = await unit.run(work)
    if done is None:
        return
    responder, better, handle = done
    if better.booked and handle:
        reply = views.captured(
            Captured(better.booked), responder.t, today=responder.today, payers=responder.payers
        )
        responder.reply(reply, edits=handle, subject=subject_of(better.booked))
    respond_alerts(responder, better.alerts)


async def words_read(
    services: Services, event: dict[str, Any], lane: int, key: str, unit: UnitOfWork, now: datetime
) -> None:
    """Turn a refusal into the question whether this was meant."""

    def work(repositories: Repositories) -> tuple[ChatResponder, Asked | None] | None:
        place = repositories.chats.find(lane)
        if place is None:
            return None
        asked = wording.offer(
            Scope(repositories, place.chat.ledger, 0, now), services.questions, event
        )
        return _build_responder(services, repositories, place.chat, key, unit, now, event), asked

    done = await unit.run(work)
    if done and done[1]:
        respond_asked(done[0], done[1], edits=event["handle"])


async def voice_heard(
    services: Services, event: dict[str, Any], lane: int, key: str, unit: UnitOfWork, now: datetime
) -> None:
    """Take heard words like typed ones and show what was heard, or say why nothing was."""

    def work(
        repositories: Repositories,
    ) -> tuple[ChatResponder, Captured | Corrected | WhichEntry | None] | None:
        place = repositories.chats.find(lane)
        if place is None:
            return None
        responder = _build_responder(services, repositories, place.chat, key, unit, now, event)
        if not event["words"]:
            return responder, None
        written = IncomingText(
            text=str(event["words"]),
            source=source_of(event, lane),
            chat_kind=place.chat.kind,
            sent_at=datetime.fromisoformat(event["sent_at"]),
            addressed=True,
            category_names=list_category_names(place.chat.settings),
        )
        heard = services.capture.from_text(
            Scope(repositories, place.chat.ledger, int(event["user_id"]), now), written
        )
        return responder, replace(heard, heard=written.text)

    done = await unit.run(work)
    if done is None:
        return
    responder, answer = done
    if answer is None:
        responder.reply(views.not_heard(str(event["why"]), responder.t), edits=event["handle"])
    else:
        respond(responder, answer, edits=event["handle"])


async def voice_failed(
    services: Services, event: dict[str, Any], lane: int, key: str, unit: UnitOfWork, now: datetime
) -> None:
    """Say that a voice note was not handed over."""
    await voice_heard(services, {**event, "words": "", "why": "failed"}, lane, key, unit, now)


def _build_responder(
    services: Services,
    repositories: Repositories,
    chat: Chat,
    key: str,
    unit: UnitOfWork,
    now: datetime,
    event: dict[str, Any] | None = None,
) -> ChatResponder:
    return ChatResponder(
        unit,
        chat,
        key,
        now,
        user_id=int(event["user_id"]) if event else None,
        reply_to=_reply_to(event) if event else None,
        payers=list_payers(repositories, chat),
        ai_policy=services.ai_policy,
    )


def source_of(event: dict[str, Any], chat_id: int) -> str:
    """Return the source of the words behind an event; the first release named the message alone."""
    return str(event.get("source") or telegram_source(chat_id, int(event["message_id"])))


def _reply_to(event: dict[str, Any]) -> int | None:
    written = telegram_message(source_of(event, 0))
    return written[1] if written else None
