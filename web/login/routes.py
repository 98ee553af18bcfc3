"""Open and end sessions (`/app/session`).

The signed data comes in a header, as on the API, so there is no body to read, and no form of another
site can log somebody in.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from aiohttp import web

from ledger.errors import LoginRefusedError
from ports.repositories import Repositories
from services.access import sessions
from services.access.init_data import InitData, check_init_data
from web.answers import respond_json
from web.login.callers import find_cookie_session, find_header_session, note_use, refuse
from web.login.cookies import clear_session_cookie, read_session_cookie, set_session_cookie
from web.login.cross_site import require_own_page
from web.problems import CHALLENGE, ProblemError
from web.site import backend_of

SESSION_PATH = "/app/session"
_SCHEME = "tma "


def add_session_routes(app: web.Application) -> None:
    """Let the site open and end sessions."""
    app.router.add_post(SESSION_PATH, open_session)
    app.router.add_delete(SESSION_PATH, end_session)


async def open_session(request: web.Request) -> web.Response:
    """Open a session for data that Telegram signed (`Authorization: tma …`); answer 201.

    Raises:
        ProblemError: 401 with a code, 429 after too many refusals.
    """
    backend = backend_of(request)
    now = backend.clock()
    try:
        init_data = check_init_data(_signed_data(request), backend.keys, now)
        backend.require_invited(init_data.user_id)
        older = read_session_cookie(request)
        opening = partial(_open, init_data=init_data, older=older, now=now)
        secret = await note_use(backend, init_data.user_id, opening)
    except LoginRefusedError as error:
        raise refuse(request, error) from None
    response = respond_json(_describe(init_data), status=201)
    set_session_cookie(request, response, secret, framed=True)
    return response


async def end_session(request: web.Request) -> web.Response:
    """Sign out: end this session and what opened it; answer 204.

    Raises:
        ProblemError: 401 without a session, 403 for another site's page.
    """
    backend = backend_of(request)
    try:
        if "Authorization" in request.headers:
            session = await find_header_session(_signed_data(request), backend)
        else:
            session = await find_cookie_session(request, backend)
            require_own_page(request)
    except LoginRefusedError as error:
        raise refuse(request, error) from None
    now = backend.clock()
    await backend.write(partial(sessions.sign_out, session=session, now=now))
    response = web.Response(status=204)
    clear_session_cookie(request, response)
    return response


def _signed_data(request: web.Request) -> str:
    shown = request.headers.getall("Authorization", [])
    if len(shown) != 1 or not shown[0].lower().startswith(_SCHEME):
        code = "login_scheme" if shown else "login_missing"
        raise ProblemError(401, code, headers=CHALLENGE)
    return shown[0][len(_SCHEME) :].strip()


def _open(repositories: Repositories, init_data: InitData, older: str | None, now: datetime) -> str:
    if older is not None:
        # A session that was in the browser before the login must not go on after it.
        sessions.drop_session(repositories, older)
    return sessions.open_session(repositories, init_data.user_id, init_data.proof, now)


def _describe(init_data: InitData) -> dict[str, object]:
    """Return what the page needs of the signed data, which it must not read from its own copy."""
    return {
        "user_id": init_data.user_id,
        "name": init_data.name,
        "language": init_data.language,
        "start_param": init_data.start_param,
        "idle_seconds": int(sessions.IDLE_MAX.total_seconds()),
    }
