"""Describe chats and their members."""

from __future__ import annotations

from demo.botapi.errors import bad_request, forbidden
from demo.botapi.requests.params import Params
from demo.botapi.telegram import Telegram, find_message, get_chat, get_open_chat
from demo.botapi.world import ADMINS, PRESENT, Chat, JsonObject, MemberStatus, User
from demo.events import Event

_ADMIN_RIGHTS = [
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_send_welcome_messages",
]
_ACCENT_COLOURS = 7


def get_me(telegram: Telegram, _params: Params) -> JsonObject:
    """Answer getMe with the bot's own account."""
    return {
        **telegram.bot.to_json(),
        "can_join_groups": True,
        "can_read_all_group_messages": not telegram.has_privacy_mode,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": True,
    }


def get_chat_info(telegram: Telegram, params: Params) -> JsonObject:
    """Answer getChat, also for a group that became a supergroup."""
    chat = get_chat(telegram, params)
    info = {
        **chat.to_json(),
        "accent_color_id": abs(chat.id) % _ACCENT_COLOURS,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }
    pinned = find_message(chat, chat.pinned_id) if chat.pinned_id else None
    if pinned:
        info["pinned_message"] = pinned.data
    return info


def get_chat_member(telegram: Telegram, params: Params) -> JsonObject:
    """Answer getChatMember."""
    chat = get_open_chat(telegram, params)
    user_id = params.integer("user_id")
    if user_id <= 0:
        raise bad_request("invalid user_id specified")
    user = telegram.world.users.get(user_id)
    if user is None:
        raise bad_request("user not found")
    if not chat.is_group:
        status: MemberStatus = "member" if user.id in (chat.id, telegram.bot.id) else "left"
    else:
        status = chat.members.get(user.id, "left")
    return member_json(user, status)


def get_chat_administrators(telegram: Telegram, params: Params) -> list[JsonObject]:
    """Answer getChatAdministrators, without bots other than this one."""
    chat = get_open_chat(telegram, params)
    if not chat.is_group:
        raise bad_request("there are no administrators in the private chat")
    return [
        member_json(telegram.world.users[user_id], status)
        for user_id, status in chat.members.items()
        if status in ADMINS
    ]


def get_chat_member_count(telegram: Telegram, params: Params) -> int:
    """Answer getChatMemberCount."""
    return count_members(get_open_chat(telegram, params))


def count_members(chat: Chat) -> int:
    """Count the members of a chat, including the bot."""
    # A private chat has two members, the person and the bot.
    if not chat.is_group:
        return 2
    return sum(status in PRESENT for status in chat.members.values())


def leave_chat(telegram: Telegram, params: Params) -> bool:
    """Take the bot out of a group."""
    chat = get_chat(telegram, params)
    if not chat.is_group:
        raise forbidden("bot can't leave private chats")
    get_open_chat(telegram, params)
    chat.members[telegram.bot.id] = "left"
    telegram.events.publish(Event("chat", chat.id))
    return True


def member_json(user: User, status: MemberStatus) -> JsonObject:
    """Return the ChatMember object of the Bot API."""
    member: JsonObject = {"user": user.to_json(), "status": status}
    match status:
        case "creator":
            member["is_anonymous"] = False
        case "administrator":
            member |= {"can_be_edited": False, "is_anonymous": False}
            member |= {"can_promote_members": False, **dict.fromkeys(_ADMIN_RIGHTS, True)}
        case "kicked":
            member["until_date"] = 0
    return member
