"""Declare the jobs and events that need Telegram to do or know something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from ports.jobs.storing import MessageKey


@dataclass(frozen=True, slots=True)
class DrawPicture:
    """Draw the picture of a message that waits for it."""

    kind: ClassVar[str] = "draw"
    message_key: MessageKey
    drawing: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class FindAdmins:
    """Ask Telegram who the admins of a group are."""

    kind: ClassVar[str] = "admins"
    chat_id: int


@dataclass(frozen=True, slots=True)
class AdminsFound:
    """The admins of a group, as Telegram lists them."""

    name: ClassVar[str] = "admins"
    user_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FindMember:
    """Ask Telegram whether a person is still in a group."""

    kind: ClassVar[str] = "member"
    chat_id: int
    user_id: int


@dataclass(frozen=True, slots=True)
class MemberGone:
    """The news that a person is no longer in a group."""

    name: ClassVar[str] = "member_gone"
    user_id: int


@dataclass(frozen=True, slots=True)
class ChatMigrated:
    """The new id of a group that became a supergroup; the sender leaves it, not a job."""

    name: ClassVar[str] = "chat_migrated"
    old_id: int
    new_id: int


@dataclass(frozen=True, slots=True)
class PinCard:
    """Pin the message of a card without a sound, or unpin it."""

    kind: ClassVar[str] = "pin"
    chat_id: int
    message_key: str
    pinned: bool = True


@dataclass(frozen=True, slots=True)
class CardNotPinned:
    """The notice that the bot may not pin messages in this group."""

    name: ClassVar[str] = "card_not_pinned"
    message_key: str
