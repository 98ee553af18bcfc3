"""Give a handler the update, its user and chat, the services and the responder.

The worker opens a unit of work. Everything that a handler does through its context happens in that
unit and becomes true with the worker's commit, or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Concatenate, ParamSpec, TypeVar

from telegram import Chat as TelegramChat
from telegram import Message, Update, User
from telegram.constants import ChatType
from telegram.ext import CallbackContext, ExtBot

from handlers.routing.plain_text import PlainChat, PlainMessage, PlainText, PlainUser
from ledger.chats import ChatKind, Member, Presence
from ledger.entries.source_keys import telegram_source
from ledger.periods.days import utc
from ledger.settings import Settings
from ports.repositories import Repositories
from ports.units import UnitOfWork
from presentation.views.parts import NOBODY, Payers
from replies.admins import ask_for_admins
from replies.names import list_category_names, list_group_names
from replies.page_buttons import PageButtons
from replies.responder import ChatResponder
from replies.responding import Answer, respond
from services.bundle import Services
from services.button_presses import ButtonPress
from services.entering import SeenChat
from services.members import list_payers
from services.scope import Scope
from services.texts.incoming_text import IncomingText

T = TypeVar("T")
P = ParamSpec("P")

SERVICES = "services"
"""Key of the services among the framework's `bot_data`."""


@dataclass(frozen=True, slots=True)
class UpdateScope:
    """One update being handled: its unit, the moment, and its key, below which replies are keyed."""

    unit: UnitOfWork
    key: str
    now: datetime


class Context(CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """The framework's context with Kvitto's properties."""

    received: Update | PlainText
    update_scope: UpdateScope
    press: ButtonPress | None = None
    """The button that was pressed; the answer takes the place of its message."""
    given_arguments: str | None = None
    """The words for a command that a button runs."""
    _presence: Presence | None = None
    _responder: ChatResponder | None = None
    _payers: Payers = NOBODY

    @property
    def services(self) -> Services:
        """Return the services."""
        services = self.application.bot_data[SERVICES]
        assert isinstance(services, Services)
        return services

    @property
    def now(self) -> datetime:
        """Return the moment when the worker took the update."""
        return self.update_scope.now

    @property
    def message(self) -> Message:
        """Return the message that the update is, or that the pressed button belongs to."""
        message = self.received.effective_message
        assert isinstance(message, Message), "its handler takes no plain text"
        return message

    @property
    def user(self) -> User:
        """Return the user who acts."""
        user = self.received.effective_user
        assert isinstance(user, User), "its handler takes no plain text"
        return user

    @property
    def text(self) -> str:
        """Return the text or caption of the message."""
        return self._written.text or self._written.caption or ""

    @property
    def arguments(self) -> str:
        """Return the text after the command, as typed."""
        if self.given_arguments is not None:
            return self.given_arguments
        parts = (self._written.text or "").split(maxsplit=1)
        return parts[1].strip() if len(parts) > 1 else ""

    @property
    def reply_to(self) -> int | None:
        """Return the id of the message that this one replies to."""
        replied = self._written.reply_to_message
        return replied.message_id if replied else None

    @property
    def _written(self) -> Message | PlainMessage:
        message = self.received.effective_message
        assert isinstance(message, (Message, PlainMessage))
        return message

    @property
    def responder(self) -> ChatResponder:
        """Return the responder of this chat; it exists once `run` or `enter` was awaited."""
        assert self._responder is not None
        return self._responder

    @property
    def pressed_key(self) -> str | None:
        """Return the key of the message whose button was pressed, if Telegram still shows it."""
        shown = isinstance(self.received.effective_message, Message)
        return self.press.message_key if self.press and shown else None

    @property
    def is_in_picture(self) -> bool:
        """Return whether the pressed button stands below a picture."""
        return self.pressed_key is not None and self.replaced_key is None

    @property
    def replaced_key(self) -> str | None:
        """Return the key of the message whose button was pressed, if a text can replace it."""
        message = self.received.effective_message
        # The caption of a picture is too short, and a message that Telegram no longer shows is gone.
        takes_text = isinstance(message, Message) and message.effective_attachment is None
        return self.press.message_key if self.press and takes_text else None

    async def run(
        self, service: Callable[Concatenate[Scope, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a service in the unit of work, in the scope of the update's chat and user."""

        def run_in_scope(repositories: Repositories) -> T:
            if self._presence is None:
                self._presence = self._enter(repositories)
                self._payers = list_payers(repositories, self._presence.chat)
            user = self.received.effective_user
            ledger = self._presence.chat.ledger
            scope = Scope(repositories, ledger, user.id if user else 0, self.now)
            return service(scope, *args, **kwargs)

        result = await self.update_scope.unit.run(run_in_scope)
        if self._responder is None:
            self._responder = self._build_responder()
        return result

    async def enter(self) -> ChatResponder:
        """Enter the chat without asking a service; return its responder."""
        await self.run(lambda scope: None)
        return self.responder

    async def answer(
        self,
        service: Callable[Concatenate[Scope, P], Answer | None],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """Run a service and say its answer, in the place of the pressed button's message."""
        answer = await self.run(service, *args, **kwargs)
        respond(self.responder, answer, edits=self.replaced_key)

    def use_settings(self, settings: Settings) -> None:
        """Go on by changed settings."""
        self.responder.use_settings(settings)
        self._presence = Presence(self.responder.chat, None)

    async def run_outside(
        self, work: Callable[Concatenate[Repositories, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a service that concerns chats, without entering this one."""
        return await self.update_scope.unit.run(
            lambda repositories: work(repositories, *args, **kwargs)
        )

    def incoming(self, text: str, *, command: bool = False) -> IncomingText:
        """Return a text of this update with its circumstances; the chat has been entered."""
        assert self._presence is not None
        settings, message = self._presence.chat.settings, self._written
        return IncomingText(
            text=mention_of(self.bot.username).sub(" ", text).strip(),
            source=telegram_source(message.chat.id, message.message_id),
            sent_at=utc(message.date),
            edited_at=self._edited_at(),
            chat_kind=kind_of(message.chat),
            addressed=command or self._is_addressed(),
            command=command,
            category_names=list_category_names(settings),
            group_names=list_group_names(settings),
        )

    def button_text(self, text: str) -> IncomingText:
        """Return the text of a button as if the user had typed it now."""
        assert self._presence is not None
        settings = self._presence.chat.settings
        return IncomingText(
            text=text,
            source=telegram_source(self.message.chat.id, self.message.message_id),
            sent_at=self.now,
            chat_kind=kind_of(self.message.chat),
            addressed=True,
            category_names=list_category_names(settings),
            group_names=list_group_names(settings),
        )

    def _enter(self, repositories: Repositories) -> Presence:
        chat = self.received.effective_chat
        assert chat is not None
        user = self.received.effective_user
        return self.services.entering.enter(
            repositories,
            SeenChat(chat.id, kind_of(chat), chat.title or chat.full_name or ""),
            member_of(user) if user else None,
            now=self.now,
        )

    def _build_responder(self) -> ChatResponder:
        assert self._presence is not None
        chat, member = self._presence.chat, self._presence.member
        if chat.kind == "group" and member and member.is_admin is None:
            ask_for_admins(self.update_scope.unit, chat.chat_id)
        message = self.received.effective_message
        return ChatResponder(
            unit=self.update_scope.unit,
            chat=chat,
            key=self.update_scope.key,
            now=self.now,
            user_id=member.user_id if member else None,
            card_owner_id=self.press.owner_id if self.press else None,
            reply_to=message.message_id if message else None,
            payers=self._payers,
            ai_policy=self.services.ai_policy,
            pages=self._page_buttons(),
        )

    def _page_buttons(self) -> PageButtons | None:
        app_url = self.services.dashboard_links.app_url
        # A link that opens the dashboard from a group works for a bot with a Main Mini App alone.
        named = self.bot.username if self.bot.bot.has_main_web_app else ""
        return PageButtons(app_url, named) if app_url else None

    def _edited_at(self) -> datetime | None:
        """Return when this version of a message was written, None for a first one."""
        if isinstance(self.received, PlainText) or self.received.edited_message is None:
            return None
        return utc(self.message.edit_date or self.message.date)

    def _is_addressed(self) -> bool:
        replied = self._written.reply_to_message
        if replied and replied.from_user and replied.from_user.id == self.bot.id:
            return True
        return mention_of(self.bot.username).search(self.text) is not None


@lru_cache(maxsize=2)
def mention_of(username: str) -> re.Pattern[str]:
    """Return the pattern of `@username`; a longer name that begins so is another user's."""
    return re.compile(rf"(?<!\w)@{re.escape(username)}(?!\w)", re.IGNORECASE)


def kind_of(chat: TelegramChat | PlainChat) -> ChatKind:
    """Tell a private chat from every kind of group."""
    return "private" if chat.type == ChatType.PRIVATE else "group"


def member_of(user: User | PlainUser) -> Member:
    """Return the fields of a user that are kept."""
    # A deleted account has no name at all.
    name = user.full_name or user.username or str(user.id)
    return Member(user.id, name, user.username, user.language_code)
