"""Refuse changes that another site's page makes with a person's cookie.

A change by cookie needs this site's own `Origin`, and a header that no form can send and that
another site's script may send only after a preflight, which is never granted.
"""

from __future__ import annotations

import hmac

from aiohttp import web

from web.addresses import origin_of
from web.problems import ProblemError

PAGE_HEADER = "X-Kvitto-Page"
"""Sent by the page's own script with every change; any value counts."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def require_own_page(request: web.Request) -> None:
    """Refuse a change that does not come from the site's own script. Raises `ProblemError`."""
    if request.method in SAFE_METHODS:
        return
    if PAGE_HEADER not in request.headers:
        raise ProblemError(403, "cross_site")
    require_own_origin(request)


def require_own_origin(request: web.Request) -> None:
    """Refuse a request of another origin, or of none. Raises `ProblemError`."""
    shown = request.headers.get("Origin", "").encode("utf-8", "surrogateescape").lower()
    own = origin_of(request).encode("utf-8", "surrogateescape")
    if not hmac.compare_digest(shown, own):
        raise ProblemError(403, "cross_site")
