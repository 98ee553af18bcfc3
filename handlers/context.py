"""What a handler sees of the update in its hands: who, where, when, the services, the voice.

The worker opens a unit of work and sets `UPDATE_SCOPE`; everything a handler does through its context
happens in that unit and becomes true with the worker's commit, or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from telegram import Chat as TelegramChat
from telegram import Message, Update, User
from telegram.constants import ChatType
from telegram.ext import Application, CallbackContext, ExtBot

from ledger.chats import ChatKind, Member, Presence
from ledger.days import utc
from ledger.settings import Settings
from ledger.source_keys import telegram_source
from ports.repositories import Repositories
from ports.units import UnitOfWork
from presentation.views.parts import NOBODY, Payers
from replies.admins import ask_for_admins
from replies.names import list_category_names, list_group_names
from replies.responder import ChatResponder
from services.bundle import Services
from services.members import list_payers
from services.scope import Scope
from services.texts.incoming_text import IncomingText

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class UpdateScope:
    """One update being handled: its unit, its moment, and its key, which names its messages."""

    unit: UnitOfWork
    key: str
    now: datetime


UPDATE_SCOPE: ContextVar[UpdateScope] = ContextVar("sitting")


class Context(CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """PTB's context with Kvitto's properties."""

    arrived: Update
    update_scope: UpdateScope
    """The unit of work that this update runs in; taken here, because a unit's work runs in a thread
    that does not see the context variable."""
    _place: Presence | None = None
    _voice: ChatResponder | None = None
    _payers: Payers = NOBODY

    @classmethod
    def from_update(
        cls,
        update: object,
        application: Application[Any, Any, Any, Any, Any, Any],
    ) -> Context:
        """Build the context of one update; PTB calls this."""
        context = super().from_update(update, application)
        assert isinstance(update, Update)
        context.arrived = update
        context.update_scope = UPDATE_SCOPE.get()
        return context

    @property
    def services(self) -> Services:
        """The services."""
        services = self.application.bot_data["desk"]
        assert isinstance(services, Services)
        return services

    @property
    def now(self) -> datetime:
        """The door's clock when the worker took the update."""
        return self.update_scope.now

    @property
    def message(self) -> Message:
        """The message that the update is, or that its button hangs on."""
        message = self.arrived.effective_message
        assert message is not None
        return message

    @property
    def person(self) -> User:
        """Who acts."""
        user = self.arrived.effective_user
        assert user is not None
        return user

    @property
    def words(self) -> str:
        """What follows the command, as typed."""
        parts = (self.message.text or "").split(maxsplit=1)
        return parts[1].strip() if len(parts) > 1 else ""

    @property
    def reply_to(self) -> int | None:
        """The message that this one answers."""
        answered = self.message.reply_to_message
        return answered.message_id if answered else None

    @property
    def responder(self) -> ChatResponder:
        """The voice in this chat; known once `run` was awaited."""
        assert self._voice is not None
        return self._voice

    async def run(self, work: Callable[[Scope], T]) -> T:
        """Run a service in the unit of work, in the scope of the update's chat and user."""

        def entered(repositories: Repositories) -> T:
            if self._place is None:
                self._place = self._enter(repositories)
                self._payers = list_payers(repositories, self._place.chat)
            user = self.arrived.effective_user
            ledger = self._place.chat.ledger
            return work(Scope(repositories, ledger, user.id if user else 0, self.now))

        result = await self.update_scope.unit.run(entered)
        if self._voice is None:
            self._voice = self._find_voice()
        return result

    def settings_changed(self, settings: Settings) -> None:
        """Go on replying by the new settings."""
        self.responder.use_settings(settings)
        self._place = Presence(self.responder.chat, None)

    def incoming(self, scope: Scope, text: str, *, command: bool = False) -> IncomingText:
        """Return a text of this update with its circumstances."""
        return IncomingText(
            text=self._without_mention(text),
            source=telegram_source(self.message.chat.id, self.message.message_id),
            sent_at=utc(self.message.date),
            chat_kind=kind_of(self.message.chat),
            addressed=command or self._addressed(),
            command=command,
            category_names=list_category_names(scope.settings),
            group_names=list_group_names(scope.settings),
        )

    def button_text(self, scope: Scope, text: str) -> IncomingText:
        """Return the text of a button as if its presser had typed it now."""
        return IncomingText(
            text=text,
            source=telegram_source(self.message.chat.id, self.message.message_id),
            sent_at=self.now,
            chat_kind=kind_of(self.message.chat),
            addressed=True,
            category_names=list_category_names(scope.settings),
            group_names=list_group_names(scope.settings),
        )

    def _enter(self, repositories: Repositories) -> Presence:
        chat = self.arrived.effective_chat
        assert chat is not None
        person = self.arrived.effective_user
        return self.services.entering.enter(
            repositories,
            chat.id,
            kind_of(chat),
            chat.title or chat.full_name or "",
            member_of(person) if person else None,
            now=self.now,
        )

    def _find_voice(self) -> ChatResponder:
        assert self._place is not None
        chat, member = self._place.chat, self._place.member
        if chat.kind == "group" and member and member.is_admin is None:
            ask_for_admins(self.update_scope.unit, chat.chat_id)
        message = self.arrived.effective_message
        return ChatResponder(
            unit=self.update_scope.unit,
            chat=chat,
            key=self.update_scope.key,
            now=self.now,
            user_id=member.user_id if member else None,
            reply_to=message.message_id if message else None,
            payers=self._payers,
            ai_policy=self.services.ai_policy,
        )

    def _addressed(self) -> bool:
        answered = self.message.reply_to_message
        if answered and answered.from_user and answered.from_user.id == self.bot.id:
            return True
        text = self.message.text or self.message.caption or ""
        return mention_of(self.bot.username).search(text) is not None

    def _without_mention(self, text: str) -> str:
        """Take the bot's own name out: it says whom the words are for, it is none of them."""
        return mention_of(self.bot.username).sub(" ", text).strip()


@lru_cache(maxsize=2)
def mention_of(username: str) -> re.Pattern[str]:
    """Return what finds `@username` in a text; a longer name that begins so is another's."""
    return re.compile(rf"(?<!\w)@{re.escape(username)}(?!\w)", re.IGNORECASE)


def kind_of(chat: TelegramChat) -> ChatKind:
    """Tell a private chat from every kind of group."""
    return "private" if chat.type == ChatType.PRIVATE else "group"


def member_of(user: User) -> Member:
    """Return what is kept of a person."""
    return Member(user.id, user.full_name, user.username, user.language_code)
