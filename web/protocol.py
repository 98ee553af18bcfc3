"""Read requests from connections, and give every answer the same safe headers.

A request that is not HTTP has no route and passes no middleware. aiohttp would answer it under its own
name, and log it with the client's address and a trace each time.
"""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from web.problems import ProblemError, explain

# Dashboard pages set a policy of their own; an answer without one is not a page.
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def add_safe_headers(response: web.StreamResponse) -> None:
    """Add the headers that every answer has."""
    # A page with a policy of its own names there who may frame it.
    if "Content-Security-Policy" not in response.headers:
        response.headers.setdefault("X-Frame-Options", "DENY")
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    # aiohttp would name itself and its version.
    response.headers["Server"] = "kvitto"


class Protocol(web.RequestHandler):
    """Reads the requests of a connection."""

    __slots__ = ()

    def __init__(self, server: web.Server, *, keepalive_timeout: float) -> None:
        loop = asyncio.get_running_loop()
        super().__init__(
            server,
            loop=loop,
            keepalive_timeout=keepalive_timeout,
            # An access log would hold the addresses of people and of Telegram's servers.
            access_log=None,  # type: ignore[arg-type]  # taken, whatever its annotation says
        )

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer a request that no handler got; the connection is closed after it."""
        _ = message
        if request.writer.output_size > 0:
            # A part of the answer was sent already.
            raise ConnectionError
        if exc is None or isinstance(exc, HttpProcessingError):
            exc = ProblemError(status)
        response = explain(exc)
        add_safe_headers(response)
        response.force_close()
        return response

    def log_exception(self, *args: Any, **kw: Any) -> None:  # noqa: ANN401  # as aiohttp has it
        """Log a failure of the program; what clients send wrong is none, and anybody may send it."""
        if not isinstance(kw.get("exc_info"), (HttpProcessingError, web.RequestPayloadError)):
            super().log_exception(*args, **kw)


async def expect(request: web.Request) -> None:
    """Ask for the body where a client waits for that; any other expectation is passed over."""
    if request.headers["Expect"].lower() == "100-continue":
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        # The answer itself has not begun.
        request.writer.output_size = 0
