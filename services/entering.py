"""Enter a chat, whose first message begins a ledger with guessed settings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from ledger.chats import ChatKind, Member, Presence
from ledger.settings import Settings, guess_settings
from ports.repositories import Repositories
from services.reporting.pushes import plan
from services.scope import Scope


@dataclass(frozen=True, slots=True)
class InstallationDefaults:
    """The settings of a new ledger where nothing better can be guessed."""

    currency: str
    """ISO 4217 code."""
    timezone: str
    """IANA name."""
    language: str
    """Language tag."""


@dataclass(frozen=True, slots=True)
class SeenChat:
    """A chat as an update shows it."""

    chat_id: int
    kind: ChatKind
    title: str


@dataclass(frozen=True, slots=True)
class Entering:
    """Finds or begins the ledger of a chat."""

    defaults: InstallationDefaults

    def guess(self, language: str | None) -> Settings:
        """Return the settings of somebody who has no ledger yet, by their app's language."""
        defaults = self.defaults
        return guess_settings(
            language,
            currency=defaults.currency,
            timezone=defaults.timezone,
            default=defaults.language,
        )

    def enter(
        self,
        repositories: Repositories,
        seen: SeenChat,
        person: Member | None,
        *,
        now: datetime,
    ) -> Presence:
        """Return the chat, begun when it is new; update names, and send to a muted chat again."""
        place = repositories.chats.find(seen.chat_id, person.user_id if person else None)
        if place is None:
            settings = self.guess(person.language if person else None)
            chat = repositories.chats.add(seen.chat_id, seen.kind, seen.title, settings, now)
            plan(Scope(repositories, chat.ledger, 0, now))
            known = None
        else:
            chat, known = place.chat, place.member
        # Most messages change nothing here, so most need no write.
        if person and not (known and person.is_known_as(known)):
            repositories.chats.see(chat, person, now)
            known = replace(person, is_admin=known.is_admin if known else None)
        # A message proves that the chat can reach the bot again.
        if chat.muted:
            repositories.chats.mute(seen.chat_id, muted=False)
            chat = replace(chat, muted=False)
        if seen.title and chat.title != seen.title:
            repositories.chats.rename(seen.chat_id, seen.title)
            chat = replace(chat, title=seen.title)
        return Presence(chat, known)
