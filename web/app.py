"""Serve HTTP with the listed paths and safe headers on every answer.

Operators' paths may have an address of their own, so that the public one serves only what people
and Telegram need. Only the listed paths answer, everything else is 404. An error becomes a problem document (RFC 9457)
with an id that the log has too; its cause is not shown.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from http import HTTPStatus

from aiohttp import web
from aiohttp.typedefs import Middleware

from web.addresses import is_handed_on
from web.api.dispatch import add_api
from web.api.table import ROUTES
from web.calendar import PATH as CALENDAR_PATH
from web.calendar import CalendarFeed
from web.connections import CONNECTIONS, Connections
from web.flows import follow_request
from web.health import Health
from web.limits import add_limit_headers, limit_clients
from web.login.callers import guard_api
from web.login.links import add_link_routes
from web.login.routes import add_session_routes
from web.mail_links import add_mail_routes
from web.page.changes import add_form_routes
from web.page.parts import PAGE
from web.page.routes import add_page_routes
from web.problems import ProblemError, explain
from web.protocol import Protocol, add_safe_headers
from web.site import SITE, Site
from web.webhook import BODY_BYTES_MAX, PATH, Webhook

KEEPALIVE_SECONDS = 75.0
"""Seconds that a connection may stay open between two requests."""
BACKLOG = 128
SHUTDOWN_SECONDS = 1.0
"""Seconds that answers under way may take when the server stops."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def build_public_app(
    health: Health,
    webhook: Webhook | None = None,
    calendar: CalendarFeed | None = None,
    site: Site | None = None,
) -> web.Application:
    """Build what the public address serves; the path of a part that is left out does not exist."""
    app = _build_app(limit_clients, guard_api) if site else _build_app()
    app.router.add_get("/healthz", health.healthz)
    if webhook is not None:
        app.router.add_post(PATH, webhook.post)
    if calendar is not None:
        app.router.add_get(CALENDAR_PATH, calendar.get)
    if site is not None:
        app[SITE] = site
        app.on_response_prepare.append(add_limit_headers)
        add_session_routes(app)
        add_link_routes(app)
        add_mail_routes(app)
        add_api(app, ROUTES)
        if site.page is not None:
            app[PAGE] = site.page
            add_page_routes(app)
            add_form_routes(app)
    return app


def build_ops_app(health: Health) -> web.Application:
    """Build what the operators' address serves."""
    app = _build_app()
    app.router.add_get("/healthz", health.healthz)
    add_ops_paths(app, health)
    return app


def add_ops_paths(app: web.Application, health: Health, *, has_proxy: bool = False) -> None:
    """Let an application serve operators too, for an address that both share.

    Where a proxy leads there, the paths do not exist for what it hands on.
    """
    for path, handler in (("/readyz", health.readyz), ("/metrics", health.metrics)):
        app.router.add_get(path, _answer_directly(handler) if has_proxy else handler)


def _answer_directly(handler: Handler) -> Handler:
    async def answer(request: web.Request) -> web.StreamResponse:
        if is_handed_on(request):
            raise ProblemError(HTTPStatus.NOT_FOUND)
        return await handler(request)

    return answer


def _build_app(*middlewares: Middleware) -> web.Application:
    app = web.Application(
        middlewares=[follow_request, _explain_errors, *middlewares], client_max_size=BODY_BYTES_MAX
    )
    app.on_response_prepare.append(_add_headers)
    return app


@asynccontextmanager
async def open_server(app: web.Application, host: str, port: int) -> AsyncIterator[int]:
    """Listen until the block ends; yields the port.

    Raises:
        OSError: the address cannot be listened on.
    """
    runner = web.AppRunner(
        app,
        handle_signals=False,
        shutdown_timeout=SHUTDOWN_SECONDS,
    )
    connections = app[CONNECTIONS] = Connections()
    await runner.setup()
    assert runner.server is not None, "it was set up"
    connections.build_protocol = partial(
        Protocol, runner.server, keepalive_timeout=KEEPALIVE_SECONDS
    )
    try:
        # Not `web.TCPSite`: the bound on connections needs a protocol factory of its own.
        loop = asyncio.get_running_loop()
        server = await loop.create_server(connections.accept, host, port, backlog=BACKLOG)
        try:
            yield int(server.sockets[0].getsockname()[1])
        finally:
            server.close()
    finally:
        await runner.cleanup()


@web.middleware
async def _explain_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        # Set while a handler runs, so that a busy connection is never closed to make room.
        with request.app[CONNECTIONS].answering(request.protocol, request.content):
            return await handler(request)
    except Exception as error:  # noqa: BLE001  # one translator per entrypoint
        # A client that left in the middle of its body has not met a failure of the program.
        has_left = error is request.content.exception()
        return explain(ProblemError(HTTPStatus.BAD_REQUEST) if has_left else error)


async def _add_headers(request: web.Request, response: web.StreamResponse) -> None:
    _ = request
    add_safe_headers(response)
