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

from handlers.events import Events
from handlers.presses import check, query_parts
from ledger.errors import LedgerError, UnavailableError
from ledger.settings import Settings, guess_settings
from looks import views
from looks.tongue import tongue_for
from ports.messages import Json, Outgoing, Reply
from ports.queue import Waiting
from ports.units import Unit, Units

Process = Callable[[Waiting, Unit, datetime], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Door:
    """Handles arrivals; wiring hands its methods to the worker. `process` runs the handlers."""

    process: Process
    events: Events
    units: Units
    clock: Callable[[], datetime]

    async def update(self, waiting: Waiting, unit: Unit) -> None:
        """Handle one update of Telegram."""
        now = self.clock()
        try:
            await self.process(waiting, unit, now)
        except UnavailableError:
            raise
        except LedgerError as error:
            await self._explain(error, waiting, unit)

    async def event(self, waiting: Waiting, unit: Unit) -> None:
        """Handle the result of a job."""
        event = json.loads(waiting.arrival.body)
        await self.events.handle(event, waiting, unit, self.clock())

    async def check_press(self, query: Mapping[str, Any]) -> dict[str, Json]:
        """Say what answers a press: nothing when it will be done, else a short notice."""
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
        lane = waiting.arrival.lane
        if not lane:
            return None
        place = await self.units.read(lambda books: books.chats.find(lane))
        settings = place.chat.settings if place else self._guess({})
        return views.apology(reference, tongue_for(settings))

    async def _explain(self, error: LedgerError, waiting: Waiting, unit: Unit) -> None:
        lane = waiting.arrival.lane
        place = await unit.run(lambda books: books.chats.find(lane))
        update = json.loads(waiting.arrival.body)
        message = update.get("message") or update.get("callback_query") or {}
        settings = place.chat.settings if place else self._guess(message)
        unit.send(
            Outgoing(
                lane,
                f"{waiting.arrival.key}:error",
                views.error(error, tongue_for(settings)),
                reply_to=message.get("message_id") if lane < 0 else None,
            )
        )

    def _guess(self, query: Mapping[str, Any]) -> Settings:
        language = (query.get("from") or {}).get("language_code")
        arrivals = self.events.desk.arrivals
        return guess_settings(
            language if isinstance(language, str) else None,
            currency=arrivals.currency,
            timezone=arrivals.timezone,
            default=arrivals.language,
        )
