"""The door between the worker and the handlers: presses, events, and errors put into words.

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
    """Handles arrivals; wiring hands its methods to the worker. `process` runs the handlers."""

    process: Process
    results: Results
    units: UnitOfWorkFactory
    clock: Callable[[], datetime]

    async def update(self, delivery: Delivery, unit: UnitOfWork) -> None:
        """Handle one update of Telegram."""
        now = self.clock()
        try:
            await self.process(delivery, unit, now)
        except (UnavailableError, ClaimLostError):
            raise
        except LedgerError as error:
            await self._explain(error, delivery, unit)

    async def event(self, delivery: Delivery, unit: UnitOfWork) -> None:
        """Handle the result of a job."""
        await self.results.handle(delivery.inbox_message, unit, self.clock())

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
        lane = delivery.inbox_message.partition
        if not lane:
            return None
        place = await self.units.read(lambda repositories: repositories.chats.find(lane))
        settings = place.chat.settings if place else self._guess({})
        return views.apology(reference, localizer_for(settings))

    async def _explain(self, error: LedgerError, delivery: Delivery, unit: UnitOfWork) -> None:
        lane = delivery.inbox_message.partition
        place = await unit.run(lambda repositories: repositories.chats.find(lane))
        update = json.loads(delivery.inbox_message.body)
        message = update.get("message") or update.get("callback_query") or {}
        settings = place.chat.settings if place else self._guess(message)
        unit.send(
            Outgoing(
                lane,
                f"{delivery.inbox_message.key}:error",
                views.error(error, localizer_for(settings)),
                reply_to=message.get("message_id") if lane < 0 else None,
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
