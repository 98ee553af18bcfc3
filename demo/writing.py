"""Post messages of people, and queue the updates about them."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from demo.botapi.files.media import document_json
from demo.botapi.files.photos import shrink_photo
from demo.botapi.formatting.formatted import format_own
from demo.botapi.formatting.utf16 import well_formed
from demo.botapi.messages.sending import CONTENT, strip_reply
from demo.botapi.requests.params import Upload
from demo.botapi.telegram import Telegram, caption_fields, post, text_fields
from demo.botapi.world import PRESENT, Chat, JsonObject, Message, User
from demo.events import Event

Content = bytes | Path
"""A file as bytes or as a path."""


def write(
    telegram: Telegram,
    user: User,
    chat: Chat,
    fields: JsonObject,
    reply_to: Message | None = None,
) -> Message:
    """Post a person's message and queue its update."""
    if reply_to is not None:
        fields = {"reply_to_message": strip_reply(reply_to), **fields}
    message = post(telegram, chat, user, fields)
    deliver(telegram, chat, "message", message)
    return message


def rewrite(telegram: Telegram, message: Message, text: str) -> None:
    """Change the text or caption of a person's message and queue the update."""
    formatted = format_own(well_formed(text))
    fields = caption_fields(formatted) if message.media else text_fields(formatted)
    # An edit replaces text and entities as a whole.
    gone = ("text", "entities", "caption", "caption_entities")
    kept = {key: value for key, value in message.data.items() if key not in gone}
    message.data = {**kept, **fields, "edit_date": telegram.date()}
    message.edit_count += 1
    chat = telegram.world.chats[message.chat_id]
    telegram.events.publish(Event("edited", chat.id, message))
    deliver(telegram, chat, "edited_message", message)


def deliver(telegram: Telegram, chat: Chat, kind: str, message: Message) -> None:
    """Queue an update about a message that the bot may see."""
    bot = telegram.bot
    # Telegram sends a bot nothing from a group that it left, or from a person who blocked it.
    if chat.is_group and chat.members.get(bot.id) not in PRESENT:
        return
    if chat.is_group and telegram.has_privacy_mode and not _is_for_bot(bot, message):
        return
    if chat.user is not None and chat.user.has_blocked_bot:
        return
    telegram.updates.add(kind, message.data, partition=chat.id)


def _is_for_bot(bot: User, message: Message) -> bool:
    """Tell whether privacy mode lets a message through to the bot."""
    replied_id = message.data.get("reply_to_message", {}).get("from", {}).get("id")
    is_service = not any(key in message.data for key in CONTENT)
    is_addressed = message.text.startswith("/") or f"@{bot.username}" in message.text
    return replied_id == bot.id or is_service or is_addressed


def photo_fields(telegram: Telegram, content: Content, caption: str) -> JsonObject:
    """Return `photo` in its sizes, and the caption.

    Raises:
        NotAPictureError: The content cannot be decoded.
    """
    sizes = []
    for copy in shrink_photo(_read(content)):
        stored = telegram.files.add("photos", copy.content, "photo.jpg", "image/jpeg")
        sizes.append({**stored.to_json(), "width": copy.width, "height": copy.height})
    return {"photo": sizes, **caption_fields(format_own(well_formed(caption)))}


def document_fields(
    telegram: Telegram, content: Content, file_name: str, mime_type: str, caption: str
) -> JsonObject:
    """Return `document` and the caption; an empty name or type is guessed."""
    name = well_formed(file_name) or (content.name if isinstance(content, Path) else "file")
    kind = mime_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
    stored = telegram.files.add("documents", _read(content), name, kind)
    return {
        "document": document_json(telegram, stored),
        **caption_fields(format_own(well_formed(caption))),
    }


def voice_fields(telegram: Telegram, recording: Upload, duration_seconds: int) -> JsonObject:
    """Return `voice`; apps record OGG with Opus, browsers sometimes WebM."""
    stored = telegram.files.add("voice", recording.content, "", recording.mime_type)
    voice = {"duration": duration_seconds, "mime_type": stored.mime_type, **stored.to_json()}
    return {"voice": voice}


def location_fields(latitude: float, longitude: float) -> JsonObject:
    """Return `location`, in degrees: north and east are positive."""
    return {"location": {"latitude": latitude, "longitude": longitude}}


def _read(content: Content) -> bytes:
    return content.read_bytes() if isinstance(content, Path) else content
