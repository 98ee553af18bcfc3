"""Slow clients keep nobody out, on the loop of the tests and on that of the running program.

The program runs on uvloop, whose transports share no class with asyncio's: what closes a connection
on one of them may do nothing on the other.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import pytest
import uvloop

from web.app import build_public_app, open_server
from web.connections import Connections
from web.health import Health
from web.webhook import SECRET_HEADER, Webhook

Run = Callable[[Coroutine[Any, Any, None]], None]
Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]

MOST = 3
LOOPS: tuple[Run, ...] = (asyncio.run, uvloop.run)
GET = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
SECRET = "a-secret"


@pytest.fixture(params=LOOPS, ids=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Run:
    """Run a test on one loop."""
    found: Run = request.param
    return found


@asynccontextmanager
async def _serving() -> AsyncIterator[int]:
    async def nothing(_: bytes = b"") -> None:
        return None

    async def no_troubles() -> dict[str, str | None]:
        return {}

    async def no_metrics() -> bytes:
        return b""

    app = build_public_app(Health(no_troubles, no_metrics), Webhook(SECRET, nothing))
    async with open_server(app, "127.0.0.1", 0) as port:
        yield port


async def _send(port: int, head: bytes) -> Stream:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(head)
    await writer.drain()
    return reader, writer


def _post(secret: str = SECRET) -> bytes:
    """Return the head of a post whose body never ends."""
    headers = f"Host: x\r\n{SECRET_HEADER}: {secret}\r\nContent-Length: 900\r\nExpect: 100-continue"
    return f"POST /telegram HTTP/1.1\r\n{headers}\r\n\r\n".encode()


async def _is_served(port: int) -> bool:
    reader, writer = await _send(port, GET)
    answer = await reader.readline()
    writer.close()
    return answer.startswith(b"HTTP/1.1 200")


def _bound(monkeypatch: pytest.MonkeyPatch, header_seconds: float) -> None:
    bound = partial(Connections, most=MOST, header_seconds=header_seconds)
    monkeypatch.setattr("web.app.Connections", bound)


def test_l07_unfinished_headers_are_cut_off(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    _bound(monkeypatch, header_seconds=0.3)

    async def attack() -> None:
        async with _serving() as port, asyncio.timeout(60):
            reader, writer = await _send(port, GET[:20])
            assert await reader.read() == b""
            writer.close()

    run(attack())


@pytest.mark.parametrize("head", [GET[:20], _post()], ids=["headers", "bodies"])
def test_l07_slow_ones_make_room_for_others(
    run: Run, head: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    _bound(monkeypatch, header_seconds=600)

    async def attack() -> None:
        async with _serving() as port, asyncio.timeout(60):
            slow = [await _send(port, head) for _ in range(MOST)]
            if head == _post():
                for reader, _ in slow:
                    # Asked for its body, so its handler is waiting.
                    assert (await reader.readline()).startswith(b"HTTP/1.1 100")
                    await reader.readline()
            assert await _is_served(port)
            assert await slow[0][0].read() == b"", "the oldest made room"
            for _, writer in slow:
                writer.close()

    run(attack())


def test_a_client_that_left_is_logged_nowhere(run: Run, caplog: pytest.LogCaptureFixture) -> None:
    async def leave() -> None:
        async with _serving() as port, asyncio.timeout(60):
            reader, writer = await _send(port, _post())
            assert (await reader.readline()).startswith(b"HTTP/1.1 100")
            writer.transport.abort()
            assert await _is_served(port)

    with caplog.at_level(logging.WARNING):
        run(leave())
    assert caplog.records == []
