"""Queue messages in one chat as outbox rows of the open unit of work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from ledger.chats import Chat
from ledger.periods.days import day_of
from ledger.settings import Settings
from ports.messages import MessageKind, Outgoing, Reply, Subject
from ports.units import UnitOfWork
from presentation.localizer import Localizer, localizer_for
from presentation.page_links import Links
from presentation.views.parts import NOBODY, Payers, distinct
from replies.page_buttons import PageButtons
from services.ai_policy import AiPolicy

Address = Callable[[Links], str]
"""Returns the address of a view, by the links of a ledger."""


@dataclass(slots=True)
class ChatResponder:
    """Replies in a chat to one update, one job result, or one due push.

    `key` is unique for what is answered; the messages are keyed `<key>:1`, `<key>:2` and so on, so
    that a repeated answer finds its keys taken.
    """

    unit: UnitOfWork
    chat: Chat
    key: str
    now: datetime
    user_id: int | None = None
    """The user answered; None for pushes and for results that nobody waits for."""
    card_owner_id: int | None = None
    """The user for whom the pressed buttons are; their card stays theirs where an admin pressed."""
    reply_to: int | None = None
    """Telegram's id of the message answered; quoted in groups, where several people write."""
    payers: Payers = field(default_factory=lambda: NOBODY)
    ai_policy: AiPolicy = field(default_factory=AiPolicy)
    kind: MessageKind = "answer"
    expires_at: datetime | None = None
    """Unsent messages are dropped after this; None keeps them."""
    silent: bool = False
    """Answers make no sound; pushes do."""
    pages: PageButtons | None = None
    """Makes buttons to the dashboard, where Telegram can open it."""
    count: int = 0
    """The number of messages queued so far."""

    @property
    def t(self) -> Localizer:
        """Return words and formats of the chat."""
        return localizer_for(self.chat.settings)

    @property
    def today(self) -> date:
        """Return the day in the chat's time zone."""
        return day_of(self.now, self.chat.settings.timezone)

    @property
    def user_name(self) -> str:
        """Return the name of the user answered, as the other members of a group know them."""
        return self.payers.get(self.user_id or 0, "")

    @property
    def is_group(self) -> bool:
        """Return whether several people read the chat."""
        return self.chat.kind == "group"

    @property
    def next_key(self) -> str:
        """Return the key of the next message."""
        return f"{self.key}:{self.count + 1}"

    @property
    def last_key(self) -> str:
        """Return the key of the newest message; of the next one while there is none."""
        return f"{self.key}:{max(self.count, 1)}"

    def use_settings(self, settings: Settings) -> None:
        """Reply by changed settings from now on."""
        self.chat = replace(self.chat, ledger=replace(self.chat.ledger, settings=settings))

    def reply(
        self,
        reply: Reply | None,
        *,
        subject: Subject | None = None,
        edits: str | None = None,
        message_key: str | None = None,
        owner_id: int | None = None,
    ) -> None:
        """Queue a message, in the place of the message keyed `edits` where one is given.

        None queues nothing. In groups the buttons are for `owner_id`, the author of the entry that
        the message is about, or else for the user answered; and for the group's admins. Those of a
        card that takes the place of a pressed one are for whom they were before.
        """
        if reply is None:
            return
        key = message_key or self.next_key
        self.count += 1
        buttons = distinct(reply.buttons)
        if buttons is not reply.buttons:
            reply = replace(reply, buttons=buttons)
        in_group = self.is_group and self.kind == "answer"
        owner_id = owner_id or (self.card_owner_id if edits else None) or self.user_id
        self.unit.send(
            Outgoing(
                chat_id=self.chat.chat_id,
                message_key=key,
                reply=reply,
                edits=edits,
                reply_to=self.reply_to if in_group and not edits else None,
                owner_id=owner_id if in_group else None,
                subject=subject or Subject(),
                kind=self.kind,
                expires_at=self.expires_at,
                silent=self.silent,
            )
        )

    def reply_with_page(
        self, reply: Reply | None, address: Address, *, edits: str | None = None
    ) -> None:
        """Queue a message with a button that opens what it shows on the dashboard."""
        if reply is not None and self.pages is not None:
            reply = self.pages.add(reply, self.chat, address(Links(self.chat.ledger.key)), self.t)
        self.reply(reply, edits=edits)

    def push(self, reply: Reply | None) -> None:
        """Queue a message that nobody waits for, for example a budget's alert."""
        pushing = replace(self, kind="push", silent=False)
        pushing.reply(reply)
        # Keys are numbered across both kinds, so the copy's count is taken over.
        self.count = pushing.count
