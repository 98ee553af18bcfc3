"""Serve HTTP at next to no cost, for the simulated servers of benches."""

from __future__ import annotations

import asyncio
from typing import cast


class RawHttp(asyncio.Protocol):
    """One keep-alive connection; a subclass says in `handle` what is done with a request."""

    def __init__(self) -> None:
        self.buffer = b""
        self.transport: asyncio.Transport | None = None

    def handle(self, head: bytes, body: bytes) -> None:
        """Do what a request asks, and write the answer now or later; `head` has its first line."""
        raise NotImplementedError

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = self.buffer[:end]
            lower = head.lower()
            length = 0
            if (at := lower.find(b"content-length:")) >= 0:
                length = int(lower[at + 15 :].split(b"\r\n", 1)[0])
            if b"transfer-encoding: chunked" in lower:
                message = "the bench's clients say how long a body is; chunks are not read"
                raise ValueError(message)
            if len(self.buffer) < end + 4 + length:
                return
            body = self.buffer[end + 4 : end + 4 + length]
            self.buffer = self.buffer[end + 4 + length :]
            self.handle(head, body)

    def write(self, status: bytes, body: bytes, media_type: bytes = b"application/json") -> None:
        """Write an answer, unless the client has gone."""
        if self.transport is None or self.transport.is_closing():
            return
        self.transport.write(
            b"HTTP/1.1 %b\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n%b"
            % (status, media_type, len(body), body)
        )
