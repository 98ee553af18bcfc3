"""Protect the demo's routes from every page but the demo's own.

Any page can send requests to 127.0.0.1. But it cannot set a custom header without a preflight, and
its requests name another host even after DNS rebinding. Both are checked.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

PAGE_HEADER = "X-Kvitto-Page"
_LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
        "media-src 'self'; "
        # The dashboard of this machine's bot, in a panel.
        "frame-src http://127.0.0.1:*; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


def guarded(handler: Handler) -> Handler:
    """Refuse requests that do not come from the page itself."""

    async def check(request: web.Request) -> web.StreamResponse:
        # The Host header still has a rebound name.
        if urlsplit(f"//{request.host}").hostname not in _LOCAL_HOSTS:
            return web.json_response({"error": "unknown host"}, status=403)
        if request.method != "GET" and request.headers.get(PAGE_HEADER) != "1":
            return web.json_response({"error": "only the page may do this"}, status=403)
        response = await handler(request)
        if not response.prepared:
            for name, value in SECURITY_HEADERS.items():
                response.headers.setdefault(name, value)
        return response

    return check
