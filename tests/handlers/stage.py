"""Every handler in this process: the real framework, services and database, and no network.

async with open_stage(database) as stage:
    (answer,) = await stage.say("coffee 4.50")
    await stage.press(answer, "Delete")
"""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import orjson
from telegram import User
from telegram.ext import ApplicationBuilder, ContextTypes, ExtBot
from telegram.request import BaseRequest

from bot.engine.inbox_messages import UPDATE_TYPES
from bot.setup.handlers import build_boundary
from handlers.context import Context
from handlers.routing.error_boundary import ErrorBoundary
from ledger.errors import LedgerError
from ports.jobs import Event, dump_event
from ports.mail import MailOffer
from ports.outbox import OutboxMessage
from ports.queue import InboxMessage, Job
from ports.repositories import Repositories
from replies.results import ResultHandler
from services.ai_policy import AiPolicy
from services.bundle import build_services
from services.entering import InstallationDefaults
from services.mail.addresses import MailDesk
from storage import Database
from tests.services.setup import categoriser

T = TypeVar("T")
ANN, BO = 7, 8
GROUP = -100
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
NAMES = {ANN: "Ann", BO: "Bo"}


class NoNetwork(BaseRequest):
    """The framework's way to Telegram; handlers must not use it."""

    @property
    def read_timeout(self) -> float | None:
        return None

    async def initialize(self) -> None:
        pass

    async def shutdown(self) -> None:
        pass

    async def do_request(self, url: str, *_: Any, **__: Any) -> tuple[int, bytes]:  # noqa: ANN401
        raise AssertionError(url.rpartition("/")[2])


@dataclass(slots=True)
class Stage:
    """People who write to the bot, and what it queues for them."""

    boundary: ErrorBoundary
    database: Database
    now: datetime = NOW
    messages: dict[tuple[int, int], OutboxMessage] = field(default_factory=dict)
    """Messages by chat and id, as Telegram shows them now."""
    is_heard: bool = True
    """False while Telegram's answers are lost: messages are shown, and stay unsent for the bot."""
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    async def say(self, text: str, *, user: int = ANN, chat: int = 0, **more: Any) -> list[Shown]:  # noqa: ANN401
        """Send a text and return what the bot sends or edits."""
        entities = [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
        if text.startswith("/"):
            more["entities"] = entities
        return await self.send(user=user, chat=chat, text=text, **more)

    async def send(self, *, user: int = ANN, chat: int = 0, **content: Any) -> list[Shown]:  # noqa: ANN401
        """Send a message of any kind."""
        message = self._message(user, chat or user, content)
        return await self.update({"message": message}, chat or user)

    async def edit(
        self,
        message_id: int,
        *,
        user: int = ANN,
        chat: int = 0,
        **content: Any,  # noqa: ANN401
    ) -> list[Shown]:
        """Edit a message that somebody sent."""
        message = self._message(user, chat or user, content) | {
            "message_id": message_id,
            "edit_date": int(self.now.timestamp()),
        }
        return await self.update({"edited_message": message}, chat or user)

    async def press(self, shown: Shown, label: str, *, user: int = ANN) -> list[Shown]:
        """Press the first button whose label holds these words."""
        return await self.press_data(shown, shown.data(label), user=user)

    async def press_data(self, shown: Shown, data: str, *, user: int = ANN) -> list[Shown]:
        """Press a button by its data."""
        return await self.update({"callback_query": self._query(shown, data, user)}, shown.chat_id)

    async def notice(self, shown: Shown, data: str, *, user: int = ANN) -> dict[str, Any]:
        """Return what answers a press at once."""
        return await self.boundary.check_press(self._query(shown, data, user))

    async def update(self, update: Mapping[str, Any], chat_id: int) -> list[Shown]:
        """Handle an update as the worker does, and deliver what it queued."""
        body = orjson.dumps({"update_id": next(self.numbers), **update}).decode()
        return await self._handle(InboxMessage(f"u{next(self.numbers)}", chat_id, body))

    async def event(self, event: Event, chat_id: int) -> list[Shown]:
        """Handle the result of a job."""
        key = f"j{next(self.numbers)}"
        return await self._handle(InboxMessage(key, chat_id, dump_event(event), "event"))

    async def run(self, work: Callable[[Repositories], T]) -> T:
        """Run plain code in a unit of its own."""
        async with self.database.units.open(now=self.now) as unit:
            return await unit.run(work)

    async def jobs(self) -> list[Job]:
        """Claim the jobs that wait."""
        return await self.database.jobs.claim(now=self.now, room=lambda _: 9, lease_seconds=9)

    async def _handle(self, message: InboxMessage) -> list[Shown]:
        self.now += timedelta(seconds=1)
        await self.database.inbox.add([message], now=self.now)
        (delivery,) = await self.database.inbox.claim(now=self.now, partitions=1, lease_seconds=60)
        try:
            async with self.database.units.open(now=self.now, claim=delivery) as unit:
                await self.boundary.handle(delivery, unit)
        except LedgerError as error:
            if not self.boundary.explains(error, delivery):
                raise
            async with self.database.units.open(now=self.now, claim=delivery) as unit:
                await self.boundary.explain(error, delivery, unit)
        return await self.deliver()

    async def deliver(self) -> list[Shown]:
        """Deliver what is queued, pictures left out."""
        for job in await self.database.jobs.claim(
            now=self.now, room=lambda kind: 9 if kind == "draw" else 0, lease_seconds=9
        ):
            await self.database.outbox.release(str(job.values["message_key"]), None)
            await self.database.jobs.done(job, event=None, now=self.now)
        pending = await self.database.outbox.pending(now=self.now, limit=99, skip=frozenset())
        shown = []
        for message in pending:
            message_id = message.target_id or next(self.numbers)
            if self.is_heard:
                await self.database.outbox.sent([(message, message_id)])
            self.messages[message.chat_id, message_id] = message
            shown.append(Shown(message.chat_id, message_id, message))
        return shown

    def _message(self, user: int, chat: int, content: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "message_id": next(self.numbers),
            "date": int(self.now.timestamp()),
            "chat": _chat(chat),
            "from": _user(user),
            **content,
        }

    def _query(self, shown: Shown, data: str, user: int) -> dict[str, Any]:
        message = self._message(user, shown.chat_id, {"text": "-"})
        return {
            "id": "1",
            "from": _user(user),
            "chat_instance": "1",
            "data": data,
            "message": message | {"message_id": shown.message_id},
        }


@dataclass(frozen=True, slots=True)
class Shown:
    """A message of the bot."""

    chat_id: int
    message_id: int
    message: OutboxMessage

    @property
    def text(self) -> str:
        return str(self.message.payload["text"])

    @property
    def is_edit(self) -> bool:
        return self.message.method == "edit"

    @property
    def buttons(self) -> dict[str, str]:
        """Return the data of each button by its label."""
        rows: Any = self.message.payload.get("buttons") or []
        return {button["label"]: button["data"] for row in rows for button in row}

    def data(self, label: str) -> str:
        """Return the data of the first button whose label holds these words."""
        found = [data for text, data in self.buttons.items() if label.casefold() in text.casefold()]
        assert found, (label, list(self.buttons), self.text)
        return found[0]


def _user(user_id: int) -> dict[str, Any]:
    return {
        "id": user_id,
        "is_bot": False,
        "first_name": NAMES.get(user_id, "Cat"),
        "language_code": "en",
    }


def _chat(chat_id: int) -> dict[str, Any]:
    if chat_id < 0:
        return {"id": chat_id, "type": "supergroup", "title": "Home"}
    return {"id": chat_id, "type": "private", "first_name": NAMES.get(chat_id, "Cat")}


@asynccontextmanager
async def open_stage(
    database: Database,
    *,
    allowed_users: frozenset[int] = frozenset(),
    results: Mapping[type[Event], ResultHandler] | None = None,
    ai_policy: AiPolicy | None = None,
    mail: MailOffer | None = None,
) -> AsyncIterator[Stage]:
    """Build everything behind the worker around a bot that knows itself."""
    assert UPDATE_TYPES
    bot: ExtBot[None] = ExtBot("1:token", request=NoNetwork(), get_updates_request=NoNetwork())
    bot._bot_user = User(1, "Kvitto", is_bot=True, username="kvitto_bot")
    application: Any = (
        ApplicationBuilder()
        .bot(bot)
        .updater(None)
        .job_queue(None)
        .context_types(ContextTypes(context=Context))
        .build()
    )
    services = build_services(
        categoriser(),
        InstallationDefaults("EUR", "Europe/Berlin", "en"),
        ai_policy=ai_policy,
    )
    services = replace(services, mail=MailDesk(mail or MailOffer()))
    boundary = build_boundary(application, allowed_users, database.units, services, results or {})
    stage = Stage(boundary, database)
    object.__setattr__(boundary, "clock", lambda: stage.now)
    yield stage
