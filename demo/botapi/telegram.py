"""Hold the state of the Bot API server, and operations common to all methods."""

from __future__ import annotations

from dataclasses import dataclass

from demo.botapi.chats.profile_book import ProfileBook
from demo.botapi.delivery.updates import UpdateQueue
from demo.botapi.errors import bad_request, forbidden, migrated
from demo.botapi.files.store import FileStore
from demo.botapi.formatting.formatted import Formatted
from demo.botapi.messages.callbacks import CallbackBook
from demo.botapi.requests.limits import RateLimiter
from demo.botapi.requests.params import Params
from demo.botapi.world import PRESENT, Chat, JsonObject, Message, User, World
from demo.clock import Clock
from demo.events import Event, EventBus

_FIRST_UPDATE_ID = 520_000_001


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """The settings of a webhook."""

    url: str
    secret_token: str = ""
    max_connections: int = 40
    ip_address: str = ""


@dataclass(slots=True, eq=False)
class Telegram:
    """The server's state, on which all methods work."""

    clock: Clock
    token: str
    world: World
    updates: UpdateQueue
    files: FileStore
    callbacks: CallbackBook
    profile: ProfileBook
    events: EventBus
    rate_limiter: RateLimiter | None = None
    has_privacy_mode: bool = False
    webhook: WebhookSettings | None = None
    webhook_error: tuple[int, str] | None = None
    poll_number: int = 0
    last_poll: tuple[int, float] = (0, 0.0)

    @property
    def bot(self) -> User:
        """Return the bot's own account."""
        return self.world.bot

    def date(self) -> int:
        """Return the current time for messages, in whole seconds since 1970."""
        return int(self.clock.seconds())


def build_telegram(token: str, clock: Clock, *, username: str, history_max: int) -> Telegram:
    """Build an empty server; the bot's id is the number before the token's colon."""
    bot = User(int(token.partition(":")[0]), "Kvitto", username=username, is_bot=True)
    return Telegram(
        clock=clock,
        token=token,
        world=World(bot, history_max=history_max),
        updates=UpdateQueue(clock, _FIRST_UPDATE_ID),
        files=FileStore(clock),
        callbacks=CallbackBook(clock),
        profile=ProfileBook(),
        events=EventBus(),
    )


def get_chat(telegram: Telegram, params: Params) -> Chat:
    """Return the chat of a request's `chat_id`.

    Raises:
        ApiError: The chat is unknown, or the person never wrote to the bot.
    """
    name = params.text("chat_id").strip()
    if not name:
        raise bad_request("chat_id is empty")
    chat_id = params.integer("chat_id")
    chat = telegram.world.chats.get(chat_id)
    if chat is not None:
        return chat
    # Telegram lets a bot write only to people who wrote first.
    if chat_id in telegram.world.users:
        raise forbidden("bot can't initiate conversation with a user")
    raise bad_request("chat not found")


def get_open_chat(telegram: Telegram, params: Params) -> Chat:
    """Return the chat of a request's `chat_id` if the bot may write there.

    Raises:
        ApiError: 400 for an unknown or migrated chat, 403 for one that is closed to the bot.
    """
    chat = get_chat(telegram, params)
    if chat.migrated_to is not None:
        raise migrated(chat.migrated_to)
    if chat.user is not None:
        if chat.user.is_deactivated:
            raise forbidden("user is deactivated")
        if chat.user.has_blocked_bot:
            raise forbidden("bot was blocked by the user")
        return chat
    status = chat.members.get(telegram.bot.id, "left")
    if status == "kicked":
        raise forbidden(f"bot was kicked from the {chat.kind} chat")
    if status not in PRESENT:
        raise forbidden(f"bot is not a member of the {chat.kind} chat")
    return chat


def find_message(chat: Chat, message_id: int) -> Message | None:
    """Return a message of a chat; None when it does not exist or was deleted."""
    message = chat.history.get(message_id)
    return None if message is None or message.is_deleted else message


def post(
    telegram: Telegram,
    chat: Chat,
    sender: User,
    content: JsonObject,
    keyboard: JsonObject | None = None,
) -> Message:
    """Add a message to a chat, publish it and return it."""
    message_id = telegram.world.next_message_id(chat)
    data: JsonObject = {
        "message_id": message_id,
        "from": sender.to_json(),
        "chat": chat.to_json(),
        "date": telegram.date(),
        **content,
    }
    message = Message(chat.id, message_id, sender.id, data)
    if keyboard:
        _place_keyboard(telegram, chat, message, keyboard)
    telegram.world.keep(chat, message)
    # Tests read the bot's messages from this queue, in the order of sending.
    if sender is telegram.bot:
        chat.unread.append(message)
    telegram.events.publish(Event("message", chat.id, message))
    return message


def _place_keyboard(telegram: Telegram, chat: Chat, message: Message, keyboard: JsonObject) -> None:
    if "inline_keyboard" in keyboard:
        if keyboard["inline_keyboard"]:
            message.data["reply_markup"] = keyboard
        return
    message.keyboard = keyboard
    chat.keyboard = keyboard if "keyboard" in keyboard else None
    telegram.events.publish(Event("keyboard", chat.id, message))


def remove(telegram: Telegram, chat: Chat, message: Message) -> None:
    """Remove a message from its chat and publish that."""
    message.is_deleted = True
    chat.history.pop(message.message_id, None)
    if chat.pinned_id == message.message_id:
        chat.pinned_id = None
    telegram.events.publish(Event("deleted", chat.id, message))


def text_fields(formatted: Formatted) -> JsonObject:
    """Return `text` and `entities` of a message."""
    if formatted.entities:
        return {"text": formatted.text, "entities": formatted.entities}
    return {"text": formatted.text}


def caption_fields(formatted: Formatted) -> JsonObject:
    """Return `caption` and `caption_entities` of a message; empty for an empty caption."""
    if not formatted.text:
        return {}
    if formatted.entities:
        return {"caption": formatted.text, "caption_entities": formatted.entities}
    return {"caption": formatted.text}
