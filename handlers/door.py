"""The door of updates and events: what the worker calls inside an open unit.

It is the one translator of errors here: what a person may be told is told, in the same unit (a
service checks before it writes); anything else goes up and rolls the unit back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from telegram import Update
from telegram.ext import Application

from handlers.context import SITTING, Sitting
from handlers.events import Events
from handlers.presses import check, query_parts
from handlers.strangers import Strangers
from handlers.voice import Voice
from ledger.errors import LedgerError, UnavailableError
from ledger.settings import guess_settings
from looks import views
from looks.tongue import tongue_for
from ports.messages import Json, Reply
from ports.queue import Waiting
from ports.units import Unit, Units

FAILURE: ContextVar[list[BaseException]] = ContextVar("failure")
"""What a handler raised: PTB swallows it, the door does not."""


@dataclass(frozen=True, slots=True)
class Door:
    """Handles arrivals; wiring hands its methods to the worker."""

    application: Application[Any, Any, Any, Any, Any, Any]
    events: Events
    units: Units
    strangers: Strangers
    clock: Callable[[], datetime]

    async def update(self, waiting: Waiting, unit: Unit) -> None:
        """Handle one update of Telegram."""
        update = Update.de_json(json.loads(waiting.arrival.body), self.application.bot)
        now = self.clock()
        if self.strangers.turned_away(update, unit):
            return
        failures: list[BaseException] = []
        FAILURE.set(failures)
        SITTING.set(Sitting(unit, waiting.arrival.key, now))
        await self.application.process_update(update)
        if failures:
            await self._explain(failures[0], update, waiting, unit, now)

    async def event(self, waiting: Waiting, unit: Unit) -> None:
        """Handle the result of a job."""
        await self.events.handle(json.loads(waiting.arrival.body), waiting, unit, self.clock())

    async def check_press(self, query: Mapping[str, Any]) -> dict[str, Json]:
        """Say what answers a press: nothing when it is done, else a short notice."""
        parts = query_parts(query)
        if parts is None:
            return {}
        now = self.clock()
        checked = await self.units.read(lambda books: check(books, *parts, now))
        if checked.refusal is None:
            return {}
        settings = checked.chat.settings if checked.chat else self._guess(query)
        return {"text": views.toast(checked.refusal, tongue_for(settings))}

    async def apologise(self, waiting: Waiting, reference: str) -> Reply | None:
        """Make the words for somebody whose message failed for good."""
        if waiting.arrival.kind != "update" and waiting.arrival.lane == 0:
            return None
        place = await self.units.read(lambda books: books.chats.find(waiting.arrival.lane))
        settings = place.chat.settings if place else self._guess({})
        return views.apology(reference, tongue_for(settings))

    async def _explain(
        self, error: BaseException, update: Update, waiting: Waiting, unit: Unit, now: datetime
    ) -> None:
        if not isinstance(error, LedgerError) or isinstance(error, UnavailableError):
            raise error
        chat = update.effective_chat
        place = await unit.run(lambda books: books.chats.find(chat.id)) if chat else None
        if place is None:
            raise error
        message = update.effective_message
        voice = Voice(
            unit,
            place.chat,
            f"{waiting.arrival.key}:error",
            now,
            reply_to=message.message_id if message else None,
        )
        voice.say(views.error(error, voice.t))

    def _guess(self, query: Mapping[str, Any]) -> Any:  # noqa: ANN401
        language = (query.get("from") or {}).get("language_code")
        arrivals = self.events.desk.arrivals
        return guess_settings(
            language if isinstance(language, str) else None,
            currency=arrivals.currency,
            timezone=arrivals.timezone,
            default=arrivals.language,
        )


async def keep_failure(update: object, context: Any) -> None:  # noqa: ANN401
    """Keep what a handler raised, so that the door can raise it again (PTB's error handler)."""
    FAILURE.get().append(context.error)
