"""Enter a chat: its first message begins a ledger, with settings that are guessed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from ledger.chats import ChatKind, Member, Presence
from ledger.settings import Settings, guess_settings
from ports.repositories import Repositories
from services.reporting.pushes import plan
from services.scope import Scope


@dataclass(frozen=True, slots=True)
class Entering:
    """Finds or begins the ledger of a chat. The defaults are those of the installation."""

    currency: str
    timezone: str
    language: str

    def guess(self, language: str | None) -> Settings:
        """Return the settings of somebody who has no ledger yet, by their app's language."""
        return guess_settings(
            language, currency=self.currency, timezone=self.timezone, default=self.language
        )

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
        """Return the chat, begun when it is new; update names, and send to a muted chat again."""
        place = repositories.chats.find(chat_id, person.user_id if person else None)
        if place is None:
            settings = self.guess(person.language if person else None)
            chat = repositories.chats.add(chat_id, kind, title, settings, now)
            plan(Scope(repositories, chat.ledger, 0, now))
            known = None
        else:
            chat, known = place.chat, place.member
        # Most messages change nothing here, so most need no write.
        if person and known != replace(person, is_admin=known.is_admin if known else None):
            repositories.chats.see(chat, person, now)
            known = replace(person, is_admin=known.is_admin if known else None)
        # A message proves that the chat can reach the bot again.
        if chat.muted:
            repositories.chats.mute(chat_id, muted=False)
            chat = replace(chat, muted=False)
        if title and chat.title != title:
            repositories.chats.rename(chat_id, title)
            chat = replace(chat, title=title)
        return Presence(chat, known)
