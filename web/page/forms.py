"""Read the page's forms, and prove that they come from the page.

A form cannot send the header that a script adds (`web.login.cross_site`), so it carries a token made of
the session's secret, which nobody but this browser has, and its request must name our own origin. The
token is new on every page, because a page that is compressed must not repeat a secret.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Mapping
from functools import partial
from urllib.parse import parse_qsl

from aiohttp import web
from markupsafe import Markup

from ports.access import Caller
from presentation.page_links import ROOT
from services.access import sessions
from web.bodies import read_body
from web.login.callers import find_cookie_session, prove
from web.login.cookies import clear_session_cookie, read_session_cookie
from web.login.cross_site import require_own_origin
from web.page.rendering import lead_to
from web.problems import ProblemError
from web.site import Backend, backend_of

FORM_BYTES_MAX = 32_000
_FIELDS_MAX = 50
_TOKEN = "form"  # noqa: S105  # the name of a field
_NONCE_BYTES = 12
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Characters that people paste unseen, and that no message and no database has a place for."""


def form_token(request: web.Request) -> Markup:
    """Return the hidden field of a form; empty without a session, whose forms are refused."""
    secret = read_session_cookie(request)
    if secret is None:
        return Markup()
    nonce = secrets.token_hex(_NONCE_BYTES)
    value = f"{nonce}.{_sign(secret, nonce)}"
    return Markup('<input type="hidden" name="{}" value="{}">').format(_TOKEN, value)


async def read_form(request: web.Request) -> tuple[Caller, Mapping[str, str]]:
    """Return who sent a form of this page, and its fields; the last of a name counts.

    Raises:
        ProblemError: 401, 403 for another site's form, 413, or 400 for no form at all.
    """
    caller = await prove(request, _identify)
    return caller, await _read_fields(request)


async def take_leave(request: web.Request) -> web.Response:
    """End the session of a form of this page, and lead to the first address.

    Raises:
        ProblemError: as `read_form`.
    """
    backend = backend_of(request)
    await read_form(request)
    session = await find_cookie_session(request, backend)
    now = backend.clock()
    await backend.write(partial(sessions.sign_out, session=session, now=now))
    response = lead_to(ROOT)
    clear_session_cookie(request, response)
    return response


async def _read_fields(request: web.Request) -> Mapping[str, str]:
    body = await read_body(request, FORM_BYTES_MAX)
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, errors="strict", max_num_fields=_FIELDS_MAX
        )
    except ValueError:
        raise ProblemError(400) from None
    fields = {name: _CONTROL.sub("", value) for name, value in pairs}
    _require_token(request, fields.get(_TOKEN, ""))
    return fields


def nonce_of(fields: Mapping[str, str]) -> str:
    """Return the number of a form, which differs on every page that is made."""
    return fields.get(_TOKEN, "").partition(".")[0]


async def _identify(request: web.Request, backend: Backend) -> Caller:
    session = await find_cookie_session(request, backend)
    require_own_origin(request)
    return sessions.caller_of(session)


def _require_token(request: web.Request, shown: str) -> None:
    # `compare_digest` raises for text outside of ASCII.
    nonce, _, signature = shown.encode("ascii", "replace").decode().partition(".")
    own = _sign(read_session_cookie(request) or "", nonce)
    if not hmac.compare_digest(signature, own):
        raise ProblemError(403, "cross_site")


def _sign(secret: str, nonce: str) -> str:
    return hmac.new(secret.encode(), f"form:{nonce}".encode(), "sha256").hexdigest()
