"""Give each request a flow, and tell the tracers of its end."""

from __future__ import annotations

import secrets
import time
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import hdrs, web

from ports.telemetry import record_step
from ports.telemetry.flows import enter_flow
from web.webhook import PATH

_UNTRACED = frozenset({PATH, "/healthz", "/readyz", "/metrics"})
"""Paths without a step: the flow of an update begins where it is stored, and probes say nothing."""


@web.middleware
async def follow_request(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Run a request in a flow of its own."""
    flow, began = f"r{secrets.token_hex(8)}", time.time()
    enter_flow(flow)
    response = await handler(request)
    resource = request.match_info.route.resource
    # The template of the path, which holds no id and no secret.
    template = resource.canonical if resource else ""
    if template not in _UNTRACED:
        outcome = "failed" if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR else "ok"
        # Anybody may invent a method, and its name would be words of theirs.
        method = request.method if request.method in hdrs.METH_ALL else "other"
        kind = f"{method} {template}".strip()
        record_step("request", began, outcome=outcome, kind=kind, flow=flow)
    return response
