"""Keep the bot's commands, descriptions and menu button, each per language."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import orjson

from demo.botapi.errors import bad_request
from demo.botapi.requests.params import Params
from demo.botapi.world import Chat, JsonObject

COMMANDS_MAX = 100
COMMAND_DESCRIPTION_MAX = 256
TEXT_MAX = {"name": 64, "description": 512, "short_description": 120}

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"[a-z]{2}")
_SCOPES = frozenset(
    [
        "default",
        "all_private_chats",
        "all_group_chats",
        "all_chat_administrators",
        "chat",
        "chat_administrators",
        "chat_member",
    ]
)
_DEFAULT_SCOPE = {"type": "default"}


@dataclass(slots=True)
class ProfileBook:
    """Holds commands by scope and language, texts by kind and language, menu buttons by chat."""

    commands: dict[tuple[str, str], list[JsonObject]] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    menu_buttons: dict[int, JsonObject] = field(default_factory=dict)

    def set_commands(self, params: Params) -> None:
        """Replace the commands of a scope and language.

        Raises:
            ApiError: A command or its description is refused.
        """
        given = params.decoded("commands", "commands")
        if not isinstance(given, list):
            raise bad_request("can't parse commands JSON object")
        if len(given) > COMMANDS_MAX:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        self.commands[_key(params)] = [_check_command(command) for command in given]

    def get_commands(self, params: Params) -> list[JsonObject]:
        """Return the commands of exactly this scope and language."""
        return self.commands.get(_key(params), [])

    def delete_commands(self, params: Params) -> None:
        """Remove the commands of a scope and language."""
        self.commands.pop(_key(params), None)

    def menu_for(self, chat: Chat, language_code: str, *, is_admin: bool) -> list[JsonObject]:
        """Return the commands that a person sees, from the narrowest scope in their language."""
        scopes: list[JsonObject] = [{"type": "chat", "chat_id": chat.id}]
        if chat.is_group:
            if is_admin:
                scopes.insert(0, {"type": "chat_administrators", "chat_id": chat.id})
                scopes.append({"type": "all_chat_administrators"})
            scopes.append({"type": "all_group_chats"})
        else:
            scopes.append({"type": "all_private_chats"})
        for scope in [*scopes, _DEFAULT_SCOPE]:
            # An app falls back to commands without a language before it tries a wider scope.
            for language in (language_code[:2], ""):
                found = self.commands.get((_scope_key(scope), language))
                if found:
                    return found
        return []

    def set_text(self, kind: str, params: Params) -> None:
        """Set the name, description or short description in a language.

        Raises:
            ApiError: It is too long.
        """
        text = params.text(kind)
        if len(text) > TEXT_MAX[kind]:
            raise bad_request(f"bot {kind.replace('_', ' ')} is too long")
        self.texts[kind, _language(params)] = text

    def get_text(self, kind: str, params: Params) -> str:
        """Return the text in a language, or the one without a language."""
        return self.texts.get((kind, _language(params))) or self.texts.get((kind, ""), "")


def _key(params: Params) -> tuple[str, str]:
    scope = params.decoded("scope", "BotCommandScope") or _DEFAULT_SCOPE
    if not isinstance(scope, dict) or scope.get("type") not in _SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    return _scope_key(scope), _language(params)


def _scope_key(scope: JsonObject) -> str:
    plain = {key: str(value) for key, value in scope.items()}
    return orjson.dumps(plain, option=orjson.OPT_SORT_KEYS).decode()


def _language(params: Params) -> str:
    language = params.text("language_code")
    if language and not _LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")
    return language


def _check_command(command: Any) -> JsonObject:  # noqa: ANN401 - JSON
    if not isinstance(command, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name = str(command.get("command", "")).lstrip("/")
    description = str(command.get("description", ""))
    if not _COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= COMMAND_DESCRIPTION_MAX:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}
