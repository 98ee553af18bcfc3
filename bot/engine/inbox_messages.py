"""Turn an update of Telegram into an inbox message with a key and a partition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.telegram.jsontext import dump_json
from ledger.errors import InputError
from ports.queue import InboxMessage

UPDATE_TYPES = (
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    "chat_member",
)
"""The `allowed_updates`; `chat_member` comes only where the bot is admin."""

UPDATE_ID_MAX = 1 << 53
"""Telegram's ids have at most 52 significant bits."""
_ID_MAX = 1 << 62


class NoUpdateError(InputError):
    """Raised for JSON that is not an update, because it lacks an update_id."""


def inbox_message_of(update: object) -> InboxMessage:
    """Return the message of an update, whatever type of update it is.

    Raises:
        NoUpdateError: it is not an object with a whole positive `update_id`.
    """
    if not isinstance(update, dict):
        raise NoUpdateError("no_update")
    update_id = update.get("update_id")
    if type(update_id) is not int or not 0 <= update_id < UPDATE_ID_MAX:
        raise NoUpdateError("no_update")
    # Nothing that a person can send nests so deep that it cannot be written down; a thing that does
    # is kept as an update of no known type, because one that is refused would come back forever.
    body = dump_json(update) or f'{{"update_id":{update_id}}}'
    return InboxMessage(f"u{update_id}", partition_of(update), body)


def partition_of(update: Mapping[str, Any]) -> int:
    """Return the chat an update belongs to; without one the user; 0 without either."""
    for name, content in update.items():
        if name == "update_id" or not isinstance(content, dict):
            continue
        for path in (("chat",), ("message", "chat"), ("from",), ("user",), ("voter_chat",)):
            found = _id_at(content, path)
            if found is not None:
                return found
    return 0


def _id_at(content: Mapping[str, Any], path: tuple[str, ...]) -> int | None:
    here: Any = content
    for name in path:
        here = here.get(name) if isinstance(here, dict) else None
    found = here.get("id") if isinstance(here, dict) else None
    return found if type(found) is int and abs(found) < _ID_MAX else None
