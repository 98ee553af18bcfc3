"""Write every refusal and failure as a problem document (RFC 9457).

Next to the standard's members a problem has a `code`, which programs may rely on, where the status
alone does not say enough. `detail` says what to do. Neither ever quotes a secret or a cause.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

import orjson
from aiohttp import web

from ledger.errors import (
    InputError,
    InWorkError,
    LedgerError,
    LoginRefusedError,
    NotAllowedError,
    NotFoundError,
    UnavailableError,
)

_log = logging.getLogger("web.app")

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
    "key_in_work": "The first call with this Idempotency-Key is not answered yet. Try again.",
    "not_open": "The program is starting or stopping. Try again in a moment.",
}
"""The remedy of each code."""

_STATUS: tuple[tuple[type[LedgerError], int], ...] = (
    (LoginRefusedError, 401),
    (NotAllowedError, 403),
    (NotFoundError, 404),
    (InWorkError, 409),
    (InputError, 422),
    (UnavailableError, 503),
)
"""The status of each error of services, the narrower class first."""

CHALLENGE = {"WWW-Authenticate": 'Bearer realm="kvitto", tma realm="kvitto"'}
_HEADERS: dict[int, Mapping[str, str]] = {
    401: CHALLENGE,
    409: {"Retry-After": "1"},
    503: {"Retry-After": str(RETRY_SECONDS)},
}
_REMEDIES = {
    400: "The request is malformed. Check its headers and its body.",
    404: "There is no such thing for this login.",
    405: "This address takes another method, see Allow.",
    408: "The body did not arrive in time. Send it again.",
    413: "The body is too large. Send less at once.",
    417: "Leave out the Expect header.",
    500: "This is an error of the program. Tell its operator the id in `instance`.",
}
"""The remedy of a status, for a problem without a sentence of its own."""


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
    headers = _HEADERS.get(status, {})
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
    detail = problem.detail or DETAILS.get(problem.code or "") or _REMEDIES.get(problem.status)
    if detail:
        document["detail"] = detail
    return web.Response(
        status=problem.status,
        body=orjson.dumps({**document, **problem.more}),
        content_type=MEDIA_TYPE,
        headers=problem.headers,
    )


def explain(error: BaseException) -> web.Response:
    """Return the answer for an error of a handler; one of the program is logged with an id."""
    match error:
        case ProblemError():
            problem = error
        case web.HTTPException():
            allow = error.headers.get("Allow")
            problem = ProblemError(error.status, headers={"Allow": allow} if allow else {})
        case web.RequestPayloadError():
            # The body does not match its Content-Encoding, so its end is not known either.
            problem = ProblemError(400, headers={"Connection": "close"})
        case LedgerError():
            problem = problem_of(error)
        case _:
            problem = ProblemError(500)
    failed = problem.status == HTTPStatus.INTERNAL_SERVER_ERROR
    return _fail(error) if failed else respond_problem(problem)


def _fail(error: BaseException) -> web.Response:
    """Answer a failure of the program by an id that the log has too."""
    error_id = secrets.token_hex(4)
    _log.error("request failed, error id %s", error_id, exc_info=error)
    return respond_problem(ProblemError(500, more={"instance": f"urn:error:{error_id}"}))


def title_of(status: int) -> str:
    """Return the standard's words for a status."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"
