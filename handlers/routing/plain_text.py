"""Read the updates that nearly all are, plain texts, without the framework's objects.

A message of the framework has some hundred attributes and takes 0.1 ms to build. An update that
holds anything more than a text of a person is left to the framework.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from telegram.constants import ChatType

_UPDATE = frozenset({"update_id", "message"})
_MESSAGE = frozenset({"message_id", "date", "chat", "from", "text"})
_CHAT_TYPES = frozenset({ChatType.PRIVATE, ChatType.GROUP, ChatType.SUPERGROUP})


@dataclass(frozen=True, slots=True)
class PlainUser:
    """The user who wrote."""

    id: int
    full_name: str
    username: str | None
    language_code: str | None


@dataclass(frozen=True, slots=True)
class PlainChat:
    """The chat in which they wrote."""

    id: int
    type: str
    title: str | None
    full_name: str | None


@dataclass(frozen=True, slots=True)
class PlainMessage:
    """A text without entities (commands, mentions), neither a reply nor a forward."""

    message_id: int
    date: datetime
    chat: PlainChat
    text: str
    caption: None = None
    reply_to_message: None = None


@dataclass(frozen=True, slots=True)
class PlainText:
    """An update that is such a message; its names are the framework's."""

    effective_message: PlainMessage
    effective_user: PlainUser

    @property
    def effective_chat(self) -> PlainChat:
        """Return the chat of the message."""
        return self.effective_message.chat


def read_plain_text(fields: Mapping[str, Any]) -> PlainText | None:
    """Return the plain text of an update's JSON; None for anything else."""
    message = fields.get("message")
    if fields.keys() != _UPDATE or type(message) is not dict or message.keys() != _MESSAGE:
        return None
    chat, user, date = message["chat"], message["from"], message["date"]
    if type(chat) is not dict or type(user) is not dict or chat.get("type") not in _CHAT_TYPES:
        return None
    # A bot's words are not a person's.
    if user.get("is_bot") is not False or not message["text"] or not _has_types(message):
        return None
    full_name = _full_name(user)
    if full_name is None:
        return None
    try:
        sent_at = datetime.fromtimestamp(date, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    plain_chat = PlainChat(chat["id"], chat["type"], chat.get("title"), _full_name(chat))
    return PlainText(
        PlainMessage(message["message_id"], sent_at, plain_chat, message["text"]),
        PlainUser(user["id"], full_name, user.get("username"), user.get("language_code")),
    )


def _has_types(message: Mapping[str, Any]) -> bool:
    """Return whether everything that is read is of the type that Telegram documents."""
    chat, user = message["chat"], message["from"]
    numbers = message["message_id"], message["date"], chat.get("id"), user.get("id")
    words = chat.get("title"), user.get("username"), user.get("language_code")
    return (
        all(type(number) is int for number in numbers)
        and type(message["text"]) is str
        and all(word is None or type(word) is str for word in words)
    )


def _full_name(person: Mapping[str, Any]) -> str | None:
    """Join first and last name as the framework does; None where there is no first name."""
    first, last = person.get("first_name"), person.get("last_name")
    if type(first) is not str or not first or not (last is None or type(last) is str):
        return None
    return f"{first} {last}" if last else first
