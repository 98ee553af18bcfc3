"""Who writes where: a chat has a ledger from its first word on, with settings that are guessed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from ledger.chats import ChatKind, Member, Presence
from ledger.settings import guess_settings
from ports.repositories import Repositories
from services.reporting.pushes import plan
from services.scope import Scope


@dataclass(frozen=True, slots=True)
class Entering:
    """Finds or begins the ledger of a chat. The defaults are the installation's."""

    currency: str
    timezone: str
    language: str

    def enter(
        self,
        repositories: Repositories,
        chat_id: int,
        kind: ChatKind,
        title: str,
        person: Member | None,
        *,
        now: datetime,
    ) -> Presence:
        """Return the chat, beginning it when it is new; keep names current, wake a muted chat."""
        place = repositories.chats.find(chat_id, person.user_id if person else None)
        if place is None:
            settings = guess_settings(
                person.language if person else None,
                currency=self.currency,
                timezone=self.timezone,
                default=self.language,
            )
            chat = repositories.chats.add(chat_id, kind, title, settings, now)
            plan(Scope(repositories, chat.ledger, 0, now))
            known = None
        else:
            chat, known = place.chat, place.member
        if person and known != replace(person, is_admin=known.is_admin if known else None):
            repositories.chats.see(chat, person, now)
            known = replace(person, is_admin=known.is_admin if known else None)
        if chat.muted:
            repositories.chats.mute(chat_id, muted=False)
            chat = replace(chat, muted=False)
        if title and chat.title != title:
            repositories.chats.rename(chat_id, title)
            chat = replace(chat, title=title)
        return Presence(chat, known)
