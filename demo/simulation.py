# ruff: noqa: ASYNC109 - a test says how long it waits in the call, as every wait helper does
"""A Telegram with people in it, held by a test, a bench or the demo page.

    async with open_demo() as demo:
        sim = demo.simulation
        ann = sim.add_user("Ann")
        chat = sim.private_chat(ann)
        sim.say(ann, chat, "coffee 4.50")
        (answer,) = await sim.answers(chat)
        press = sim.press(ann, answer, "Delete")
        await sim.answer_of(press)

People act through the methods of `Simulation`; the bot acts over HTTP. Everything that happens is
published on `events`. Nothing here awaits but the helpers that wait.
"""

from __future__ import annotations

import asyncio
import mimetypes
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, TypeVar

from demo.botapi.callbacks import CallbackAnswer, Press, query_json
from demo.botapi.chats import member_json
from demo.botapi.formatted import format_own
from demo.botapi.limits import Gate, Limits
from demo.botapi.media import document_json
from demo.botapi.photos import shrink_photo
from demo.botapi.request_log import Request, RequestLog
from demo.botapi.sending import forwarded_fields, without_reply
from demo.botapi.telegram import (
    Telegram,
    build_telegram,
    caption_fields,
    find_message,
    post,
    text_fields,
)
from demo.botapi.world import PRESENT, Chat, JsonObject, MemberStatus, Message, User
from demo.clock import Clock
from demo.events import Event
from demo.faults import FaultPlan

TOKEN = "7000000001:DEMO-token-of-this-machine-only-000"  # noqa: S105 - opens nothing elsewhere
WAIT_SECONDS = 5.0

Content = bytes | Path
MigrationNotices = Literal["both", "to", "from", "none"]
Found = TypeVar("Found")


class Simulation:
    """People, chats and faults around one bot.

    Args:
        clock: The server's clock; a running one by default.
        token: The bot's token.
        history_max: Messages remembered per chat.
        limits: Pacing to enforce with 429; None lets everything through.

    Attributes:
        faults: What goes wrong; see `FaultPlan`.
        log: What the bot asked for.
        events: Everything that happens, as it happens.
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
        self.clock.on_change(self._tell_clock)

    # --- who is there ---

    @property
    def bot(self) -> User:
        """The bot's account."""
        return self.telegram.bot

    @property
    def chats(self) -> list[Chat]:
        """All chats, the oldest first."""
        return list(self.telegram.world.chats.values())

    def chat(self, chat_id: int) -> Chat:
        """The chat of that id; KeyError when there is none."""
        return self.telegram.world.chats[chat_id]

    def user(self, user_id: int) -> User:
        """The person of that id; KeyError when there is none."""
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
        """A new person."""
        user = self.telegram.world.add_user(user_id, first_name, language_code)
        user.last_name, user.username = last_name, username
        return user

    def private_chat(self, user: User) -> Chat:
        """The chat of a person with the bot; made, and open for the bot, at the first call."""
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
        """A new group; the first member owns it. The bot is told that it was added."""
        chat = self.telegram.world.add_group(kind, title)
        for position, member in enumerate(members):
            chat.members[member.id] = "member" if position else "creator"
        self.events.publish(Event("chat", chat.id))
        if is_bot_there:
            self.join(self.bot, chat, by=members[0])
        return chat

    # --- what people do ---

    def say(self, user: User, chat: Chat, text: str, *, reply_to: Message | None = None) -> Message:
        """Write a text; commands, links and the like are marked as Telegram does."""
        return self._write(user, chat, text_fields(format_own(text)), reply_to)

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
        return self._write(user, chat, self._photo_fields(content, caption), reply_to)

    def document(
        self,
        user: User,
        chat: Chat,
        content: Content,
        *,
        file_name: str = "",
        mime_type: str = "",
        caption: str = "",
        reply_to: Message | None = None,
    ) -> Message:
        """Send a file as it is."""
        fields = self._document_fields(content, file_name, mime_type, caption)
        return self._write(user, chat, fields, reply_to)

    def album(
        self, user: User, chat: Chat, contents: Sequence[Content], *, caption: str = ""
    ) -> list[Message]:
        """Send several photos at once; the first carries the caption."""
        group_id = {"media_group_id": self.telegram.world.next_album_id()}
        messages = []
        for position, content in enumerate(contents):
            fields = self._photo_fields(content, "" if position else caption)
            messages.append(self._write(user, chat, {**group_id, **fields}))
        return messages

    def edit(self, message: Message, text: str) -> Message:
        """Change the text, or the caption, of a person's own message."""
        formatted = format_own(text)
        fields = caption_fields(formatted) if message.media else text_fields(formatted)
        gone = ("text", "entities", "caption", "caption_entities")
        kept = {key: value for key, value in message.data.items() if key not in gone}
        message.data = {**kept, **fields, "edit_date": self.telegram.date()}
        message.edit_count += 1
        chat = self.chat(message.chat_id)
        self.events.publish(Event("edited", chat.id, message))
        self._deliver(chat, "edited_message", message.data, message.text)
        return message

    def delete(self, message: Message) -> None:
        """Delete a message as a person; Telegram does not tell bots."""
        message.is_deleted = True
        self.chat(message.chat_id).history.pop(message.message_id, None)
        self.events.publish(Event("deleted", message.chat_id, message))

    def press(self, user: User, message: Message, button: str | tuple[int, int]) -> Press:
        """Press an inline button, named by its text (or a part only it has) or (row, column).

        Raises:
            LookupError: There is no such button, or it is no callback button.
        """
        found = find_button(message, button)
        if "callback_data" not in found:
            reason = f"button {found['text']!r} calls nothing back"
            raise LookupError(reason)
        return self.press_data(user, message, found["callback_data"])

    def press_data(self, user: User, message: Message, data: str) -> Press:
        """Send callback data whether or not a button has it: apps can be made to lie."""
        press = self.telegram.callbacks.open(user.id, message.chat_id, message.message_id, data)
        is_there = find_message(self.chat(message.chat_id), message.message_id) is message
        shown = message.data if is_there else _inaccessible(message)
        query = query_json(press, user.to_json(), shown)
        self.telegram.updates.add("callback_query", query, lane=message.chat_id)
        return press

    def forward(self, user: User, message: Message, chat: Chat) -> Message:
        """Forward a message into a chat."""
        return self._write(user, chat, forwarded_fields(message))

    def react(self, user: User, message: Message, emoji: str) -> None:
        """React to a message; bots hear of it only on request."""
        chat = self.chat(message.chat_id)
        payload = {
            "chat": chat.to_json(),
            "message_id": message.message_id,
            "user": user.to_json(),
            "date": self.telegram.date(),
            "old_reaction": [],
            "new_reaction": [{"type": "emoji", "emoji": emoji}],
        }
        self.telegram.updates.add("message_reaction", payload, lane=chat.id)

    # --- membership ---

    def join(self, user: User, group: Chat, *, by: User | None = None) -> None:
        """Let a person, or the bot, join a group."""
        self._change_member(group, user, "member", by or user)
        self._serve(group, by or user, {"new_chat_members": [user.to_json()]})

    def leave(self, user: User, group: Chat, *, by: User | None = None) -> None:
        """Let a person leave; with `by`, they (or the bot) are removed."""
        status: MemberStatus = "kicked" if by and by is not user else "left"
        self._serve(group, by or user, {"left_chat_member": user.to_json()})
        self._change_member(group, user, status, by or user)

    def promote(self, user: User, group: Chat, *, by: User | None = None) -> None:
        """Make a member an administrator."""
        self._change_member(group, user, "administrator", by or self._owner(group))

    def demote(self, user: User, group: Chat, *, by: User | None = None) -> None:
        """Make an administrator an ordinary member."""
        self._change_member(group, user, "member", by or self._owner(group))

    def block(self, user: User) -> None:
        """Block the bot: sending to that person answers 403."""
        user.has_blocked_bot = True
        self._tell_my_member(self.private_chat(user), user, "member", "kicked")

    def unblock(self, user: User) -> None:
        """Let the bot write again; apps then offer /start, which is not sent here."""
        user.has_blocked_bot = False
        self._tell_my_member(self.private_chat(user), user, "kicked", "member")

    def deactivate(self, user: User) -> None:
        """Delete the person's account."""
        user.is_deactivated = True

    def rename(self, group: Chat, title: str, *, by: User | None = None) -> None:
        """Give a group another title."""
        group.title = title
        self._serve(group, by or self._owner(group), {"new_chat_title": title})
        self.events.publish(Event("chat", group.id))

    def migrate(self, group: Chat, *, notices: MigrationNotices = "both") -> Chat:
        """Turn a group into a supergroup: another id, message ids from 1, the old one answers 400.

        Args:
            group: A basic group.
            notices: Which of the two service messages the bot gets: `to` in the old chat, `from`
                in the new one.
        """
        assert group.kind == "group", "only a basic group can be upgraded"
        new = self.telegram.world.add_group("supergroup", group.title)
        new.members = dict(group.members)
        new.migrated_from = group.id
        owner = self._owner(group)
        if notices in ("both", "to"):
            self._serve(group, owner, {"migrate_to_chat_id": new.id})
        group.migrated_to = new.id
        self.events.publish(Event("chat", new.id))
        self.events.publish(Event("chat", group.id))
        if notices in ("both", "from"):
            self._serve(new, owner, {"migrate_from_chat_id": group.id})
        return new

    # --- the server's own affairs ---

    def advance(self, delta: timedelta) -> datetime:
        """Move the clock."""
        return self.clock.advance(delta)

    def feed(self, fields: JsonObject, *, lane: int = 0) -> int:
        """Queue an update of any shape; returns its id."""
        return self.telegram.updates.add_raw(fields, lane=lane)

    def jump_update_ids(self, next_id: int) -> None:
        """Let update ids go on at `next_id`, lower or higher."""
        self.telegram.updates.jump(next_id)

    @property
    def pending_update_count(self) -> int:
        """Updates the bot has neither confirmed nor lost by age."""
        return self.telegram.updates.pending_count

    def limit(self, limits: Limits | None) -> None:
        """Switch pacing on or off."""
        self.telegram.gate = Gate(limits) if limits else None

    def set_privacy_mode(self, *, is_on: bool) -> None:
        """With privacy mode the bot gets only commands, replies to it and mentions in groups."""
        self.telegram.has_privacy_mode = is_on

    # --- what the bot did ---

    def messages(self, chat: Chat) -> list[Message]:
        """All messages of a chat that are there now, the oldest first."""
        return list(chat.history.values())

    def sent(self, chat: Chat) -> list[Message]:
        """The bot's messages of a chat that are there now."""
        return [m for m in chat.history.values() if m.sender_id == self.bot.id]

    def requests(self, method: str | None = None) -> list[Request]:
        """The latest requests, all or of one method."""
        return [r for r in self.log.requests if method is None or r.method == method]

    def refusals(self) -> dict[str, int]:
        """Every refused request as `method: description` with its count."""
        return dict(self.log.refusals)

    # --- waiting ---

    async def until(
        self, find: Callable[[], Found], *, what: str = "it", timeout: float = WAIT_SECONDS
    ) -> Found:
        """Wait until `find` returns something true, and return that.

        Raises:
            TimeoutError: It did not within `timeout` real seconds.
        """
        changed = asyncio.Event()
        with self.events.subscribed(lambda _event: changed.set()):
            try:
                async with asyncio.timeout(timeout):
                    while not (found := find()):
                        changed.clear()
                        await changed.wait()
                    return found
            except TimeoutError:
                reason = f"waited {timeout} s for {what}"
                raise TimeoutError(reason) from None

    async def answers(
        self, chat: Chat, *, count: int = 1, timeout: float = WAIT_SECONDS
    ) -> list[Message]:
        """The bot's next `count` messages in a chat that this helper has not returned yet.

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
        """The same message after an edit that this helper has not returned yet.

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
        """What the bot answered to a press.

        Raises:
            TimeoutError: It did not in time.
        """
        return await self.until(lambda: press.answer, what="an answer", timeout=timeout) or (
            CallbackAnswer("", is_alert=False, url="")
        )

    async def quiet(self, seconds: float = 0.3, *, timeout: float = 30.0) -> None:
        """Wait until the bot has asked for nothing (but updates) for so long.

        Raises:
            TimeoutError: It never stopped.
        """
        changed = asyncio.Event()
        with self.events.subscribed(lambda _event: changed.set()):
            async with asyncio.timeout(timeout):
                while True:
                    changed.clear()
                    try:
                        async with asyncio.timeout(seconds):
                            await changed.wait()
                    except TimeoutError:
                        return

    # --- inside ---

    def _write(
        self, user: User, chat: Chat, fields: JsonObject, reply_to: Message | None = None
    ) -> Message:
        if reply_to is not None:
            fields = {"reply_to_message": without_reply(reply_to), **fields}
        message = post(self.telegram, chat, user, fields)
        self._deliver(chat, "message", message.data, message.text)
        return message

    def _deliver(self, chat: Chat, kind: str, data: JsonObject, text: str = "") -> None:
        if chat.is_group and chat.members.get(self.bot.id) not in PRESENT:
            return
        if chat.is_group and self.telegram.has_privacy_mode and not self._is_for_bot(data, text):
            return
        if chat.user is not None and chat.user.has_blocked_bot:
            return
        self.telegram.updates.add(kind, data, lane=chat.id)

    def _is_for_bot(self, data: JsonObject, text: str) -> bool:
        is_reply = data.get("reply_to_message", {}).get("from", {}).get("id") == self.bot.id
        is_service = not any(key in data for key in ("text", "caption", "photo", "document"))
        return is_reply or is_service or text.startswith("/") or f"@{self.bot.username}" in text

    def _serve(self, chat: Chat, by: User, fields: JsonObject) -> Message:
        """Post a service message."""
        message = post(self.telegram, chat, by, fields)
        self._deliver(chat, "message", message.data)
        return message

    def _photo_fields(self, content: Content, caption: str) -> JsonObject:
        copies = shrink_photo(_read(content))
        sizes = []
        for copy in copies:
            stored = self.telegram.files.add("photos", copy.content, "photo.jpg", "image/jpeg")
            sizes.append({**stored.to_json(), "width": copy.width, "height": copy.height})
        return {"photo": sizes, **caption_fields(format_own(caption))}

    def _document_fields(
        self, content: Content, file_name: str, mime_type: str, caption: str
    ) -> JsonObject:
        name = file_name or (content.name if isinstance(content, Path) else "file")
        kind = mime_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
        stored = self.telegram.files.add("documents", _read(content), name, kind)
        document = document_json(self.telegram, stored)
        return {"document": document, **caption_fields(format_own(caption))}

    def _owner(self, group: Chat) -> User:
        owner_id = next(
            (user_id for user_id, status in group.members.items() if status == "creator"),
            next(iter(group.members)),
        )
        return self.user(owner_id)

    def _change_member(self, group: Chat, user: User, status: MemberStatus, by: User) -> None:
        before = group.members.get(user.id, "left")
        group.members[user.id] = status
        self.events.publish(Event("chat", group.id))
        if user is self.bot:
            self._tell_my_member(group, by, before, status)
        elif group.members.get(self.bot.id) in PRESENT:
            change = self._member_change(group, by, user, before, status)
            self.telegram.updates.add("chat_member", change, lane=group.id)

    def _tell_my_member(
        self, chat: Chat, by: User, before: MemberStatus, after: MemberStatus
    ) -> None:
        change = self._member_change(chat, by, self.bot, before, after)
        self.telegram.updates.add("my_chat_member", change, lane=chat.id)

    def _member_change(
        self, chat: Chat, by: User, user: User, before: MemberStatus, after: MemberStatus
    ) -> JsonObject:
        return {
            "chat": chat.to_json(),
            "from": by.to_json(),
            "date": self.telegram.date(),
            "old_chat_member": member_json(user, before),
            "new_chat_member": member_json(user, after),
        }

    def _tell_clock(self, moment: datetime) -> None:
        self.events.publish(Event("clock", data={"now": moment.isoformat()}))


def find_button(message: Message, button: str | tuple[int, int]) -> JsonObject:
    """The inline button of that text (or the only one that contains it), or at (row, column).

    Raises:
        LookupError: There is none, or the text fits several.
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


def _inaccessible(message: Message) -> JsonObject:
    """What a press on a message that is gone carries: its place, and date 0."""
    return {"chat": message.data["chat"], "message_id": message.message_id, "date": 0}


def _read(content: Content) -> bytes:
    return content.read_bytes() if isinstance(content, Path) else content
