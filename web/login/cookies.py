"""Set, read and clear the session's cookie.

Telegram's web clients show the app in a frame of another site, where browsers send a cookie only if
it is `SameSite=None; Secure`, and some only if it is `Partitioned` as well. A session that a link
opened lives in a browser's own tab, so its cookie stays with `SameSite=Lax`. Neither kind carries a
change by itself: `web.login.cross_site` asks for more than the cookie.
"""

from __future__ import annotations

from aiohttp import web

from services.access.sessions import LENGTH_MAX
from web.addresses import is_secure

SECURE_NAME = "__Host-kvitto"
"""With this prefix browsers refuse a cookie that another host or plain http set."""
PLAIN_NAME = "kvitto"
"""Without https, which only a machine of one's own is reached by."""


def read_session_cookie(request: web.Request) -> str | None:
    """Return the secret id of the session, None without a cookie."""
    return request.cookies.get(_name(request))


def set_session_cookie(
    request: web.Request, response: web.StreamResponse, secret: str, *, framed: bool
) -> None:
    """Give the browser a session; `framed` where the page stands in a frame of Telegram's."""
    _set(request, response, secret, int(LENGTH_MAX.total_seconds()), framed=framed)


def clear_session_cookie(request: web.Request, response: web.StreamResponse) -> None:
    """Take the session from the browser, of whichever kind its cookie is."""
    # Browsers keep partitioned cookies apart, so both must be cleared.
    _set(request, response, "", 0, framed=False)
    if is_secure(request):
        _set(request, response, "", 0, framed=True)


def _set(
    request: web.Request, response: web.StreamResponse, value: str, seconds: int, *, framed: bool
) -> None:
    # Written by hand, because `Partitioned` is newer than the standard library's cookies.
    parts = [f"{_name(request)}={value}", "Path=/", f"Max-Age={seconds}", "HttpOnly"]
    if not is_secure(request):
        parts.append("SameSite=Lax")
    elif framed:
        parts += ["Secure", "SameSite=None", "Partitioned"]
    else:
        parts += ["Secure", "SameSite=Lax"]
    response.headers.add("Set-Cookie", "; ".join(parts))


def _name(request: web.Request) -> str:
    return SECURE_NAME if is_secure(request) else PLAIN_NAME
