"""Let people write, send, press and edit, as their apps would have it.

Every action is published on `events`.
"""

from __future__ import annotations

from collections.abc import Sequence

from demo.botapi.formatting.formatted import format_own
from demo.botapi.formatting.utf16 import well_formed
from demo.botapi.messages.callbacks import Press, query_json
from demo.botapi.messages.sending import build_forward
from demo.botapi.requests.params import Upload
from demo.botapi.telegram import Telegram, find_message, remove, text_fields
from demo.botapi.world import Chat, JsonObject, Message, User
from demo.events import Event
from demo.membership import queue_my_member
from demo.writing import (
    Content,
    document_fields,
    location_fields,
    photo_fields,
    rewrite,
    voice_fields,
    write,
)


class People:
    """The people of a simulated Telegram, and what they do in their chats.

    Attributes:
        events: The bus on which every action is published.
    """

    def __init__(self, telegram: Telegram) -> None:
        self.telegram = telegram
        self.events = telegram.events

    @property
    def bot(self) -> User:
        """Return the bot's account."""
        return self.telegram.bot

    @property
    def chats(self) -> list[Chat]:
        """Return all chats, the oldest first."""
        return list(self.telegram.world.chats.values())

    def chat(self, chat_id: int) -> Chat:
        """Return the chat of an id; KeyError when it does not exist."""
        return self.telegram.world.chats[chat_id]

    def user(self, user_id: int) -> User:
        """Return the person of an id; KeyError when they do not exist."""
        return self.telegram.world.users[user_id]

    def add_user(
        self,
        first_name: str = "Ann",
        *,
        last_name: str = "",
        username: str = "",
        language_code: str = "en",
        user_id: int | None = None,
    ) -> User:
        """Add a person."""
        user = self.telegram.world.add_user(user_id, first_name, language_code)
        user.last_name, user.username = last_name, username
        return user

    def private_chat(self, user: User) -> Chat:
        """Return a person's chat with the bot; the first call opens it."""
        is_new = user.id not in self.telegram.world.chats
        chat = self.telegram.world.private_chat(user)
        if is_new:
            self.events.publish(Event("chat", chat.id))
        return chat

    def say(self, user: User, chat: Chat, text: str, *, reply_to: Message | None = None) -> Message:
        """Write a text; commands, links and other entities are detected as on Telegram."""
        fields = text_fields(format_own(well_formed(text)))
        return write(self.telegram, user, chat, fields, reply_to)

    def photo(
        self,
        user: User,
        chat: Chat,
        content: Content,
        *,
        caption: str = "",
        reply_to: Message | None = None,
    ) -> Message:
        """Send a picture as a photo: upright, at most 1280 pixels, JPEG, without metadata."""
        fields = photo_fields(self.telegram, content, caption)
        return write(self.telegram, user, chat, fields, reply_to)

    def document(
        self, user: User, chat: Chat, content: Content, *, file_name: str = "", caption: str = ""
    ) -> Message:
        """Send a file unchanged; its type is guessed from its name."""
        fields = document_fields(self.telegram, content, file_name, "", caption)
        return write(self.telegram, user, chat, fields)

    def album(
        self,
        user: User,
        chat: Chat,
        contents: Sequence[Content],
        *,
        caption: str = "",
        reply_to: Message | None = None,
    ) -> list[Message]:
        """Send several photos at once; the first carries the caption."""
        captions = [caption, *[""] * len(contents)]
        photos = [
            photo_fields(self.telegram, content, own_caption)
            for content, own_caption in zip(contents, captions, strict=False)
        ]
        return self._send_album(user, chat, photos, reply_to)

    def files(
        self,
        user: User,
        chat: Chat,
        files: Sequence[Upload],
        *,
        caption: str = "",
        reply_to: Message | None = None,
    ) -> list[Message]:
        """Send files unchanged, several as an album; the first carries the caption."""
        captions = [caption, *[""] * len(files)]
        documents = [
            document_fields(self.telegram, file.content, file.file_name, file.mime_type, own)
            for file, own in zip(files, captions, strict=False)
        ]
        if len(documents) == 1:
            return [write(self.telegram, user, chat, documents[0], reply_to)]
        return self._send_album(user, chat, documents, reply_to)

    def _send_album(
        self, user: User, chat: Chat, items: list[JsonObject], reply_to: Message | None
    ) -> list[Message]:
        group_id = {"media_group_id": self.telegram.world.next_album_id()}
        return [
            write(self.telegram, user, chat, {**group_id, **fields}, reply_to) for fields in items
        ]

    def voice(
        self,
        user: User,
        chat: Chat,
        recording: Upload,
        *,
        duration_seconds: int = 1,
        reply_to: Message | None = None,
    ) -> Message:
        """Send a voice note."""
        fields = voice_fields(self.telegram, recording, duration_seconds)
        return write(self.telegram, user, chat, fields, reply_to)

    def location(
        self,
        user: User,
        chat: Chat,
        latitude: float,
        longitude: float,
        *,
        reply_to: Message | None = None,
    ) -> Message:
        """Send a place, in degrees."""
        return write(self.telegram, user, chat, location_fields(latitude, longitude), reply_to)

    def edit(self, message: Message, text: str) -> Message:
        """Change the text, or the caption, of a person's own message."""
        rewrite(self.telegram, message, text)
        return message

    def delete(self, message: Message) -> None:
        """Delete a message as a person; Telegram does not tell bots."""
        remove(self.telegram, self.chat(message.chat_id), message)

    def press(self, user: User, message: Message, button: str | tuple[int, int]) -> Press:
        """Press an inline button, named by its text, a unique part of it, or (row, column).

        Raises:
            LookupError: There is no such button, or it has no callback data.
        """
        found = find_button(message, button)
        if "callback_data" not in found:
            reason = f"button {found['text']!r} calls nothing back"
            raise LookupError(reason)
        return self.press_data(user, message, found["callback_data"])

    def press_data(self, user: User, message: Message, data: str) -> Press:
        """Send callback data that need not be on a button, as a forged app can."""
        press = self.telegram.callbacks.open(user.id, message.chat_id, message.message_id, data)
        # Telegram sends an inaccessible message in place of a deleted one.
        is_there = find_message(self.chat(message.chat_id), message.message_id) is message
        shown = message.data if is_there else _hide_content(message)
        query = query_json(press, user.to_json(), shown)
        self.telegram.updates.add("callback_query", query, partition=message.chat_id)
        return press

    def forward(self, user: User, message: Message, chat: Chat) -> Message:
        """Forward a message into a chat."""
        return write(self.telegram, user, chat, build_forward(message))

    def react(self, user: User, message: Message, emoji: str) -> None:
        """React to a message; bots get the update only on request."""
        chat = self.chat(message.chat_id)
        payload = {
            "chat": chat.to_json(),
            "message_id": message.message_id,
            "user": user.to_json(),
            "date": self.telegram.date(),
            "old_reaction": [],
            "new_reaction": [{"type": "emoji", "emoji": emoji}],
        }
        self.telegram.updates.add("message_reaction", payload, partition=chat.id)

    def block(self, user: User) -> None:
        """Block the bot, so that sending to this person answers 403."""
        user.has_blocked_bot = True
        queue_my_member(self.telegram, self.private_chat(user), user, "member", "kicked")

    def unblock(self, user: User) -> None:
        """Unblock the bot, without the /start that apps then offer."""
        user.has_blocked_bot = False
        queue_my_member(self.telegram, self.private_chat(user), user, "kicked", "member")

    def deactivate(self, user: User) -> None:
        """Delete the person's account."""
        user.is_deactivated = True


def find_button(message: Message, button: str | tuple[int, int]) -> JsonObject:
    """Return the inline button of a text, of a unique part of it, or at (row, column).

    Raises:
        LookupError: No button fits, or several do.
    """
    if isinstance(button, tuple):
        row, column = button
        return message.buttons[row][column]
    buttons = [item for row in message.buttons for item in row]
    exact = [item for item in buttons if item["text"] == button]
    found = exact or [item for item in buttons if button.casefold() in item["text"].casefold()]
    if len(found) != 1:
        reason = f"{len(found)} buttons fit {button!r} among {message.labels}"
        raise LookupError(reason)
    return found[0]


def _hide_content(message: Message) -> JsonObject:
    """Return the InaccessibleMessage of a press on a deleted message: its place and date 0."""
    return {"chat": message.data["chat"], "message_id": message.message_id, "date": 0}
