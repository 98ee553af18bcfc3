"""Let people join and leave chats, change rights, and migrate groups."""

from __future__ import annotations

from typing import Literal

from demo.botapi.chats.info import member_json
from demo.botapi.telegram import Telegram, post
from demo.botapi.world import PRESENT, Chat, JsonObject, MemberStatus, Message, User
from demo.events import Event
from demo.writing import deliver

MigrationNotices = Literal["both", "to", "from", "none"]


def post_service(telegram: Telegram, chat: Chat, by: User, fields: JsonObject) -> Message:
    """Post a service message and queue its update."""
    message = post(telegram, chat, by, fields)
    deliver(telegram, chat, "message", message)
    return message


def find_owner(telegram: Telegram, group: Chat) -> User:
    """Return the creator of a group, or its first member."""
    owner_id = next(
        (user_id for user_id, status in group.members.items() if status == "creator"),
        next(iter(group.members)),
    )
    return telegram.world.users[owner_id]


def change_member(
    telegram: Telegram, group: Chat, user: User, status: MemberStatus, by: User
) -> None:
    """Change a member's status and queue the updates about it."""
    before = group.members.get(user.id, "left")
    group.members[user.id] = status
    telegram.events.publish(Event("chat", group.id))
    # Updates about the bot itself have a kind of their own, which needs no request.
    if user is telegram.bot:
        queue_my_member(telegram, group, by, before, status)
    elif group.members.get(telegram.bot.id) in PRESENT:
        change = _member_change(telegram, group, by, user, (before, status))
        telegram.updates.add("chat_member", change, partition=group.id)


def queue_my_member(
    telegram: Telegram, chat: Chat, by: User, before: MemberStatus, after: MemberStatus
) -> None:
    """Queue an update about the bot's own membership: added, removed or blocked."""
    change = _member_change(telegram, chat, by, telegram.bot, (before, after))
    telegram.updates.add("my_chat_member", change, partition=chat.id)


def migrate_group(telegram: Telegram, group: Chat, notices: MigrationNotices) -> Chat:
    """Replace a group by a supergroup with the same members; the group then answers 400."""
    new = telegram.world.add_group("supergroup", group.title)
    new.members = dict(group.members)
    new.migrated_from = group.id
    owner = find_owner(telegram, group)
    # The real server sends both notices, in either order; tests ask for one or none, too.
    if notices in ("both", "to"):
        post_service(telegram, group, owner, {"migrate_to_chat_id": new.id})
    group.migrated_to = new.id
    telegram.events.publish(Event("chat", new.id))
    telegram.events.publish(Event("chat", group.id))
    if notices in ("both", "from"):
        post_service(telegram, new, owner, {"migrate_from_chat_id": group.id})
    return new


def _member_change(
    telegram: Telegram, chat: Chat, by: User, user: User, change: tuple[MemberStatus, MemberStatus]
) -> JsonObject:
    return {
        "chat": chat.to_json(),
        "from": by.to_json(),
        "date": telegram.date(),
        "old_chat_member": member_json(user, change[0]),
        "new_chat_member": member_json(user, change[1]),
    }
