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
            confirmed = books.conversations.confirmation(entry.id)
            if confirmed is None or confirmed.chat_id != chat.chat_id or entry.id in seen:
                continue
            seen.update(confirmed.entry_ids)
            together = [books.entries.find(chat.ledger_id, one) for one in confirmed.entry_ids]
            found[confirmed.handle] = [
                context.desk.corrections.booking.show(books, chat, one, now=context.now)
                for one in together
                if one is not None
            ]
        return found

    voice = context.voice
    for handle, booked in (await context.run(look)).items():
        subject = Subject(tuple(one.entry.id for one in booked))
        owner_id = booked[0].entry.paid_by
        voice.say(_shown(voice, booked), edits=handle, subject=subject, owner_id=owner_id)


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
