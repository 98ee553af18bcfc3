"""Define people, chats and the messages in them.

`Message.data` is the Message object of the Bot API. It is never changed in place: an edit replaces
it, so updates that were queued before keep the old content.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any, Literal

from demo.botapi.formatting.utf16 import well_formed

JsonObject = dict[str, Any]
ChatKind = Literal["private", "group", "supergroup"]
MemberStatus = Literal["creator", "administrator", "member", "left", "kicked"]

PRESENT: frozenset[MemberStatus] = frozenset({"creator", "administrator", "member"})
ADMINS: frozenset[MemberStatus] = frozenset({"creator", "administrator"})

# Ids as large as today's real ones, beyond 32 bits, so that nobody can count on small integers.
_FIRST_USER_ID = 7_100_000_001
_FIRST_GROUP_ID = -4_800_000_001
_FIRST_SUPERGROUP_ID = -1_002_300_000_001
_FIRST_ALBUM_ID = 13_900_000_000_000_000


_MEDIA = ("photo", "document", "voice")


@dataclass(slots=True, eq=False)
class User:
    """A person, or the bot itself."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = ""
    is_bot: bool = False
    has_blocked_bot: bool = False
    is_deactivated: bool = False

    @property
    def name(self) -> str:
        """Return first and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    def to_json(self) -> JsonObject:
        """Return the User object of the Bot API."""
        card: JsonObject = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        for key in ("last_name", "username", "language_code"):
            if value := getattr(self, key):
                card[key] = value
        return card


@dataclass(slots=True, eq=False)
class Message:
    """A message of a chat; `keyboard` is the reply keyboard sent with it."""

    chat_id: int
    message_id: int
    sender_id: int
    data: JsonObject
    keyboard: JsonObject | None = None
    is_deleted: bool = False
    edit_count: int = 0
    edits_seen: int = 0

    @property
    def text(self) -> str:
        """Return the text, or the caption of a photo or file."""
        written: str = self.data.get("text") or self.data.get("caption") or ""
        return written

    @property
    def buttons(self) -> list[list[JsonObject]]:
        """Return the rows of inline buttons."""
        rows: list[list[JsonObject]] = self.data.get("reply_markup", {}).get("inline_keyboard", [])
        return rows

    @property
    def labels(self) -> list[str]:
        """Return the texts of the inline buttons, row after row."""
        return [button["text"] for row in self.buttons for button in row]

    @property
    def media(self) -> str | None:
        """Return the kind of its media, None for a message without."""
        return next((kind for kind in _MEDIA if kind in self.data), None)


@dataclass(slots=True, eq=False)
class Chat:
    """A private chat or a group with its bounded history."""

    id: int
    kind: ChatKind
    title: str = ""
    user: User | None = None
    members: dict[int, MemberStatus] = field(default_factory=dict)
    history: dict[int, Message] = field(default_factory=dict)
    unread: deque[Message] = field(default_factory=lambda: deque(maxlen=2000))
    deleted: deque[Message] = field(default_factory=lambda: deque(maxlen=500))
    keyboard: JsonObject | None = None
    migrated_to: int | None = None
    migrated_from: int | None = None
    pinned_id: int | None = None
    last_message_id: int = 0

    @property
    def is_group(self) -> bool:
        """Tell whether several people write here."""
        return self.kind != "private"

    def to_json(self) -> JsonObject:
        """Return the Chat object of the Bot API."""
        if self.user is not None:
            card: JsonObject = {
                "id": self.id,
                "type": "private",
                "first_name": self.user.first_name,
            }
            for key in ("last_name", "username"):
                if value := getattr(self.user, key):
                    card[key] = value
            return card
        card = {"id": self.id, "title": self.title, "type": self.kind}
        # No longer documented in Bot API 10.3, but the real server still sends it.
        if self.kind == "group":
            card["all_members_are_administrators"] = False
        return card


class World:
    """Holds all people and chats of a bot.

    Args:
        bot: The bot's own account.
        history_max: Messages kept per chat; older ones count as deleted.
    """

    def __init__(self, bot: User, *, history_max: int = 1000) -> None:
        self.bot = bot
        self.history_max = history_max
        self.users: dict[int, User] = {bot.id: bot}
        self.chats: dict[int, Chat] = {}
        self._next_user_id = _FIRST_USER_ID
        self._next_group_id = _FIRST_GROUP_ID
        self._next_supergroup_id = _FIRST_SUPERGROUP_ID
        self._last_box_id = 0
        self._last_album_id = _FIRST_ALBUM_ID

    def add_user(self, user_id: int | None, first_name: str, language_code: str) -> User:
        """Add a person; the id is the next one unless it is given."""
        if user_id is None:
            user_id = self._next_user_id
            self._next_user_id += 1
        user = User(user_id, well_formed(first_name), language_code=language_code)
        self.users[user_id] = user
        return user

    def private_chat(self, user: User) -> Chat:
        """Return a person's chat with the bot, whose id is the person's."""
        chat = self.chats.get(user.id)
        if chat is None:
            chat = Chat(user.id, "private", user=user)
            self.chats[user.id] = chat
        return chat

    def add_group(self, kind: ChatKind, title: str) -> Chat:
        """Add an empty group."""
        if kind == "supergroup":
            chat_id, self._next_supergroup_id = (
                self._next_supergroup_id,
                self._next_supergroup_id - 1,
            )
        else:
            chat_id, self._next_group_id = self._next_group_id, self._next_group_id - 1
        chat = Chat(chat_id, kind, title=well_formed(title))
        self.chats[chat_id] = chat
        return chat

    def next_message_id(self, chat: Chat) -> int:
        """Return the next message id; each supergroup has its own sequence, other chats share one."""
        # As on Telegram: private chats and basic groups share the numbers of one account.
        if chat.kind == "supergroup":
            chat.last_message_id += 1
            return chat.last_message_id
        self._last_box_id += 1
        return self._last_box_id

    def next_album_id(self) -> str:
        """Return the `media_group_id` of the next album."""
        self._last_album_id += 1
        return str(self._last_album_id)

    def keep(self, chat: Chat, message: Message) -> None:
        """Add a message to the history and drop the oldest when it is full."""
        history = chat.history
        history[message.message_id] = message
        if len(history) > self.history_max:
            del history[next(iter(history))]
