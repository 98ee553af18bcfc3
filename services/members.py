"""Keep the members of a chat with their names and rights, and find the chat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from ledger.chats import Chat, Presence
from ports.repositories import Repositories
from services.scope import Scope


def find_chat(repositories: Repositories, chat_id: int) -> Presence | None:
    """Return a chat that the bot knows, without entering it."""
    return repositories.chats.find(chat_id)


def list_payers(repositories: Repositories, chat: Chat) -> Mapping[int, str]:
    """Return the names of a group's members by user id; in a private chat nobody is named."""
    if chat.kind == "private":
        return {}
    return {member.user_id: member.name for member in repositories.chats.members(chat.ledger.id)}


def list_present(scope: Scope) -> Mapping[int, str]:
    """Return the names of the members who are present, by user id."""
    members = scope.repositories.chats.members(scope.ledger.id)
    return {member.user_id: member.name for member in members if not member.left}


def mute(repositories: Repositories, chat_id: int) -> None:
    """Stop sending to a chat that the bot was removed from."""
    repositories.chats.mute(chat_id, muted=True)


def leave(repositories: Repositories, chat_id: int, user_id: int, now: datetime) -> None:
    """Mark that a user has left the chat."""
    repositories.chats.leave(chat_id, user_id, now)


def was_queued(repositories: Repositories, message_key: str) -> bool:
    """Return whether a message of this key was queued or sent before."""
    return repositories.conversations.was_queued(message_key)


def keep_admins(repositories: Repositories, chat_id: int, user_ids: Sequence[int]) -> None:
    """Store the admins of a group; every other member is not an admin."""
    repositories.chats.set_admins(chat_id, user_ids)
