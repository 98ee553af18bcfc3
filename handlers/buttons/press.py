"""Find the action behind a pressed button, and run it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from telegram import Update

from handlers.buttons.actions import ACTIONS
from handlers.context import Context
from replies.admins import ask_for_admins
from services.button_presses import PressQuery, find_press


async def press(update: Update, context: Context) -> None:
    """Do what a button means; a press that is not allowed was answered by a notice."""
    query = _query_of(update)
    if query is None:
        return
    context.press = await context.run_outside(find_press, query, context.now)
    if context.press and context.press.action.name in ACTIONS:
        await ACTIONS[context.press.action.name](context, *context.press.action.args)
    elif query.chat_id < 0:
        _find_admins(context, query.chat_id)


def _query_of(update: Update) -> PressQuery | None:
    """Return the press of an update; None where Telegram no longer shows its message."""
    query = update.callback_query
    if query is None or query.message is None or not query.data:
        return None
    message = query.message
    return PressQuery(query.data, message.chat.id, message.message_id, query.from_user.id)


def _find_admins(context: Context, chat_id: int) -> None:
    # Where the bot is not an admin itself, Telegram does not tell it who became one.
    ask_for_admins(context.update_scope.unit, chat_id)


def read_query(query: Mapping[str, Any]) -> PressQuery | None:
    """Return the press of a callback query in JSON, or None when a part of it is missing."""
    message = query.get("message") or {}
    data, user_id = query.get("data"), (query.get("from") or {}).get("id")
    chat_id, message_id = (message.get("chat") or {}).get("id"), message.get("message_id")
    # `type`, since a JSON true is an int for `isinstance`.
    if not isinstance(data, str) or type(user_id) is not int:
        return None
    if type(chat_id) is not int or type(message_id) is not int:
        return None
    return PressQuery(data, chat_id, message_id, user_id)
