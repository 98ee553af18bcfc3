"""An update as it is posted: refused, stored and passed over, or handled to its end."""

from __future__ import annotations

import json
from typing import Any

from bench.fuzz.targets.stage import open_once, run
from bot.engine.inbox_messages import NoUpdateError, inbox_message_of
from bot.telegram.jsontext import parse_json
from ledger.errors import LedgerError
from ports.queue import Delivery, InboxMessage, PermanentError
from tests.handlers.stage import NOW, Stage

_MESSAGE: dict[str, Any] = {
    "message_id": 5,
    "date": 1763640000,
    "chat": {"id": 7, "type": "private", "first_name": "Ann"},
    "from": {"id": 7, "is_bot": False, "first_name": "Ann", "language_code": "en"},
}
_SENT: list[dict[str, Any]] = [
    {"text": "coffee 4.50"},
    {"text": "/budget food 400", "entities": [{"type": "bot_command", "offset": 0, "length": 7}]},
    {"photo": [{"file_id": "a", "file_unique_id": "b", "width": 9, "height": 9}], "caption": "x"},
    {"document": {"file_id": "a", "file_unique_id": "b", "file_name": "a.csv"}},
    {"migrate_to_chat_id": -1001},
    {"new_chat_members": [{"id": 8, "is_bot": True, "first_name": "Bo"}]},
]
SEEDS = (
    *(json.dumps({"update_id": 1, "message": {**_MESSAGE, **one}}).encode() for one in _SENT),
    json.dumps(
        {"update_id": 2, "edited_message": {**_MESSAGE, **_SENT[0], "edit_date": 1}}
    ).encode(),
    json.dumps(
        {
            "update_id": 3,
            "callback_query": {
                "id": "1",
                "from": _MESSAGE["from"],
                "chat_instance": "1",
                "data": "x:0",
                "message": _MESSAGE,
            },
        }
    ).encode(),
    b'{"update_id": 4, "my_chat_member": {"chat": {"id": 1e400}}}',
    b'{"update_id": 5, "message": {"text": "\\ud83d", "chat": null}}',
)


class _RollBackError(Exception):
    """Ends the unit without a commit, so that every input meets the same ledger."""


def enter(data: bytes) -> None:
    """Post the bytes, and handle what was stored of them."""
    try:
        message = inbox_message_of(parse_json(data))
    except (NoUpdateError, ValueError):
        return
    assert abs(message.partition) < 1 << 62
    run(_handle(open_once(), message))


async def _handle(stage: Stage, message: InboxMessage) -> None:
    delivery = Delivery(0, message, 0, NOW, fence=0)
    try:
        async with stage.database.units.open(now=NOW) as unit:
            await stage.boundary.handle(delivery, unit)
            raise _RollBackError  # noqa: TRY301  # the way out of the unit
    except (_RollBackError, PermanentError):
        # What cannot be parsed is parked at its first try.
        return
    except LedgerError as error:
        # Whoever sent it is told why.
        if not stage.boundary.explains(error, delivery):
            raise
