"""The way from the worker to the handlers: presses, events, and errors put into words.

It is the one translator of errors here. What a person may be told is told in the same unit (a
service checks before it writes); anything else goes up, rolls the unit back and is tried again.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers.buttons import check, query_parts
from ledger.errors import ClaimLostError, LedgerError, UnavailableError
from ledger.settings import Settings, guess_settings
from ports.messages import Json, Outgoing, Reply
from ports.queue import Delivery
from ports.units import UnitOfWork, UnitOfWorkFactory
from presentation import views
from presentation.localizer import localizer_for
from replies.results import Results

Process = Callable[[Delivery, UnitOfWork, datetime], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class ErrorBoundary:
    """The worker's one way in; `process` runs the handlers of updates."""

    process: Process
    results: Results
    units: UnitOfWorkFactory
    clock: Callable[[], datetime]

    async def handle(self, delivery: Delivery, unit: UnitOfWork) -> None:
        """Handle an update of Telegram, or the result of a job."""
        now = self.clock()
        if delivery.inbox_message.kind == "event":
            await self.results.handle(delivery.inbox_message, unit, now)
            return
        try:
            await self.process(delivery, unit, now)
        except (UnavailableError, ClaimLostError):
            raise
        except LedgerError as error:
            await self._explain(error, delivery, unit)

    async def check_press(self, query: Mapping[str, Any]) -> dict[str, Json]:
        """Say what answers a press: nothing when it will be done, else a short notice."""
        parts = query_parts(query)
        if parts is None:
            return {}
        now = self.clock()
        checked = await self.units.read(lambda repositories: check(repositories, *parts, now))
        if checked.refusal is None:
            return {}
        settings = checked.chat.settings if checked.chat else self._guess(query)
        return {"text": views.toast(checked.refusal, localizer_for(settings))}

    async def apologise(self, delivery: Delivery, reference: str) -> Reply | None:
        """Make the words for somebody whose message failed for good."""
        chat_id = delivery.inbox_message.partition
        if not chat_id:
            return None
        place = await self.units.read(lambda repositories: repositories.chats.find(chat_id))
        settings = place.chat.settings if place else self._guess({})
        return views.apology(reference, localizer_for(settings))

    async def _explain(self, error: LedgerError, delivery: Delivery, unit: UnitOfWork) -> None:
        chat_id = delivery.inbox_message.partition
        place = await unit.run(lambda repositories: repositories.chats.find(chat_id))
        update = json.loads(delivery.inbox_message.body)
        message = update.get("message") or update.get("callback_query") or {}
        settings = place.chat.settings if place else self._guess(message)
        unit.send(
            Outgoing(
                chat_id,
                f"{delivery.inbox_message.key}:error",
                views.error(error, localizer_for(settings)),
                reply_to=message.get("message_id") if chat_id < 0 else None,
            )
        )

    def _guess(self, query: Mapping[str, Any]) -> Settings:
        language = (query.get("from") or {}).get("language_code")
        entering = self.results.services.entering
        return guess_settings(
            language if isinstance(language, str) else None,
            currency=entering.currency,
            timezone=entering.timezone,
            default=entering.language,
        )
