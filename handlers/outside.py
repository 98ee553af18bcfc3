"""What readers outside found out after a person was answered, back in the chat's lane."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from handlers.context import names_of
from handlers.telling import subject_of, tell, tell_alerts, tell_asked
from handlers.voice import Voice, payers_of
from looks import views
from ports.answers import Asked, Captured, Corrected, WhichEntry
from ports.books import Books, Chat
from ports.units import Unit
from services import refiling, wording
from services.desk import Desk
from services.refiling import Refiled
from services.written import Written


async def refiled(
    desk: Desk, event: dict[str, Any], lane: int, key: str, unit: Unit, now: datetime
) -> None:
    """Show a confirmation anew when the categories of its entries got better."""

    def work(books: Books) -> tuple[Voice, Refiled, str | None] | None:
        place = books.chats.find(lane)
        if place is None or place.chat.ledger_id != event["ledger_id"]:
            return None
        done = refiling.apply(books, place.chat, event, now=now)
        found = books.conversations.confirmation(done.booked[0].entry.id) if done.booked else None
        return (
            _voice(desk, books, place.chat, key, unit, now),
            done,
            found.handle if found else None,
        )

    done = await unit.run(work)
    if done is None:
        return
    voice, better, handle = done
    if better.booked and handle:
        reply = views.captured(
            Captured(better.booked), voice.t, today=voice.today, payers=voice.payers
        )
        voice.say(reply, edits=handle, subject=subject_of(better.booked))
    tell_alerts(voice, better.alerts)


async def words_read(
    desk: Desk, event: dict[str, Any], lane: int, key: str, unit: Unit, now: datetime
) -> None:
    """Turn a refusal into the question whether this was meant."""

    def work(books: Books) -> tuple[Voice, Asked | None] | None:
        place = books.chats.find(lane)
        if place is None:
            return None
        asked = wording.offer(books, desk.questions, place.chat, event, now=now)
        return _voice(desk, books, place.chat, key, unit, now, event), asked

    done = await unit.run(work)
    if done and done[1]:
        tell_asked(done[0], done[1], edits=event["handle"])


async def voice_heard(
    desk: Desk, event: dict[str, Any], lane: int, key: str, unit: Unit, now: datetime
) -> None:
    """Take heard words like typed ones and show what was heard, or say why nothing was."""

    def work(books: Books) -> tuple[Voice, Captured | Corrected | WhichEntry | None] | None:
        place = books.chats.find(lane)
        if place is None:
            return None
        voice = _voice(desk, books, place.chat, key, unit, now, event)
        if not event["words"]:
            return voice, None
        written = Written(
            chat=place.chat,
            user_id=int(event["user_id"]),
            message_id=int(event["message_id"]),
            text=str(event["words"]),
            sent_at=datetime.fromisoformat(event["sent_at"]),
            addressed=True,
            category_names=names_of(place.chat.settings),
        )
        heard = desk.capture.from_text(books, written, now=now)
        return voice, replace(heard, heard=written.text)

    done = await unit.run(work)
    if done is None:
        return
    voice, answer = done
    if answer is None:
        voice.say(views.not_heard(str(event["why"]), voice.t), edits=event["handle"])
    else:
        tell(voice, answer, edits=event["handle"])


async def voice_failed(
    desk: Desk, event: dict[str, Any], lane: int, key: str, unit: Unit, now: datetime
) -> None:
    """Say that a voice note was not handed over."""
    await voice_heard(desk, {**event, "words": "", "why": "failed"}, lane, key, unit, now)


def _voice(
    desk: Desk,
    books: Books,
    chat: Chat,
    key: str,
    unit: Unit,
    now: datetime,
    event: dict[str, Any] | None = None,
) -> Voice:
    return Voice(
        unit,
        chat,
        key,
        now,
        person_id=int(event["user_id"]) if event else None,
        reply_to=int(event["message_id"]) if event else None,
        payers=payers_of(books, chat),
        outside=desk.outside,
    )
