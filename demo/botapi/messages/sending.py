"""Serve sendMessage, the parts common to all sending methods, and smaller methods."""

from __future__ import annotations

from demo.botapi.errors import bad_request
from demo.botapi.formatting.formatted import read_text
from demo.botapi.messages.keyboards import read_markup
from demo.botapi.requests.params import Params
from demo.botapi.telegram import (
    Telegram,
    find_message,
    get_chat,
    get_open_chat,
    post,
    text_fields,
)
from demo.botapi.world import ADMINS, Chat, JsonObject, Message
from demo.events import Event

SEND = (
    "business_connection_id chat_id message_thread_id direct_messages_topic_id "
    "disable_notification protect_content allow_paid_broadcast message_effect_id "
    "suggested_post_parameters reply_parameters reply_markup ephemeral_message_parameters"
)
"""Parameter names of every sending method."""

CONTENT = (
    "text",
    "entities",
    "caption",
    "caption_entities",
    "photo",
    "document",
    "voice",
    "location",
)
"""Fields of a message that copies and forwards take along."""

_ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)


def send_message(telegram: Telegram, params: Params) -> JsonObject:
    """Send a text."""
    formatted = read_text(params)
    return send(telegram, params, text_fields(formatted))


def send(telegram: Telegram, params: Params, content: JsonObject) -> JsonObject:
    """Post content that a sending method built from its parameters."""
    chat = get_open_chat(telegram, params)
    markup = read_markup(params)
    reply = reply_fields(chat, params)
    count_sent(telegram, chat)
    content = {**reply, **content}
    if params.boolean("protect_content"):
        content["has_protected_content"] = True
    return post(telegram, chat, telegram.bot, content, markup).data


def count_sent(telegram: Telegram, chat: Chat, messages: int = 1) -> None:
    """Count messages against the limits, if limits are set."""
    if telegram.rate_limiter is not None:
        telegram.rate_limiter.count(chat.id, is_group=chat.is_group, messages=messages)


def reply_fields(chat: Chat, params: Params) -> JsonObject:
    """Return `reply_to_message` for the message that a request answers; empty without one.

    Raises:
        ApiError: It is gone, and sending without it is not allowed.
    """
    reply = params.decoded("reply_parameters", "reply parameters")
    # The older form, which Telegram still takes.
    message_id = params.integer("reply_to_message_id")
    # Both forms carry this permission, each in its own place.
    may_go_without = params.boolean("allow_sending_without_reply")
    if isinstance(reply, dict):
        given_id = reply.get("message_id")
        message_id = given_id if isinstance(given_id, int) else 0
        may_go_without = bool(reply.get("allow_sending_without_reply"))
    if message_id <= 0:
        return {}
    target = find_message(chat, message_id)
    if target is None:
        if may_go_without:
            return {}
        raise bad_request("message to be replied not found")
    return {"reply_to_message": strip_reply(target)}


def strip_reply(message: Message) -> JsonObject:
    """Return a message without its own reply, because replies do not nest."""
    return {key: value for key, value in message.data.items() if key != "reply_to_message"}


def copy_message(telegram: Telegram, params: Params) -> JsonObject:
    """Send the content of another message again."""
    source = _source_message(telegram, params)
    content = _content_of(source)
    return {"message_id": send(telegram, params, content)["message_id"]}


def forward_message(telegram: Telegram, params: Params) -> JsonObject:
    """Forward a message."""
    source = _source_message(telegram, params)
    return send(telegram, params, build_forward(source))


def build_forward(source: Message) -> JsonObject:
    """Return the content of a message with its origin."""
    origin = {
        "type": "user",
        "sender_user": source.data["from"],
        "date": source.data["date"],
    }
    return {"forward_origin": source.data.get("forward_origin", origin), **_content_of(source)}


def _content_of(message: Message) -> JsonObject:
    return {key: message.data[key] for key in CONTENT if key in message.data}


def _source_message(telegram: Telegram, params: Params) -> Message:
    source_id = params.integer("from_chat_id")
    chat = telegram.world.chats.get(source_id)
    if chat is None:
        raise bad_request("chat not found")
    message = find_message(chat, params.integer("message_id"))
    if message is None:
        raise bad_request("message to copy not found")
    return message


def send_chat_action(telegram: Telegram, params: Params) -> bool:
    """Show an action such as "typing…"."""
    chat = get_open_chat(telegram, params)
    action = params.text("action")
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    telegram.events.publish(Event("action", chat.id, data={"action": action}))
    return True


def set_message_reaction(telegram: Telegram, params: Params) -> bool:
    """Replace the bot's reaction to a message."""
    chat = get_open_chat(telegram, params)
    message = find_message(chat, params.integer("message_id"))
    if message is None:
        raise bad_request("message to react not found")
    reactions = params.decoded("reaction", "reaction types") or []
    if not isinstance(reactions, list):
        raise bad_request("can't parse reaction types JSON object")
    emojis = [reaction.get("emoji", "") for reaction in reactions if isinstance(reaction, dict)]
    if len(emojis) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    telegram.events.publish(Event("reaction", chat.id, message, {"emojis": emojis}))
    return True


def pin_chat_message(telegram: Telegram, params: Params) -> bool:
    """Pin a message; in a group only admins may."""
    chat = get_open_chat(telegram, params)
    if chat.is_group and chat.members.get(telegram.bot.id) not in ADMINS:
        raise bad_request("not enough rights to manage pinned messages in the chat")
    message = find_message(chat, params.integer("message_id"))
    if message is None:
        raise bad_request("message to pin not found")
    chat.pinned_id = message.message_id
    telegram.events.publish(Event("pinned", chat.id, message))
    return True


def unpin_chat_message(telegram: Telegram, params: Params) -> bool:
    """Unpin the pinned message."""
    chat = get_chat(telegram, params)
    chat.pinned_id = None
    telegram.events.publish(Event("pinned", chat.id))
    return True
