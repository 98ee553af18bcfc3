"""Bound the number of HTTP connections, and the time one may take to send headers.

aiohttp waits without end for the end of a request's headers, and every connection takes a file.
Here a connection that is not being answered is closed after `HEADER_SECONDS`, and when all are
taken the one that has waited longest makes room, so files stay for the bot's own needs. One whose
body is still on its way makes room too, or slow bodies would keep everybody else out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import cast

from aiohttp import StreamReader, web

HEADER_SECONDS = 10.0
"""Telegram sends an update in one go; a slow phone needs a second or two."""
CONNECTIONS_MAX = 200
"""Telegram opens 100 at most (`max_connections` of `setWebhook`)."""


@dataclass(slots=True)
class Connections:
    """Accepts connections for a server within these bounds."""

    build_protocol: Callable[[], asyncio.BaseProtocol] = asyncio.Protocol
    """Builds the server's protocol for a connection; set once the server is set up."""
    most: int = CONNECTIONS_MAX
    header_seconds: float = HEADER_SECONDS
    _open: dict[asyncio.BaseProtocol, _Connection] = field(default_factory=dict)
    """By the server's protocol, the oldest first."""

    def accept(self) -> asyncio.Protocol:
        """Build the protocol of a new connection."""
        protocol = cast("asyncio.Protocol", self.build_protocol())
        return _Connection(protocol, self)

    def opened(self, connection: _Connection) -> None:
        """Count a connection, and close another one when there are too many."""
        if len(self._open) >= self.most:
            self._find_slowest(connection).abort()
        self._open[connection.protocol] = connection

    def closed(self, connection: _Connection) -> None:
        """Forget a connection."""
        self._open.pop(connection.protocol, None)

    @contextmanager
    def answering(self, protocol: asyncio.BaseProtocol, body: StreamReader) -> Iterator[None]:
        """Mark a connection as busy once its headers are complete; the handler bounds the rest."""
        connection = self._open.get(protocol)
        if connection is None:
            yield
            return
        connection.begin(body)
        try:
            yield
        finally:
            connection.body = None

    def _find_slowest(self, newest: _Connection) -> _Connection:
        """Return the connection that makes room: an idle one, else one without its whole body."""
        others = self._open.values()
        idle = (one for one in others if one.body is None)
        unfinished = (one for one in others if one.body is not None and not one.body.is_eof())
        # When all others are being answered, the new connection is the one to close.
        return next(idle, None) or next(unfinished, newest)


class _Connection(asyncio.Protocol):
    """Passes everything on to the server's protocol and watches how long headers take."""

    def __init__(self, protocol: asyncio.Protocol, connections: Connections) -> None:
        self.protocol = protocol
        self.body: StreamReader | None = None
        """The body of the request that is being answered, None between two requests."""
        self._connections = connections
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None

    def begin(self, body: StreamReader) -> None:
        """Note that the headers of a request are complete."""
        self.body = body
        self._disarm()

    def abort(self) -> None:
        """Close at once, whatever is under way."""
        self._disarm()
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Not `isinstance`: uvloop's transports have the same methods and another base.
        self._transport = cast("asyncio.Transport", transport)
        self._connections.opened(self)
        self._arm()
        self.protocol.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        # A body may take longer than headers; the handler bounds it.
        if self.body is None:
            self._arm()
        self.protocol.data_received(data)

    def eof_received(self) -> bool | None:
        return self.protocol.eof_received()

    def pause_writing(self) -> None:
        self.protocol.pause_writing()

    def resume_writing(self) -> None:
        self.protocol.resume_writing()

    def connection_lost(self, error: Exception | None) -> None:
        self._disarm()
        self._connections.closed(self)
        self.protocol.connection_lost(error)

    def _arm(self) -> None:
        """Start the time for headers with their first byte; further bytes win no more of it."""
        # Not restarted by later bytes, or one byte every few seconds would hold a connection
        # forever.
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(self._connections.header_seconds, self.abort)

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


CONNECTIONS: web.AppKey[Connections] = web.AppKey("connections", Connections)
"""Where an application keeps the bounds of its listener."""
