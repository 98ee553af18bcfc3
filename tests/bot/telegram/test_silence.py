"""What a program books makes no sound, alone or joined; what rings, rings."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.telegram.composing import compose, compose_joined
from ports.messages import Json
from ports.outbox import OutboxMessage


def _message(*, silent: bool) -> OutboxMessage:
    payload: dict[str, Json] = {"text": "coffee", "line": {"text": "coffee", "label": "Edit"}}
    if silent:
        payload["silent"] = True
    at = datetime(2026, 11, 20, tzinfo=UTC)
    return OutboxMessage(1, 7, "k", "send", payload, None, None, "answer", 0, at, None)


def test_a_message_is_silent_where_it_says_so() -> None:
    quiet, loud = _message(silent=True), _message(silent=False)
    assert compose(quiet).payload["disable_notification"] is True
    assert "disable_notification" not in compose(loud).payload
    assert compose_joined([quiet, quiet]).payload["disable_notification"] is True
    assert "disable_notification" not in compose_joined([quiet, loud]).payload
