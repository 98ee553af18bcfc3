"""A door between the program and a server that a test can shut, cut or stall."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(slots=True)
class Proxy:
    """Forwards TCP connections to a server."""

    host: str
    port: int
    server: asyncio.Server | None = None
    own_port: int = 0
    _connections: set[asyncio.Task[None]] = field(default_factory=set)

    async def open(self) -> None:
        """Accept connections, always on the same port."""
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", self.own_port)
        self.own_port = self.server.sockets[0].getsockname()[1]

    async def shut(self) -> None:
        """Refuse new connections and cut those that are open, as a server does that ends."""
        assert self.server is not None
        self.server.close()
        self.cut()

    def cut(self) -> None:
        """Cut the open connections only."""
        for connection in list(self._connections):
            connection.cancel()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        back, forth = await asyncio.open_connection(self.host, self.port)
        try:
            await asyncio.gather(_copy(reader, forth), _copy(back, writer))
        except asyncio.CancelledError:
            pass  # the cut itself, which ends this connection as asked
        finally:
            self._connections.discard(task)
            for end in (writer, forth):
                end.transport.abort()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def open_proxy(url: str) -> AsyncIterator[tuple[Proxy, str]]:
    """Yield a proxy before the server of a URL, and the URL that leads through it."""
    parts = urlsplit(url)
    assert parts.hostname
    assert parts.port
    proxy = Proxy(parts.hostname, parts.port)
    await proxy.open()
    try:
        yield proxy, url.replace(f":{parts.port}/", f":{proxy.own_port}/")
    finally:
        await proxy.shut()
