"""The bot's voice in one chat: what a door says becomes outbox rows of the current unit."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from ledger.chats import Chat
from ledger.days import day_of
from ports.messages import Outgoing, Reply, Subject
from ports.repositories import Repositories
from ports.units import UnitOfWork
from presentation.localizer import Localizer, localizer_for
from presentation.views.parts import NOBODY, Payers
from services.ai_policy import AiPolicy


@dataclass(slots=True)
class ChatResponder:
    """Speaks in a chat on behalf of one update or event; `key` names its messages."""

    unit: UnitOfWork
    chat: Chat
    key: str
    now: datetime
    person_id: int | None = None
    reply_to: int | None = None
    """The message answered; quoted in groups, where several people write."""
    payers: Payers = field(default_factory=lambda: NOBODY)
    ai_policy: AiPolicy = field(default_factory=AiPolicy)
    """What may be asked of readers outside, as far as the chat allows."""
    said: int = 0

    @property
    def t(self) -> Localizer:
        """Words and formats of the chat."""
        return localizer_for(self.chat.settings)

    @property
    def today(self) -> date:
        """The day it is in the chat's time zone."""
        return day_of(self.now, self.chat.settings.timezone)

    def reply(
        self,
        reply: Reply | None,
        *,
        subject: Subject | None = None,
        edits: str | None = None,
        handle: str | None = None,
        owner_id: int | None = None,
        kind: Literal["answer", "push"] = "answer",
        expires_at: datetime | None = None,
    ) -> None:
        """Queue a message; with `edits`, in the place of an earlier one. None: nothing to say.

        In groups its buttons are for `owner_id`, the author of the entry that it is about, or else
        for the person answered; and for admins.
        """
        if reply is None:
            return
        self.said += 1
        group = self.chat.kind == "group"
        self.unit.send(
            Outgoing(
                chat_id=self.chat.chat_id,
                message_key=handle or f"{self.key}:{self.said}",
                reply=reply,
                edits=edits,
                reply_to=self.reply_to if group and not edits and kind == "answer" else None,
                owner_id=(owner_id or self.person_id) if group and kind == "answer" else None,
                subject=subject or Subject(),
                kind=kind,
                expires_at=expires_at,
            )
        )


def payers_of(repositories: Repositories, chat: Chat) -> Payers:
    """Return the names of a group's members; in a private chat nobody need be named."""
    if chat.kind == "private":
        return NOBODY
    return {member.user_id: member.name for member in repositories.chats.members(chat.ledger.id)}
