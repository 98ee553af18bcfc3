"""Find the meaning of a button press and check that the user may press.

A press carries an opaque id: the id of a stored keyboard and the place of a button on it. The same
rule answers the press at once and decides what is done, so a forged, foreign or old press has no
effect.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ledger.chats import Chat, Presence
from ports.messages import Action, Subject
from ports.repositories import Keyboard, Repositories
from services.entries.changing import may_change

LOOKING = frozenset({"open", "picture"})
"""Actions on an entry that change neither it nor the card with the button."""


@dataclass(frozen=True, slots=True)
class PressQuery:
    """A press as Telegram announces it; every field may be forged."""

    data: str
    chat_id: int
    message_id: int
    user_id: int


@dataclass(frozen=True, slots=True)
class CheckedPress:
    """The action of a press, or the id of the reason why it has none: `expired`, `not_yours`."""

    chat: Chat | None = None
    action: Action | None = None
    refusal: str | None = None
    owner_id: int | None = None
    """The user for whom the buttons are, next to the admins; None: for everybody."""


@dataclass(frozen=True, slots=True)
class ButtonPress:
    """An allowed press with the message that its button belongs to."""

    action: Action
    data: str
    """The keyboard and the place of the button on it, which name the button forever."""
    message_key: str | None = None
    """None for a message that the bot no longer knows."""
    subject: Subject | None = None
    owner_id: int | None = None
    """The user for whom the buttons of the message are, also where an admin pressed one."""


def check_press(repositories: Repositories, query: PressQuery, now: datetime) -> CheckedPress:
    """Find the action of a press and whether this user may do it here."""
    place = repositories.chats.find(query.chat_id, query.user_id)
    if place is None:
        return CheckedPress(refusal="expired")
    keyboard_id, _, position = query.data.partition(":")
    keyboard = repositories.conversations.keyboard(keyboard_id)
    # All three look alike to the user, so a forger learns nothing about other chats.
    if keyboard is None or keyboard.chat_id != query.chat_id or keyboard.expires_at <= now:
        return CheckedPress(place.chat, refusal="expired")
    action = _action_at(keyboard, position)
    if action is None:
        return CheckedPress(place.chat, refusal="expired")
    if not _may_press(repositories, place, keyboard, action, query.user_id):
        return CheckedPress(place.chat, refusal="not_yours")
    return CheckedPress(place.chat, action, owner_id=keyboard.owner_id)


def find_press(repositories: Repositories, query: PressQuery, now: datetime) -> ButtonPress | None:
    """Return the press of a button under a message; None when it is not allowed.

    The chat is not entered: a user whose press is refused does not become a member.
    """
    checked = check_press(repositories, query, now)
    if checked.action is None:
        return None
    conversations, keyboard_id = repositories.conversations, query.data.partition(":")[0]
    # Telegram's answer to a message may be lost: then the message is unsent for us, and what the press does is
    # said in its place instead of by one more message.
    known = conversations.subject(query.chat_id, query.message_id) or conversations.unsent(
        query.chat_id, keyboard_id
    )
    key, subject = known or (None, None)
    return ButtonPress(checked.action, query.data, key, subject, checked.owner_id)


def _may_press(
    repositories: Repositories, place: Presence, keyboard: Keyboard, action: Action, user_id: int
) -> bool:
    """Return whether a user may press, as a card's owner and a group's admins may.

    What changes an entry is for its author and its payer, who may be others than when it was sent.
    """
    is_admin = place.member.is_admin if place.member else None
    owned = may_change(place.chat, keyboard.owner_id, user_id, is_admin=is_admin)
    if place.chat.kind == "private" or is_admin or not action.args:
        return owned
    ledger_id, entry_id = place.chat.ledger.id, action.args[0]
    entry = repositories.entries.find(ledger_id, entry_id) if isinstance(entry_id, str) else None
    if entry is None or (owned and action.name in LOOKING):
        return owned
    return user_id in (entry.paid_by, repositories.operations.author_of(ledger_id, entry.id))


def _action_at(keyboard: Keyboard, position: str) -> Action | None:
    # Digits of other scripts are digits to `int` too, and a forged place may be as long as it likes.
    if not (position.isascii() and position.isdigit()) or len(position) > len(str(_BUTTONS_MAX)):
        return None
    # `02` would be another name of a button that is known by its name.
    if position != str(int(position)):
        return None
    index = int(position)
    return keyboard.actions[index] if index < len(keyboard.actions) else None


_BUTTONS_MAX = 1000
"""More buttons than Telegram shows under a message."""
