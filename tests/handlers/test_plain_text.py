"""Plain texts take the way that the framework's objects would take."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import Update

from handlers.context import kind_of, member_of
from handlers.messages.location import zone_message
from handlers.messages.text import text_message
from handlers.routing.plain_text import PlainText, read_plain_text
from tests.handlers.stage import ANN, BO, GROUP, NOW, Stage

_PLAIN = (
    "coffee 4.50",
    "hello",
    "GMT+3",
    "time zone Lisbon",
    "/nonsense without entities",
    "@x 12",
)


def update(text: str, /, chat_id: int = ANN, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    chat = (
        {"id": chat_id, "type": "supergroup", "title": "Home"}
        if chat_id < 0
        else {"id": chat_id, "type": "private", "first_name": "Ann", "last_name": "Lee"}
    )
    person = {
        "id": ANN,
        "is_bot": False,
        "first_name": "Ann",
        "last_name": "Lee",
        "username": "ann",
    }
    message = {
        "message_id": 5,
        "date": int(NOW.timestamp()),
        "chat": chat,
        "from": person,
        "text": text,
        **more,
    }
    return {"update_id": 1, "message": message}


@pytest.mark.parametrize("chat_id", [ANN, GROUP])
@pytest.mark.parametrize("text", _PLAIN)
def test_a_plain_text_says_what_the_framework_says(stage: Stage, text: str, chat_id: int) -> None:
    fields = update(text, chat_id)
    plain = read_plain_text(fields)
    whole = Update.de_json(fields, stage.boundary.dispatcher.application.bot)
    assert plain is not None
    chat, user, message = whole.effective_chat, whole.effective_user, whole.effective_message
    assert chat is not None
    assert user is not None
    assert message is not None
    assert member_of(plain.effective_user) == member_of(user)
    assert kind_of(plain.effective_chat) == kind_of(chat)
    for name in ("id", "title", "full_name"):
        assert getattr(plain.effective_chat, name) == getattr(chat, name)
    for name in ("message_id", "date", "text", "caption", "reply_to_message"):
        assert getattr(plain.effective_message, name) == getattr(message, name)


@pytest.mark.parametrize("chat_id", [ANN, GROUP])
@pytest.mark.parametrize("text", _PLAIN)
def test_a_plain_text_goes_to_the_first_handler_that_takes_it(
    stage: Stage, text: str, chat_id: int
) -> None:
    fields, dispatcher = update(text, chat_id), stage.boundary.dispatcher
    whole = Update.de_json(fields, dispatcher.application.bot)
    takes = (handler for handler in dispatcher.handlers if handler.check_update(whole))
    plain = read_plain_text(fields)
    assert plain is not None
    assert next(takes).callback is dispatcher.handler_of(plain)
    assert dispatcher.handler_of(plain) in {text_message, zone_message}


@pytest.mark.parametrize(
    "more",
    [
        {"entities": [{"type": "bot_command", "offset": 0, "length": 5}]},
        {"reply_to_message": {"message_id": 4}},
        {"forward_origin": {"type": "user"}},
        {"via_bot": {"id": 9}},
        {"sender_chat": {"id": GROUP}},
        {"text": ""},
        {"text": 5},
        {"from": {"id": BO, "is_bot": True, "first_name": "Bot"}},
        {"from": {"id": "7", "is_bot": False, "first_name": "Ann"}},
        {"chat": {"id": ANN, "type": "channel"}},
        {"date": 1 << 60},
    ],
)
def test_anything_more_than_a_plain_text_is_left_to_the_framework(more: dict[str, Any]) -> None:
    assert read_plain_text(update("coffee 4.50", **more)) is None
    assert isinstance(read_plain_text(update("coffee 4.50")), PlainText)


@pytest.mark.parametrize(("username", "wanted"), [("ann", "ann"), (None, str(ANN))])
async def test_a_deleted_account_without_a_name_is_served(
    stage: Stage, username: str | None, wanted: str
) -> None:
    fields = update("coffee 4.50")
    fields["message"]["from"] = {"id": ANN, "is_bot": False, "first_name": ""}
    if username:
        fields["message"]["from"]["username"] = username
    assert read_plain_text(fields) is None, "the framework decides what no name means"
    (shown,) = await stage.update(fields, ANN)
    assert "coffee" in shown.text
    user = Update.de_json(fields, stage.boundary.dispatcher.application.bot).effective_user
    assert user is not None
    assert member_of(user).name == wanted
