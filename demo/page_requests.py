"""Read the chat, person, message and text that a request of the page names."""

from __future__ import annotations

import math

from aiohttp import web

from demo.botapi.errors import ApiError
from demo.botapi.formatting.formatted import CAPTION_MAX, TEXT_MAX
from demo.botapi.formatting.utf16 import utf16_length
from demo.botapi.world import PRESENT, Chat, JsonObject, Message, User
from demo.guard import Handler
from demo.simulation import Simulation

NAME_MAX = 64


class ActionError(ValueError):
    """The page asked for an impossible action; the text gives the reason to the person."""


def answer_refusals(handler: Handler) -> Handler:
    """Answer 400 with the reason where an action is refused."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except (ActionError, ApiError) as error:
            return web.json_response({"error": str(error)}, status=400)
        except (ValueError, TypeError, AttributeError):
            return web.json_response({"error": "this request makes no sense"}, status=400)

    return answer


def find_chat(simulation: Simulation, body: JsonObject) -> Chat:
    """Return the chat of `chat_id`.

    Raises:
        ActionError: It does not exist.
    """
    try:
        return simulation.chat(int(body["chat_id"]))
    except (KeyError, TypeError, ValueError) as error:
        raise ActionError("there is no such chat") from error


def find_author(simulation: Simulation, body: JsonObject) -> tuple[User, Chat]:
    """Return the person of `user_id` and the chat in which they act.

    Raises:
        ActionError: The chat does not exist, or the person is not in it.
    """
    chat = find_chat(simulation, body)
    user = simulation.telegram.world.users.get(int(body.get("user_id") or 0))
    is_there = user is not None and (
        chat.user is user or chat.members.get(user.id, "left") in PRESENT
    )
    if user is None or user.is_bot or not is_there:
        raise ActionError("this person is not in this chat")
    return user, chat


def find_message(chat: Chat, body: JsonObject) -> Message:
    """Return the message of `message_id`.

    Raises:
        ActionError: It was deleted or never existed.
    """
    message = chat.history.get(int(body.get("message_id") or 0))
    if message is None:
        raise ActionError("this message no longer exists")
    return message


def find_reply(chat: Chat, body: JsonObject) -> Message | None:
    """Return the message of `reply_to`; None without one, or when it was deleted meanwhile."""
    return chat.history.get(int(body.get("reply_to") or 0))


def read_written(body: JsonObject, *, is_caption: bool = False) -> str:
    """Return `text`; only a caption may be empty.

    Raises:
        ActionError: It is empty, or longer than Telegram takes.
    """
    text = str(body.get("text") or "").strip()
    if not text and not is_caption:
        raise ActionError("there is nothing to send")
    longest, what = (CAPTION_MAX, "caption") if is_caption else (TEXT_MAX, "message")
    if utf16_length(text) > longest:
        reason = f"a {what} holds at most {longest} characters"
        raise ActionError(reason)
    return text


def read_name(body: JsonObject, field: str) -> str:
    """Return a name, cut to 64 characters.

    Raises:
        ActionError: It is empty.
    """
    given = str(body.get(field) or "").strip()[:NAME_MAX]
    if not given:
        raise ActionError("a name is needed")
    return given


def read_degrees(body: JsonObject, field: str, most: int) -> float:
    """Return a latitude or longitude between -`most` and `most` degrees.

    Raises:
        ActionError: It is missing or out of range.
    """
    degrees = float(body.get(field, math.nan))
    if not -most <= degrees <= most:
        raise ActionError("this place does not exist")
    return degrees
