"""Write every refusal and failure as a problem document (RFC 9457).

Next to the standard's members a problem has a `code`, which programs may rely on, where the status
alone does not say enough. `detail` says what to do. Neither ever quotes a secret or a cause.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

import orjson
from aiohttp import web

from ledger.errors import (
    InputError,
    LedgerError,
    LoginRefusedError,
    NotAllowedError,
    NotFoundError,
    UnavailableError,
)

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 5

DETAILS = {
    "login_missing": "Send 'Authorization: Bearer <token>' or 'Authorization: tma <initData>'.",
    "login_scheme": "Use 'Bearer <token>' or 'tma <initData>' in the Authorization header.",
    "login_invalid": "This is no proof of who you are. Open the app in Telegram again.",
    "login_expired": "This login is too old. Open the app in Telegram again.",
    "login_signed_out": "You signed out. Open the app in Telegram again.",
    "login_not_invited": "This bot serves only people whom its operator has named.",
    "token_invalid": "This token does not exist or was revoked. Make one in /settings, API.",
    "link_used": "This link was used or has expired. Send /dashboard to the bot for another one.",
    "cross_site": "A change with a cookie must come from this site's own page.",
    "scope_missing": "This token may not do this. Make one with another scope in /settings, API.",
    "rate_limited": "Too many requests. Wait as long as Retry-After says.",
    "too_many_failures": "Too many refused logins from your address. Wait, then try again.",
    "not_open": "The program is starting or stopping. Try again in a moment.",
}
"""The remedy of each code."""

_STATUS: tuple[tuple[type[LedgerError], int], ...] = (
    (LoginRefusedError, 401),
    (NotAllowedError, 403),
    (NotFoundError, 404),
    (InputError, 422),
    (UnavailableError, 503),
)
"""The status of each error of services, the narrower class first."""

CHALLENGE = {"WWW-Authenticate": 'Bearer realm="kvitto", tma realm="kvitto"'}


@dataclass(eq=False)
class ProblemError(Exception):
    """Raised by routes for a request that is refused; it becomes a problem document."""

    status: int
    code: str | None = None
    detail: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, object] = field(default_factory=dict)
    """Further members, for example the fields that are wrong."""


def problem_of(error: LedgerError) -> ProblemError:
    """Return how an error of a service is told; one without a rule of its own is a 500."""
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
    headers = {401: CHALLENGE, 503: {"Retry-After": str(RETRY_SECONDS)}}.get(status, {})
    return ProblemError(status, error.message_id, headers=headers)


def respond_problem(problem: ProblemError) -> web.Response:
    """Return the answer for a problem."""
    document: dict[str, object] = {
        "type": f"urn:kvitto:problem:{problem.code}" if problem.code else "about:blank",
        "title": title_of(problem.status),
        "status": problem.status,
    }
    if problem.code:
        document["code"] = problem.code
    if detail := problem.detail or DETAILS.get(problem.code or ""):
        document["detail"] = detail
    return web.Response(
        status=problem.status,
        body=orjson.dumps({**document, **problem.more}),
        content_type=MEDIA_TYPE,
        headers=problem.headers,
    )


def title_of(status: int) -> str:
    """Return the standard's words for a status."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"
