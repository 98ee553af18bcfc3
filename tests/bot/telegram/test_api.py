"""What the client makes of answers that are not the Bot API's usual ones."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.telegram.api import BotApi, TelegramRefusedError, TelegramUnreachableError


@asynccontextmanager
async def answering(status: int, body: str) -> AsyncIterator[BotApi]:
    """Open a client of a server that answers every call so."""

    async def answer(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(status=status, text=body)

    app = web.Application()
    app.router.add_post("/{path:.*}", answer)
    async with (
        TestServer(app) as server,
        BotApi(str(server.make_url("")).rstrip("/"), "1:a") as api,
    ):
        yield api


@pytest.mark.parametrize("status", [200, 429])
async def test_a_refusal_counts_by_its_error_code(status: int) -> None:
    body = '{"ok": false, "error_code": 429, "parameters": {"retry_after": 7}}'
    async with answering(status, body) as api:
        with pytest.raises(TelegramRefusedError) as refused:
            await api.call("sendMessage")
    assert (refused.value.code, refused.value.retry_after) == (429, 7)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, '{"ok": false}'),
        (200, '{"ok": false, "error_code": 502}'),
        (200, '{"ok": false, "error_code": "none"}'),
        (500, '{"ok": false, "error_code": 500}'),
        (502, "<html><h1>Bad Gateway</h1></html>"),
        (200, "<html>maintenance</html>"),
        (200, "[1]"),
        (200, ""),
    ],
)
async def test_an_answer_that_says_nothing_leaves_the_outcome_open(status: int, body: str) -> None:
    async with answering(status, body) as api:
        with pytest.raises(TelegramUnreachableError):
            await api.call("sendMessage")
