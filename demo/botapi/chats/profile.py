"""Serve methods for the bot's commands, texts and menu button."""

from __future__ import annotations

from collections.abc import Callable

from demo.botapi.errors import bad_request
from demo.botapi.messages.keyboards import check_web_app
from demo.botapi.requests.params import Params
from demo.botapi.telegram import Telegram
from demo.botapi.world import JsonObject
from demo.events import Event

_DEFAULT_BUTTON = {"type": "commands"}


def set_my_commands(telegram: Telegram, params: Params) -> bool:
    """Replace the commands of a scope and language."""
    telegram.profile.set_commands(params)
    telegram.events.publish(Event("commands"))
    return True


def get_my_commands(telegram: Telegram, params: Params) -> list[JsonObject]:
    """Return the commands of a scope and language."""
    return telegram.profile.get_commands(params)


def delete_my_commands(telegram: Telegram, params: Params) -> bool:
    """Remove the commands of a scope and language."""
    telegram.profile.delete_commands(params)
    telegram.events.publish(Event("commands"))
    return True


def text_setter(kind: str) -> Callable[[Telegram, Params], bool]:
    """Build setMyName, setMyDescription or setMyShortDescription."""

    def set_text(telegram: Telegram, params: Params) -> bool:
        telegram.profile.set_text(kind, params)
        telegram.events.publish(Event("commands"))
        return True

    return set_text


def text_getter(kind: str) -> Callable[[Telegram, Params], JsonObject]:
    """Build getMyName, getMyDescription or getMyShortDescription."""

    def get_text(telegram: Telegram, params: Params) -> JsonObject:
        text = telegram.profile.get_text(kind, params)
        if kind == "name":
            text = text or telegram.bot.first_name
        return {kind: text}

    return get_text


def set_chat_menu_button(telegram: Telegram, params: Params) -> bool:
    """Set the menu button of a chat, or of all without a chat."""
    button = params.decoded("menu_button", "menu button") or _DEFAULT_BUTTON
    if not isinstance(button, dict) or button.get("type") not in ("commands", "web_app", "default"):
        raise bad_request("can't parse menu button: unsupported type specified")
    if button["type"] == "web_app":
        check_web_app(button.get("web_app"))
    telegram.profile.menu_buttons[params.integer("chat_id")] = button
    telegram.events.publish(Event("commands"))
    return True


def get_chat_menu_button(telegram: Telegram, params: Params) -> JsonObject:
    """Return the menu button of a chat."""
    buttons = telegram.profile.menu_buttons
    return buttons.get(params.integer("chat_id")) or buttons.get(0) or _DEFAULT_BUTTON
