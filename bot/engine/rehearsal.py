"""Handle a text once before the first one comes, and roll it back.

What the first text of a process needs (packs of words, the model, the framework's types, compiled
statements) takes a quarter of a second to load, so it is loaded before the first poll.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

import orjson

from bot.ops.errors import describe_error
from bot.ops.logs import get_logger
from ports.queue import Delivery, InboxMessage
from ports.units import UnitOfWork, UnitOfWorkFactory

Handle = Callable[[Delivery, UnitOfWork], Awaitable[None]]

_NOBODY = 0
"""Id of a chat and a person that Telegram never gives."""

_log = get_logger("bot.engine.worker")


class _RollBackError(Exception):
    """Ends the rehearsal's unit without a commit."""


async def rehearse(handle: Handle, units: UnitOfWorkFactory, now: datetime) -> None:
    """Handle an invented text in a unit that is rolled back; a failure is only logged."""
    person = {"id": _NOBODY, "is_bot": False, "first_name": "-", "language_code": "en"}
    message = {
        "message_id": 1,
        "date": int(now.timestamp()),
        "chat": {"id": _NOBODY, "type": "private", "first_name": "-"},
        "from": person,
        "text": "coffee 4.50",
    }
    body = orjson.dumps({"update_id": 0, "message": message}).decode()
    delivery = Delivery(0, InboxMessage("rehearsal", _NOBODY, body), 0, now, fence=0)
    try:
        async with units.open(now=now) as unit:
            await handle(delivery, unit)
            raise _RollBackError  # noqa: TRY301  # the way out of the unit
    except _RollBackError:
        return
    except Exception as error:  # noqa: BLE001  # the first text will show it, with its own remedy
        _log.warning("rehearsal_failed", error=describe_error(error))
