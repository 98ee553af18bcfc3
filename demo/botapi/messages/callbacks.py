"""Keep presses of inline buttons, each answered at most once and within its life."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass

from demo.botapi.delivery.updates import CALLBACK_LIFE_SECONDS
from demo.botapi.errors import QUERY_TOO_OLD, bad_request
from demo.botapi.formatting.utf16 import utf16_length
from demo.botapi.requests.params import Params
from demo.botapi.world import JsonObject
from demo.clock import Clock

ANSWER_MAX = 200
"""Longest answer to a press, in UTF-16 units."""

_PRESSES_MAX = 20_000


@dataclass(frozen=True, slots=True)
class CallbackAnswer:
    """The answer to a press: a toast, an alert with `is_alert`, invisible without a text."""

    text: str
    is_alert: bool
    url: str


@dataclass(slots=True, eq=False)
class Press:
    """A press of a button, with the answer when the bot has given one."""

    query_id: str
    user_id: int
    chat_id: int
    message_id: int
    data: str
    pressed_at: float
    answer: CallbackAnswer | None = None


class CallbackBook:
    """Holds the latest presses by query id."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._presses: OrderedDict[str, Press] = OrderedDict()

    def open(self, user_id: int, chat_id: int, message_id: int, data: str) -> Press:
        """Record a press under a random, unique query id."""
        query_id = str(secrets.randbits(62))
        press = Press(query_id, user_id, chat_id, message_id, data, self._clock.seconds())
        self._presses[query_id] = press
        # Long benches would otherwise fill the memory with presses that nobody asks for again.
        if len(self._presses) > _PRESSES_MAX:
            self._presses.popitem(last=False)
        return press

    def answer(self, params: Params) -> Press:
        """Answer a press.

        Raises:
            ApiError: It is unknown, too old or answered already, or the text is too long.
        """
        press = self._presses.get(params.text("callback_query_id"))
        if press is None or press.answer is not None:
            raise bad_request(QUERY_TOO_OLD)
        if self._clock.seconds() - press.pressed_at > CALLBACK_LIFE_SECONDS:
            raise bad_request(QUERY_TOO_OLD)
        text = params.text("text")
        if utf16_length(text) > ANSWER_MAX:
            raise bad_request("MESSAGE_TOO_LONG")
        press.answer = CallbackAnswer(text, params.boolean("show_alert"), params.text("url"))
        return press


def query_json(press: Press, user: JsonObject, message: JsonObject) -> JsonObject:
    """Return the CallbackQuery object of the Bot API."""
    return {
        "id": press.query_id,
        "from": user,
        "message": message,
        "chat_instance": str(-press.chat_id * 7919),
        "data": press.data,
    }
