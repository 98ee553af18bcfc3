"""A confirmation follows its entry: when the entry changes elsewhere, its message is edited."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.context import Context
from ledger.entry import Entry
from looks import views
from ports.answers import Booked, Corrected, Deleted
from ports.books import Books, Chat
from ports.messages import Subject

REFRESHED_MAX = 10
"""Messages edited for one change; beyond, the answer itself must do."""


async def refresh(context: Context, entries: Sequence[Entry]) -> None:
    """Edit the confirmations of entries that changed, where each has one of its own."""
    changed = entries[:REFRESHED_MAX]

    def look(books: Books, chat: Chat) -> list[tuple[str, Booked]]:
        found = []
        for entry in changed:
            handle = books.conversations.handle_of_entry(entry.id)
            if handle and handle[0] == chat.chat_id:
                booked = context.desk.corrections.booking.show(books, chat, entry, now=context.now)
                found.append((handle[1], booked))
        return found

    voice = context.voice
    for handle, booked in await context.run(look):
        if booked.entry.deleted_at:
            reply = views.deleted(Deleted(booked.entry), voice.t)
        else:
            reply = views.corrected(
                Corrected(booked), voice.t, today=voice.today, payers=voice.payers
            )
        voice.say(reply, edits=handle, subject=Subject((booked.entry.id,)))
