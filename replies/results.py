"""Find the handler of an event, and define what it receives."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ledger.chats import Chat
from ledger.entries.source_keys import is_from_outside, telegram_message
from ports.jobs import Event, load_event
from ports.queue import InboxMessage
from ports.repositories import Repositories
from ports.units import UnitOfWork
from replies.responder import ChatResponder
from services.bundle import Services
from services.members import list_payers


@dataclass(frozen=True, slots=True)
class ResultScope:
    """The unit of work in which one event is handled."""

    services: Services
    unit: UnitOfWork
    chat_id: int
    key: str
    """Key of the event's inbox message; messages that answer it are keyed below this."""
    now: datetime

    def build_responder(
        self,
        repositories: Repositories,
        chat: Chat,
        *,
        user_id: int | None = None,
        source: str = "",
    ) -> ChatResponder:
        """Return the responder of a chat; it answers the user and message that asked for the job."""
        written = telegram_message(source)
        return ChatResponder(
            unit=self.unit,
            chat=chat,
            key=self.key,
            now=self.now,
            user_id=user_id,
            reply_to=written[1] if written else None,
            payers=list_payers(repositories, chat),
            ai_policy=self.services.ai_policy,
            # A program got its answer when it called, a mail gets none; the chat need not be rung.
            silent=is_from_outside(source),
        )


ResultHandler = Callable[[ResultScope, Any], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Results:
    """Takes each event to its handler."""

    services: Services
    handlers: Mapping[type[Event], ResultHandler]
    _types: dict[str, type[Event]] = field(init=False)

    def __post_init__(self) -> None:
        """List the known events by the names under which they are stored."""
        object.__setattr__(self, "_types", {event.name: event for event in self.handlers})

    async def handle(self, message: InboxMessage, unit: UnitOfWork, now: datetime) -> None:
        """Handle an event. Raises `UnknownEventError` for one that this version does not know."""
        event = load_event(self._types, message.body, message.partition)
        scope = ResultScope(self.services, unit, message.partition, message.key, now)
        await self.handlers[type(event)](scope, event)
