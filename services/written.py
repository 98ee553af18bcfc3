"""What a person wrote, as every capturing service needs it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ledger.text import TextContext
from ports.books import Chat


@dataclass(frozen=True, slots=True)
class Written:
    """A message or caption with its circumstances; `act_id` names the update that carries it."""

    chat: Chat
    user_id: int
    message_id: int
    text: str
    sent_at: datetime
    """When it was sent, never when it is handled: the day of an entry hangs on it."""
    act_id: str
    addressed: bool = False
    """A mention of the bot, a reply to it, or a command."""
    command: bool = False
    """The text followed a command: no chatter test."""

    def context(self) -> TextContext:
        """Return what the grammar must know."""
        settings = self.chat.settings
        return TextContext(
            chat_kind=self.chat.kind,
            currency=settings.currency,
            language=settings.language,
            timezone=settings.timezone,
            categories=tuple(
                name for own in settings.categories if not own.hidden for name in (own.name,)
            ),
            sent_at=self.sent_at,
            addressed=self.addressed,
            command=self.command,
        )
