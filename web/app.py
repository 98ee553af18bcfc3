"""The HTTP server: which paths there are, and what every answer carries.

Only the listed paths answer, everything else is 404. An error becomes a problem document (RFC 9457)
with an id that also stands in the log; its cause stays inside.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import orjson
from aiohttp import web

from web.health import Health
from web.webhook import BODY_BYTES_MAX, PATH, Webhook

SHUTDOWN_SECONDS = 1.0
"""How long answers under way may take when the server stops."""

# Dashboard pages set a policy of their own; what has none is no page.
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_log = logging.getLogger("web.app")


def build_app(health: Health, webhook: Webhook | None = None) -> web.Application:
    """Build the application; without a webhook its path does not exist."""
    app = web.Application(middlewares=[_explain_errors], client_max_size=BODY_BYTES_MAX)
    app.on_response_prepare.append(_add_headers)
    app.router.add_get("/healthz", health.healthz)
    app.router.add_get("/readyz", health.readyz)
    app.router.add_get("/metrics", health.metrics)
    if webhook is not None:
        app.router.add_post(PATH, webhook.post)
    return app


@asynccontextmanager
async def open_server(app: web.Application, host: str, port: int) -> AsyncIterator[int]:
    """Listen until the block ends; yields the port.

    Raises:
        OSError: the address cannot be listened on.
    """
    runner = web.AppRunner(
        app, access_log=None, handle_signals=False, shutdown_timeout=SHUTDOWN_SECONDS
    )
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


@web.middleware
async def _explain_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPException as error:
        return _problem(error.status, error.reason, allow=error.headers.get("Allow"))
    except Exception as error:  # noqa: BLE001  # one translator per door
        error_id = secrets.token_hex(4)
        _log.error("request failed, error id %s", error_id, exc_info=error)
        return _problem(500, "Internal Server Error", error_id=error_id)


def _problem(
    status: int, title: str, *, error_id: str | None = None, allow: str | None = None
) -> web.Response:
    document: dict[str, str | int] = {"type": "about:blank", "title": title, "status": status}
    if error_id:
        document["instance"] = f"urn:error:{error_id}"
    return web.Response(
        status=status,
        body=orjson.dumps(document),
        content_type="application/problem+json",
        headers={"Allow": allow} if allow else None,
    )


async def _add_headers(request: web.Request, response: web.StreamResponse) -> None:
    _ = request
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    # aiohttp would name itself and its version.
    response.headers["Server"] = "kvitto"
