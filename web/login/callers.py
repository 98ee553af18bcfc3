"""Find the caller of a request, before anything else is looked at.

The header wins over the cookie. A wrong header is refused even where the cookie is right.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

from aiohttp import web

from ledger.errors import LoginRefusedError
from ports.access import Caller, LoginSession
from ports.repositories import Repositories
from ports.units import UnitOfWork
from replies.admins import ask_for_member
from services.access import sessions, tokens
from services.access.init_data import check_init_data
from web.addresses import address_of
from web.limits import limit_caller
from web.login.cookies import read_session_cookie
from web.login.cross_site import require_own_page
from web.problems import CHALLENGE, ProblemError
from web.site import CALLER, SITE, Backend, backend_of

T = TypeVar("T")

_log = logging.getLogger("web.login")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

API_PREFIX = "/api/"
OPEN_PATHS = frozenset({"/api/v1/openapi.json"})
"""Paths of the API that describe it to anybody."""


async def identify(request: web.Request) -> Caller:
    """Return who asks, proven by header or cookie, and still served by this installation.

    Raises:
        ProblemError: 401 with a code, 403 for another site's page, 429 after too many
            refusals or requests.
        UnavailableError: the program is not open yet.
    """
    known = request.get(CALLER)
    if known is None:
        known = await prove(request, _identify)
        limit_caller(request, known)
        request[CALLER] = known
    return known


async def prove(
    request: web.Request, work: Callable[[web.Request, Backend], Awaitable[Caller]]
) -> Caller:
    """Run a proof; count a refused one against its address.

    Raises:
        ProblemError: 401, or 429 after too many.
    """
    backend = backend_of(request)
    try:
        caller = await work(request, backend)
        backend.require_invited(caller.user_id)
    except LoginRefusedError as error:
        raise refuse(request, error) from None
    return caller


def refuse(request: web.Request, error: LoginRefusedError) -> ProblemError:
    """Return the refusal of a login, 429 after too many of one address."""
    # Who comes without any proof has not guessed.
    if error.message_id != "login_missing":
        seconds = request.app[SITE].failures.count(address_of(request))
        if seconds:
            # Not logged, so that a flood of guesses brings no flood of lines.
            return ProblemError(429, "too_many_failures", headers={"Retry-After": str(seconds)})
        # Neither address nor proof.
        _log.warning("login refused: %s", error.message_id)
    return ProblemError(401, error.message_id, headers=CHALLENGE)


@web.middleware
async def guard_api(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Identify whoever asks for the API, even for a path that does not exist."""
    if request.path.startswith(API_PREFIX) and request.path not in OPEN_PATHS:
        await identify(request)
    return await handler(request)


async def find_cookie_session(request: web.Request, backend: Backend) -> LoginSession:
    """Return the running session of the request's cookie. Raises `LoginRefusedError`."""
    secret = read_session_cookie(request)
    if secret is None:
        raise LoginRefusedError("login_missing")
    now = backend.clock()
    session = await backend.read(partial(sessions.find_session, secret=secret, now=now))
    if sessions.is_due(session, now):
        await note_use(
            backend, session.user_id, partial(sessions.touch_session, session=session, now=now)
        )
    return session


async def find_header_session(raw: str, backend: Backend) -> LoginSession:
    """Return the session of signed data in a header. Raises `LoginRefusedError`."""
    now = backend.clock()
    init_data = check_init_data(raw, backend.keys, now)
    # Before anything is written, so that people who are not served leave no row.
    backend.require_invited(init_data.user_id)
    session = await backend.read(
        partial(sessions.find_signed_session, init_data=init_data, now=now)
    )
    if session is None:
        opening = partial(sessions.open_signed_session, init_data=init_data, now=now)
        return await note_use(backend, init_data.user_id, opening)
    if sessions.is_due(session, now):
        await note_use(
            backend, session.user_id, partial(sessions.touch_session, session=session, now=now)
        )
    return session


async def note_use(backend: Backend, user_id: int, work: Callable[[Repositories], T]) -> T:
    """Write that a person asks; have Telegram asked whether they are still in their groups."""
    presence, now = backend.services.presence_checks, backend.clock()

    def write(repositories: Repositories) -> tuple[T, list[int]]:
        return work(repositories), presence.list_due(repositories, user_id, now)

    def tell(unit: UnitOfWork, written: tuple[T, list[int]]) -> None:
        for chat_id in written[1]:
            ask_for_member(unit, chat_id, user_id)

    return (await backend.write(write, tell))[0]


async def _identify(request: web.Request, backend: Backend) -> Caller:
    shown = request.headers.getall("Authorization", [])
    if not shown:
        session = await find_cookie_session(request, backend)
        require_own_page(request)
        return sessions.caller_of(session)
    # Two headers could be read differently by a proxy in front.
    scheme, _, proof = shown[0].strip().partition(" ") if len(shown) == 1 else ("", "", "")
    match scheme.lower():
        case "bearer":
            return await _identify_token(proof.strip(), backend)
        case "tma":
            return sessions.caller_of(await find_header_session(proof.strip(), backend))
        case _:
            raise LoginRefusedError("login_scheme")


async def _identify_token(secret: str, backend: Backend) -> Caller:
    now = backend.clock()
    token = await backend.read(partial(tokens.find_token, secret=secret))
    if tokens.is_due(token, now):
        await note_use(backend, token.user_id, partial(tokens.touch_token, token=token, now=now))
    return tokens.caller_of(token)
