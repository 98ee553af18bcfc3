"""Build the page's data as JSON, with chats, people, messages, commands and time."""

from __future__ import annotations

from demo.botapi.requests.params import Params
from demo.botapi.world import ADMINS, PRESENT, Chat, JsonObject, Message, User
from demo.events import Event
from demo.samples import list_samples
from demo.simulation import Simulation

HISTORY_SHOWN_MAX = 300
"""Messages of a chat that the page loads at first."""

_SENT_KINDS = frozenset({"message", "edited", "deleted"})


def state_json(simulation: Simulation) -> JsonObject:
    """Return all data that the page loads at first."""
    return {
        "bot": {**person_json(simulation.bot), **_menu_button(simulation)},
        "description": simulation.telegram.profile.get_text("description", Params({})),
        "chats": [chat_json(simulation, chat) for chat in _open_chats(simulation)],
        "clock": clock_json(simulation),
        "samples": list_samples(),
    }


def _menu_button(simulation: Simulation) -> JsonObject:
    """Return label and address of the button that opens the bot's Mini App."""
    button = simulation.telegram.profile.menu_buttons.get(0, {})
    return {
        "app_text": button.get("text", ""),
        "app_url": button.get("web_app", {}).get("url", ""),
    }


def clock_json(simulation: Simulation) -> JsonObject:
    """Return the demo's time in seconds since 1970, and its offset from the real time."""
    clock = simulation.clock
    return {"now": clock.seconds(), "ahead_seconds": round(clock.shift.total_seconds())}


def chat_json(simulation: Simulation, chat: Chat) -> JsonObject:
    """Return a chat with its people, commands and latest messages."""
    people = _people_of(simulation, chat)
    profile = simulation.telegram.profile
    return {
        "id": chat.id,
        "kind": chat.kind,
        "title": chat.title,
        "people": [person_json(person) for person in people],
        "admin_ids": [user_id for user_id, status in chat.members.items() if status in ADMINS],
        "commands": {
            str(person.id): profile.menu_for(
                chat, person.language_code, is_admin=chat.members.get(person.id) in ADMINS
            )
            for person in people
        },
        "messages": [
            message_json(message) for message in list(chat.history.values())[-HISTORY_SHOWN_MAX:]
        ],
        "keyboard": chat.keyboard,
        "pinned_id": chat.pinned_id,
        "is_blocked": bool(chat.user and chat.user.has_blocked_bot),
    }


def person_json(user: User) -> JsonObject:
    """Return a person, or the bot."""
    return {
        "id": user.id,
        "name": user.name,
        "username": user.username,
        "is_bot": user.is_bot,
        "language_code": user.language_code,
    }


def message_json(message: Message) -> JsonObject:
    """Return a Bot API message with its sender's and chat's ids."""
    return {"sender_id": message.sender_id, "chat_id": message.chat_id, **message.data}


def event_json(simulation: Simulation, event: Event) -> JsonObject | None:
    """Return an event for the page; None for one that the page does not show."""
    shown: JsonObject = {"kind": event.kind, "chat_id": event.chat_id}
    match event.kind:
        case kind if kind in _SENT_KINDS and event.message:
            shown["message"] = message_json(event.message)
        case "answer" | "action" | "reaction":
            shown |= event.data
            if event.message:
                shown["message_id"] = event.message.message_id
        case "keyboard":
            shown["keyboard"] = simulation.chat(event.chat_id).keyboard
        case "pinned":
            shown["pinned_id"] = simulation.chat(event.chat_id).pinned_id
        case "chat":
            chat = simulation.chat(event.chat_id)
            # The page drops a migrated group and shows the supergroup in its place.
            is_gone = chat.migrated_to is not None
            shown["chat"] = None if is_gone else chat_json(simulation, chat)
        case "commands":
            shown["state"] = state_json(simulation)
        case "clock":
            shown["clock"] = clock_json(simulation)
        case _:
            return None
    return shown


def _open_chats(simulation: Simulation) -> list[Chat]:
    return [chat for chat in simulation.chats if chat.migrated_to is None]


def _people_of(simulation: Simulation, chat: Chat) -> list[User]:
    if chat.user is not None:
        return [chat.user]
    ids = [user_id for user_id, status in chat.members.items() if status in PRESENT]
    return [simulation.user(user_id) for user_id in ids if user_id != simulation.bot.id]
