"""Edit or delete messages and answer button presses."""

from __future__ import annotations

from demo.botapi.errors import NOT_MODIFIED, bad_request
from demo.botapi.files.media import media_content
from demo.botapi.formatting.formatted import read_caption, read_text
from demo.botapi.messages.keyboards import read_markup
from demo.botapi.messages.sending import count_sent
from demo.botapi.requests.params import Params
from demo.botapi.telegram import (
    Telegram,
    caption_fields,
    find_message,
    get_open_chat,
    remove,
    text_fields,
)
from demo.botapi.world import ADMINS, Chat, JsonObject, Message
from demo.events import Event

DELETE_WINDOW_SECONDS = 48 * 3600
"""Age up to which a bot may delete a message."""

_TEXT = ("text", "entities")
_CAPTION = ("caption", "caption_entities")
_MEDIA = ("photo", "document")
_KEYBOARD = ("reply_markup",)


def edit_message_text(telegram: Telegram, params: Params) -> JsonObject:
    """Replace the text of one of the bot's messages."""
    formatted = read_text(params)
    message = _get_own_message(telegram, params)
    if "text" not in message.data:
        raise bad_request("there is no text in the message to edit")
    return _change(telegram, params, message, text_fields(formatted), _TEXT)


def edit_message_caption(telegram: Telegram, params: Params) -> JsonObject:
    """Replace the caption of one of the bot's messages."""
    caption = read_caption(params)
    message = _get_own_message(telegram, params)
    if message.media is None:
        raise bad_request("there is no caption in the message to edit")
    return _change(telegram, params, message, caption_fields(caption), _CAPTION)


def edit_message_reply_markup(telegram: Telegram, params: Params) -> JsonObject:
    """Replace the inline keyboard of one of the bot's messages."""
    message = _get_own_message(telegram, params)
    return _change(telegram, params, message, {}, ())


def edit_message_media(telegram: Telegram, params: Params) -> JsonObject:
    """Replace the photo or file of one of the bot's messages; a text may become a photo."""
    item = params.decoded("media", "media")
    content = media_content(telegram, params, item)
    message = _get_own_message(telegram, params)
    return _change(telegram, params, message, content, _TEXT + _CAPTION + _MEDIA)


def delete_message(telegram: Telegram, params: Params) -> bool:
    """Delete one message."""
    chat = get_open_chat(telegram, params)
    message = find_message(chat, params.integer("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    if not _may_delete(telegram, chat, message):
        raise bad_request("message can't be deleted")
    _delete(telegram, chat, message)
    return True


def delete_messages(telegram: Telegram, params: Params) -> bool:
    """Delete several messages, skipping those that the bot may not delete."""
    chat = get_open_chat(telegram, params)
    ids = params.decoded("message_ids", "message identifiers")
    if not isinstance(ids, list) or not ids:
        raise bad_request("message identifiers are not specified")
    for message_id in ids:
        message = find_message(chat, message_id) if isinstance(message_id, int) else None
        if message is not None and _may_delete(telegram, chat, message):
            _delete(telegram, chat, message)
    return True


def answer_callback_query(telegram: Telegram, params: Params) -> bool:
    """Answer a button press."""
    press = telegram.callbacks.answer(params)
    answer = press.answer
    shown = {
        "query_id": press.query_id,
        "user_id": press.user_id,
        "message_id": press.message_id,
        "text": answer.text if answer else "",
        "is_alert": bool(answer and answer.is_alert),
    }
    telegram.events.publish(Event("answer", press.chat_id, data=shown))
    return True


def _get_own_message(telegram: Telegram, params: Params) -> Message:
    if params.text("inline_message_id"):
        raise bad_request("MESSAGE_ID_INVALID")
    chat = get_open_chat(telegram, params)
    message_id = params.integer("message_id")
    if message_id <= 0:
        raise bad_request("message identifier is not specified")
    message = find_message(chat, message_id)
    if message is None:
        raise bad_request("message to edit not found")
    if message.sender_id != telegram.bot.id or "forward_origin" in message.data:
        raise bad_request("message can't be edited")
    if message.keyboard is not None:
        # A message that brought a reply keyboard is bound to it.
        raise bad_request("message can't be edited")
    return message


def _change(
    telegram: Telegram,
    params: Params,
    message: Message,
    content: JsonObject,
    replaced: tuple[str, ...],
) -> JsonObject:
    """Replace content and keyboard; a keyboard that is not given is removed, as on Telegram."""
    chat = telegram.world.chats[message.chat_id]
    markup = read_markup(params)
    if markup and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    dropped = (*replaced, *_KEYBOARD)
    data = {key: value for key, value in message.data.items() if key not in dropped}
    data.update(content)
    if markup and markup["inline_keyboard"]:
        data["reply_markup"] = markup
    # Telegram refuses an edit that changes nothing, and bots must expect that error.
    if _list_visible(data) == _list_visible(message.data):
        raise bad_request(NOT_MODIFIED)
    if telegram.rate_limiter is not None and telegram.rate_limiter.limits.are_edits_counted:
        count_sent(telegram, chat)
    data["edit_date"] = telegram.date()
    message.data = data
    message.edit_count += 1
    telegram.events.publish(Event("edited", chat.id, message))
    return data


def _list_visible(data: JsonObject) -> list[object]:
    """Return the visible parts of a message that an edit can change."""
    photos = [size["file_unique_id"] for size in data.get("photo", [])]
    document = data.get("document", {}).get("file_unique_id")
    fields = [data.get(key) for key in (*_TEXT, *_CAPTION, *_KEYBOARD)]
    return [*fields, photos, document]


def _may_delete(telegram: Telegram, chat: Chat, message: Message) -> bool:
    if telegram.clock.seconds() - message.data["date"] > DELETE_WINDOW_SECONDS:
        return False
    is_own = message.sender_id == telegram.bot.id
    is_private = not chat.is_group
    return is_own or is_private or chat.members.get(telegram.bot.id) in ADMINS


def _delete(telegram: Telegram, chat: Chat, message: Message) -> None:
    chat.deleted.append(message)
    remove(telegram, chat, message)
