"""A push and a handler say a summary through the same function."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

import replies.responding
import scheduler.pushes
from ports.answers import Summarised
from scheduler.pushes import PushTick
from tests.handlers.stage import Stage


async def test_a_push_and_a_handler_answer_through_respond(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    respond = replies.responding.respond

    def watched(responder, answer, *, edits=None) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
        if isinstance(answer, Summarised):
            said.append(responder.kind)
        respond(responder, answer, edits=edits)

    monkeypatch.setattr("handlers.context.respond", watched)
    monkeypatch.setattr(scheduler.pushes, "respond", watched)
    await stage.say("lunch 12.00")
    await stage.say("/summary")
    sunday = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)
    await PushTick(stage.database.units, asyncio.Event()).run(sunday)
    assert said == ["answer", "push"]
