"""A confirmation follows its entries: when one changes elsewhere, its message is edited."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.context import Context
from handlers.voice import Voice
from ledger.entry import Entry
from looks import views
from ports.answers import Booked, Captured, Corrected, Deleted
from ports.books import Books, Chat
from ports.messages import Reply, Subject

REFRESHED_MAX = 10
"""Messages edited for one change; beyond, the answer itself must do."""


async def refresh(context: Context, entries: Sequence[Entry]) -> None:
    """Edit the newest confirmation of each entry that changed, with all that it confirms."""

    def look(books: Books, chat: Chat) -> dict[str, list[Booked]]:
        found: dict[str, list[Booked]] = {}
        seen: set[str] = set()
        for entry in entries:
            if len(found) == REFRESHED_MAX:
                break
            handle = _handle(books, chat, entry)
            if handle is None or entry.id in seen:
                continue
            together = _confirmed_with(books, chat, entry, handle)
            seen.update(one.id for one in together)
            found[handle] = [
                context.desk.corrections.booking.show(books, chat, one, now=context.now)
                for one in together
            ]
        return found

    voice = context.voice
    for handle, booked in (await context.run(look)).items():
        subject = Subject(tuple(one.entry.id for one in booked))
        owner_id = booked[0].entry.paid_by
        voice.say(_shown(voice, booked), edits=handle, subject=subject, owner_id=owner_id)


def _handle(books: Books, chat: Chat, entry: Entry) -> str | None:
    found = books.conversations.handle_of_entry(entry.id)
    return found[1] if found and found[0] == chat.chat_id else None


def _confirmed_with(books: Books, chat: Chat, entry: Entry, handle: str) -> list[Entry]:
    """Return the entries that this message is about, deleted ones too, as they were written."""
    origin = entry.origin
    siblings = books.entries.of_message(origin.chat_id, origin.message_id)
    found = [one for one in siblings if one.id == entry.id or _handle(books, chat, one) == handle]
    return found or [entry]


def _shown(voice: Voice, booked: Sequence[Booked]) -> Reply | None:
    """Say what a confirmation says now: one entry as after a correction, several as a list."""
    live = [one for one in booked if not one.entry.deleted_at]
    if len(booked) == 1:
        entry = booked[0].entry
        if entry.deleted_at:
            return views.deleted(Deleted(entry), voice.t)
        one = Corrected(booked[0])
        return views.corrected(one, voice.t, today=voice.today, payers=voice.payers)
    if not live:
        return views.gone([one.entry for one in booked], voice.t)
    answer = Captured(tuple(live))
    return views.captured(answer, voice.t, today=voice.today, payers=voice.payers)
