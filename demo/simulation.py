# ruff: noqa: ASYNC109 - a test says how long it waits in the call, as every wait helper does
"""Simulate Telegram with people, for tests, benches and the demo page.

    async with open_demo() as demo:
        sim = demo.simulation
        ann = sim.add_user("Ann")
        chat = sim.private_chat(ann)
        sim.say(ann, chat, "coffee 4.50")
        (answer,) = await sim.answers(chat)
        press = sim.press(ann, answer, "Delete")
        await sim.answer_of(press)

People act through the methods of `Simulation`; the bot acts over HTTP. Every action is published on
`events`. Only the wait helpers are coroutines.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Literal

from demo.botapi.formatting.formatted import format_own
from demo.botapi.formatting.utf16 import well_formed
from demo.botapi.messages.callbacks import CallbackAnswer, Press, query_json
from demo.botapi.messages.sending import build_forward
from demo.botapi.requests.limits import Limits, RateLimiter
from demo.botapi.requests.params import Upload
from demo.botapi.requests.request_log import Request, RequestLog
from demo.botapi.telegram import Telegram, build_telegram, find_message, remove, text_fields
from demo.botapi.world import Chat, JsonObject, MemberStatus, Message, User
from demo.clock import Clock
from demo.events import Event
from demo.faults import FaultPlan
from demo.membership import (
    MigrationNotices,
    change_member,
    find_owner,
    migrate_group,
    post_service,
    queue_my_member,
)
from demo.waiting import Found, wait_for_quiet, wait_until
from demo.writing import (
    Content,
    document_fields,
    location_fields,
    photo_fields,
    rewrite,
    voice_fields,
    write,
)

TOKEN = "7000000001:DEMO-token-of-this-machine-only-000"  # noqa: S105 - opens nothing elsewhere
WAIT_SECONDS = 60.0


class Simulation:
    """People, chats and faults around one bot.

    Args:
        clock: The server's clock; a running one by default.
        token: The bot's token.
        history_max: Messages kept per chat.
        limits: Rate limits to enforce with 429; None for no limits.

    Attributes:
        faults: The plan of faults; see `FaultPlan`.
        log: The bot's requests.
        events: The bus on which every action is published.
    """

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        token: str = TOKEN,
        username: str = "kvitto_demo_bot",
        history_max: int = 1000,
        limits: Limits | None = None,
    ) -> None:
        self.clock = clock or Clock()
        self.token = token
        self.telegram: Telegram = build_telegram(
            token, self.clock, username=username, history_max=history_max
        )
        self.faults = FaultPlan()
        self.log = RequestLog()
        self.events = self.telegram.events
        self.limit(limits)
        self.clock.on_change(self._publish_clock)

    # --- people and chats ---

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

    def add_group(
        self,
        title: str,
        members: Sequence[User],
        *,
        kind: Literal["group", "supergroup"] = "group",
        is_bot_there: bool = True,
    ) -> Chat:
        """Add a group, owned by its first member, and add the bot to it."""
        chat = self.telegram.world.add_group(kind, title)
        for position, member in enumerate(members):
            chat.members[member.id] = "member" if position else "creator"
        self.events.publish(Event("chat", chat.id))
        if is_bot_there:
            self.join(self.bot, chat, by=members[0])
        return chat

    # --- actions of people ---

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

    # --- membership ---

    def join(self, user: User, group: Chat, *, by: User | None = None) -> None:
        """Let a person, or the bot, join a group."""
        change_member(self.telegram, group, user, "member", by or user)
        post_service(self.telegram, group, by or user, {"new_chat_members": [user.to_json()]})

    def leave(self, user: User, group: Chat, *, by: User | None = None) -> None:
        """Let a person leave; with `by`, they (or the bot) are removed."""
        status: MemberStatus = "kicked" if by and by is not user else "left"
        post_service(self.telegram, group, by or user, {"left_chat_member": user.to_json()})
        change_member(self.telegram, group, user, status, by or user)

    def promote(self, user: User, group: Chat, *, by: User | None = None) -> None:
        """Make a member an administrator."""
        change_member(
            self.telegram, group, user, "administrator", by or find_owner(self.telegram, group)
        )

    def demote(self, user: User, group: Chat, *, by: User | None = None) -> None:
        """Make an administrator an ordinary member."""
        change_member(self.telegram, group, user, "member", by or find_owner(self.telegram, group))

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

    def rename(self, group: Chat, title: str, *, by: User | None = None) -> None:
        """Give a group another title."""
        group.title = title
        post_service(
            self.telegram, group, by or find_owner(self.telegram, group), {"new_chat_title": title}
        )
        self.events.publish(Event("chat", group.id))

    def migrate(self, group: Chat, *, notices: MigrationNotices = "both") -> Chat:
        """Turn a group into a supergroup with another id and message ids from 1.

        Args:
            group: A basic group.
            notices: Which of the two service messages the bot gets: `to` in the old chat, `from`
                in the new one.
        """
        return migrate_group(self.telegram, group, notices)

    # --- clock, updates and limits ---

    def advance(self, delta: timedelta) -> datetime:
        """Move the clock."""
        return self.clock.advance(delta)

    def feed(self, fields: JsonObject, *, partition: int = 0) -> int:
        """Queue an update of any shape and return its id."""
        return self.telegram.updates.add_raw(fields, partition=partition)

    def jump_update_ids(self, next_id: int) -> None:
        """Continue the update ids at `next_id`, lower or higher."""
        self.telegram.updates.jump(next_id)

    @property
    def pending_update_count(self) -> int:
        """Count the updates that are neither confirmed nor expired."""
        return self.telegram.updates.pending_count

    def limit(self, limits: Limits | None) -> None:
        """Set or remove the rate limits."""
        self.telegram.rate_limiter = RateLimiter(limits) if limits else None

    def set_privacy_mode(self, *, is_on: bool) -> None:
        """Set privacy mode, in which groups send only commands, replies and mentions to the bot."""
        self.telegram.has_privacy_mode = is_on

    # --- actions of the bot ---

    def messages(self, chat: Chat) -> list[Message]:
        """Return the messages of a chat, the oldest first."""
        return list(chat.history.values())

    def sent(self, chat: Chat) -> list[Message]:
        """Return the bot's messages of a chat."""
        return [m for m in chat.history.values() if m.sender_id == self.bot.id]

    def edited(self, chat: Chat) -> list[Message]:
        """Return the bot's edited messages of a chat."""
        return [message for message in self.sent(chat) if message.edit_count]

    def deleted(self, chat: Chat) -> list[Message]:
        """Return the latest 500 messages that the bot deleted from a chat."""
        return list(chat.deleted)

    def requests(self, method: str | None = None) -> list[Request]:
        """Return the latest requests, all or of one method."""
        return [r for r in self.log.requests if method is None or r.method == method]

    def refusals(self) -> dict[str, int]:
        """Return the refused requests as `method: description` with their counts."""
        return dict(self.log.refusals)

    # --- waiting ---

    async def until(
        self, find: Callable[[], Found], *, what: str = "it", timeout: float = WAIT_SECONDS
    ) -> Found:
        """Wait until `find` returns a true value, and return it.

        Raises:
            TimeoutError: `timeout` real seconds passed before.
        """
        return await wait_until(self.events, find, what=what, timeout=timeout)

    async def answers(
        self, chat: Chat, *, count: int = 1, timeout: float = WAIT_SECONDS
    ) -> list[Message]:
        """Wait for the bot's next `count` messages of a chat, each returned once.

        Raises:
            TimeoutError: Fewer came in time.
        """
        unread = chat.unread
        await self.until(
            lambda: len(unread) >= count,
            what=f"{count} messages in chat {chat.id}",
            timeout=timeout,
        )
        return [unread.popleft() for _ in range(count)]

    async def edit_of(self, message: Message, *, timeout: float = WAIT_SECONDS) -> Message:
        """Wait for the next edit of a message; each edit is returned once.

        Raises:
            TimeoutError: The bot did not edit it in time.
        """
        await self.until(
            lambda: message.edit_count > message.edits_seen,
            what=f"an edit of message {message.message_id}",
            timeout=timeout,
        )
        message.edits_seen = message.edit_count
        return message

    async def answer_of(self, press: Press, *, timeout: float = WAIT_SECONDS) -> CallbackAnswer:
        """Wait for the bot's answer to a press.

        Raises:
            TimeoutError: `timeout` passed before.
        """
        return await self.until(lambda: press.answer, what="an answer", timeout=timeout) or (
            CallbackAnswer("", is_alert=False, url="")
        )

    async def quiet(self, seconds: float = 0.3, *, timeout: float = WAIT_SECONDS) -> None:
        """Wait until the bot has sent no request but getUpdates for `seconds`.

        Raises:
            TimeoutError: The bot never became quiet.
        """
        await wait_for_quiet(self.events, seconds, timeout=timeout)

    def _publish_clock(self, moment: datetime) -> None:
        self.events.publish(Event("clock", data={"now": moment.isoformat()}))


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
