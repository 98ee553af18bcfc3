"""What a handler sees of the update in its hands: who, where, when, the services, the reply.

The worker opens a unit of work and sets `SITTING`; everything a handler does through its context
happens in that unit and becomes true with the worker's commit, or not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from telegram import Chat as TelegramChat
from telegram import Message, Update, User
from telegram.constants import ChatType
from telegram.ext import Application, CallbackContext, ExtBot

from ledger.days import utc
from looks.tongue import Tongue, tongue_for
from ports.books import Books, Chat, ChatKind, Member
from ports.messages import Outgoing, Reply, Subject
from ports.units import Unit
from services.desk import Desk
from services.written import Written

T = TypeVar("T")


@dataclass(slots=True)
class Sitting:
    """One update or event being handled: its unit, its moment, and its key for handles."""

    unit: Unit
    key: str
    now: datetime
    sent: int = field(default=0)

    def next_handle(self) -> str:
        """Name the next message of this update; the same update names the same messages."""
        self.sent += 1
        return f"{self.key}:{self.sent}"


SITTING: ContextVar[Sitting] = ContextVar("sitting")


class Context(CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """PTB's context with Kvitto's properties."""

    update: Update
    _chat: Chat | None = None

    @classmethod
    def from_update(
        cls,
        update: object,
        application: Application[Any, Any, Any, Any, Any, Any],
    ) -> Context:
        """Build the context of one update; PTB calls this."""
        context = super().from_update(update, application)
        assert isinstance(update, Update)
        context.update = update
        return context

    @property
    def desk(self) -> Desk:
        """The services."""
        desk = self.application.bot_data["desk"]
        assert isinstance(desk, Desk)
        return desk

    @property
    def sitting(self) -> Sitting:
        """The unit of work that this update runs in."""
        return SITTING.get()

    @property
    def now(self) -> datetime:
        """The door's clock when the worker took the update."""
        return self.sitting.now

    @property
    def message(self) -> Message:
        """The message that the update is, or that its button hangs on."""
        message = self.update.effective_message
        assert message is not None
        return message

    @property
    def person(self) -> User:
        """Who acts."""
        user = self.update.effective_user
        assert user is not None
        return user

    @property
    def chat(self) -> Chat:
        """The chat with its ledger; known once `run` was awaited."""
        assert self._chat is not None
        return self._chat

    @property
    def tongue(self) -> Tongue:
        """Words and formats of this chat."""
        return tongue_for(self.chat.settings)

    @property
    def words(self) -> str:
        """What follows a command, as typed."""
        text = self.message.text or self.message.caption or ""
        _, _, rest = text.partition(" ") if " " in text.split("\n", 1)[0] else text.partition("\n")
        return rest.strip()

    async def run(self, work: Callable[[Books, Chat], T]) -> T:
        """Run a service in the unit of work, with the chat that the update belongs to."""

        def entered(books: Books) -> T:
            if self._chat is None:
                self._chat = self._enter(books)
            return work(books, self._chat)

        return await self.sitting.unit.run(entered)

    def reply(
        self,
        reply: Reply,
        *,
        edits: str | None = None,
        subject: Subject | None = None,
        quote: bool = True,
        handle: str | None = None,
    ) -> None:
        """Answer in this chat; with `edits`, in the place of an earlier message."""
        group = self.chat.kind == "group"
        self.sitting.unit.send(
            Outgoing(
                chat_id=self.chat.chat_id,
                handle=handle or self.sitting.next_handle(),
                reply=reply,
                edits=edits,
                reply_to=self.message.message_id if group and quote and not edits else None,
                owner_id=self.person.id if group else None,
                subject=subject or Subject(),
            )
        )

    def written(self, chat: Chat, text: str, *, command: bool = False) -> Written:
        """Return a text of this update with its circumstances."""
        return Written(
            chat=chat,
            user_id=self.person.id,
            message_id=self.message.message_id,
            text=text,
            sent_at=utc(self.message.date),
            act_id=self.sitting.key,
            addressed=self._addressed(),
            command=command,
            category_names=tongue_for(chat.settings).category_names,
        )

    def _enter(self, books: Books) -> Chat:
        chat = self.update.effective_chat
        assert chat is not None
        person = self.update.effective_user
        return self.desk.arrivals.enter(
            books,
            chat.id,
            kind_of(chat),
            chat.title or chat.full_name or "",
            member_of(person) if person else None,
            now=self.now,
        )

    def _addressed(self) -> bool:
        message = self.message
        answered = message.reply_to_message
        if answered and answered.from_user and answered.from_user.id == self.bot.id:
            return True
        mention = f"@{self.bot.username}".casefold()
        return mention in (message.text or message.caption or "").casefold()


def kind_of(chat: TelegramChat) -> ChatKind:
    """Tell a private chat from every kind of group."""
    return "private" if chat.type == ChatType.PRIVATE else "group"


def member_of(user: User) -> Member:
    """Return what is kept of a person."""
    return Member(user.id, user.full_name, user.username, user.language_code)
