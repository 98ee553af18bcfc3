"""Post updates to intakes as Telegram does: each chat in order, many connections, again until taken."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from typing import cast

import orjson

CONNECTIONS = 20
"""To each intake."""
AGAIN_SECONDS = 0.05
SECRET = "bench-secret"  # noqa: S105  # opens nothing


class Poster(asyncio.Protocol):
    """One keep-alive connection that posts its updates one after the other."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.updates: deque[bytes] = deque()
        self.is_busy = False
        self.transport: asyncio.Transport | None = None
        self.buffer = b""
        self.began = 0.0
        self.took: list[float] = []
        """Seconds from each post to its 200."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def add(self, update: dict[str, object]) -> None:
        self.updates.append(orjson.dumps(update))
        self.post()

    def post(self) -> None:
        if self.is_busy or not self.updates:
            return
        # What a chat goes on writing after the bot was stopped reaches nobody.
        if self.transport is None or self.transport.is_closing():
            return
        self.is_busy = True
        self.began = self.began or time.perf_counter()
        body = self.updates[0]
        head = (
            f"POST /telegram HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            f"X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self.transport.write(head.encode() + body)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self.buffer[:end].lower()
        at = head.find(b"content-length:")
        length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(self.buffer) < end + 4 + length:
            return
        taken = head.startswith(b"http/1.1 200")
        self.buffer = self.buffer[end + 4 + length :]
        self.is_busy = False
        if taken:
            self.took.append(time.perf_counter() - self.began)
            self.began = 0.0
            self.updates.popleft()
            self.post()
        else:
            asyncio.get_running_loop().call_later(AGAIN_SECONDS, self.post)


async def open_posters(ports: Sequence[int]) -> list[Poster]:
    """Connect to every intake."""
    loop = asyncio.get_running_loop()
    posters = []
    for number in range(CONNECTIONS * len(ports)):
        port = ports[number % len(ports)]
        _, poster = await loop.create_connection(lambda port=port: Poster(port), "127.0.0.1", port)  # type: ignore[misc]  # a bound default
        posters.append(poster)
    return posters
