"""Button presses: looked up, checked, and done in the place of their message.

A press carries an opaque id. The worker answers it at once from a read-only look (`check_press`),
then the lane does the work here; both use the same rule, so a forged, foreign, old or replayed
press has no effect.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from telegram import Message, Update

from handlers.actions import VERBS
from handlers.button_press import Pressed
from handlers.context import Context
from ledger.chats import Chat
from ports.messages import Action
from ports.repositories import Keyboard, Repositories
from replies.admins import ask_for_admins
from services.entries.changing import may_change
from services.scope import Scope

DATA_LENGTH_MAX = 64


@dataclass(frozen=True, slots=True)
class Checked:
    """What a press comes to: the action and its place, or the id of the reason why not."""

    chat: Chat | None = None
    action: Action | None = None
    refusal: str | None = None


def check(
    repositories: Repositories, data: str, chat_id: int, user_id: int, now: datetime
) -> Checked:
    """Find what a press means and whether this person may do it here."""
    place = repositories.chats.find(chat_id, user_id)
    if place is None:
        return Checked(refusal="expired")
    keyboard_id, _, position = data[:DATA_LENGTH_MAX].partition(":")
    keyboard = repositories.conversations.keyboard(keyboard_id)
    if keyboard is None or keyboard.chat_id != chat_id or keyboard.expires_at <= now:
        return Checked(place.chat, refusal="expired")
    action = _action_at(keyboard, position)
    if action is None:
        return Checked(place.chat, refusal="expired")
    is_admin = place.member.is_admin if place.member else None
    if not may_change(place.chat, keyboard.owner_id, user_id, is_admin=is_admin):
        return Checked(place.chat, refusal="not_yours")
    return Checked(place.chat, action)


def _action_at(keyboard: Keyboard, position: str) -> Action | None:
    if not (
        position.isascii() and position.isdigit() and len(position) <= len(str(DATA_LENGTH_MAX))
    ):
        return None
    index = int(position)
    return keyboard.actions[index] if index < len(keyboard.actions) else None


async def press(update: Update, context: Context) -> None:
    """Do what a button means."""
    query = update.callback_query
    assert query is not None
    message = query.message
    if message is None or not query.data:
        return
    data, chat_id, message_id = query.data, message.chat.id, message.message_id
    # A picture's caption is no place for another text, nor is a message that is not there any more.
    takes_text = isinstance(message, Message) and message.effective_attachment is None

    # Before the chat is entered: someone whose press is refused does not become a member.
    checked = await context.update_scope.unit.run(
        lambda repositories: check(repositories, data, chat_id, context.person.id, context.now)
    )
    action = checked.action
    if action is None:
        if chat_id < 0:
            # Where the bot is not an admin itself, nobody tells it who became one.
            ask_for_admins(context.update_scope.unit, chat_id)
        return

    def find_pressed(scope: Scope) -> Pressed:
        known = scope.repositories.conversations.subject(chat_id, message_id)
        handle, subject = known or (None, None)
        return Pressed(action, handle if takes_text else None, subject)

    pressed = await context.run(find_pressed)
    if action.verb in VERBS:
        await VERBS[action.verb](context, pressed, *action.args)


def query_parts(query: Mapping[str, Any]) -> tuple[str, int, int] | None:
    """Return data, chat id and user id of a callback query in JSON, or None when one is missing."""
    data = query.get("data")
    chat_id = ((query.get("message") or {}).get("chat") or {}).get("id")
    user_id = (query.get("from") or {}).get("id")
    if not isinstance(data, str) or type(chat_id) is not int or type(user_id) is not int:
        return None
    return data, chat_id, user_id
