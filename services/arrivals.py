"""Who writes where: a chat has a ledger from its first word on, with settings that are guessed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from ledger.settings import guess_settings
from ports.books import Books, ChatKind, Member, Place
from services.pushes import plan


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Finds or begins the ledger of a chat. The defaults are the installation's."""

    currency: str
    timezone: str
    language: str

    def enter(
        self,
        books: Books,
        chat_id: int,
        kind: ChatKind,
        title: str,
        person: Member | None,
        *,
        now: datetime,
    ) -> Place:
        """Return the chat, beginning it when it is new; keep names current, wake a muted chat."""
        place = books.chats.find(chat_id, person.user_id if person else None)
        if place is None:
            settings = guess_settings(
                person.language if person else None,
                currency=self.currency,
                timezone=self.timezone,
                default=self.language,
            )
            chat = books.chats.add(chat_id, kind, title, settings, now)
            plan(books, chat, now)
            known = None
        else:
            chat, known = place.chat, place.member
        if person and known != replace(person, is_admin=known.is_admin if known else None):
            books.chats.see(chat, person, now)
            known = replace(person, is_admin=known.is_admin if known else None)
        if chat.muted:
            books.chats.mute(chat_id, muted=False)
            chat = replace(chat, muted=False)
        if title and chat.title != title:
            books.chats.rename(chat_id, title)
            chat = replace(chat, title=title)
        return Place(chat, known)
