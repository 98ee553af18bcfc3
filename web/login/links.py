"""Let a browser in by a one-time link (`/app/link/<secret>`).

Looking at the link shows a page with a button, and only the button uses the link up: messengers and
mail programs fetch links to preview them. The page names the person, so that nobody is signed in as
another one unawares.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from html import escape
from urllib.parse import parse_qs

from aiohttp import web

from ledger.errors import LoginRefusedError
from ports.repositories import Repositories
from presentation.localizer import Localizer, localizer_for
from services.access.links import PATH, find_link, use_link
from web.bodies import read_body
from web.login.callers import note_use, refuse
from web.login.cookies import read_session_cookie, set_session_cookie
from web.login.cross_site import require_own_origin
from web.problems import ProblemError
from web.site import Backend, backend_of
from web.small_pages import localizer_of, small_page

HOME = "/app"
BODY_BYTES_MAX = 1024


@dataclass(frozen=True, slots=True)
class Guest:
    """The person whom a link would let in, and the words of their chat."""

    user_id: int
    name: str
    t: Localizer


def add_link_routes(app: web.Application) -> None:
    """Let the site take one-time links."""
    app.router.add_get(PATH + "/{secret}", show_link)
    app.router.add_post(PATH, take_link)


async def show_link(request: web.Request) -> web.Response:
    """Ask whether to open a session; answer 200, or 410 for a link that no longer works."""
    backend = backend_of(request)
    secret = request.match_info["secret"]
    try:
        guest = await backend.read(partial(_find_guest, secret=secret, backend=backend))
    except LoginRefusedError as error:
        return _refused(request, backend, refuse(request, error))
    title, ask = guest.t.plain("link.title"), guest.t.plain("link.ask", name=guest.name)
    form = (
        f'<form method="post" action="{PATH}"><input type="hidden" name="secret" '
        f'value="{escape(secret)}"><button>{escape(guest.t.plain("link.button"))}</button></form>'
    )
    return small_page(200, title, f"<p>{escape(ask)}</p>{form}", guest.t)


async def take_link(request: web.Request) -> web.Response:
    """Use a link up and open its session; answer 303 to the dashboard, or 410.

    Raises:
        ProblemError: 403 for another site's form, 408 or 413 for its body.
    """
    require_own_origin(request)
    backend, now = backend_of(request), backend_of(request).clock()
    typed = parse_qs((await read_body(request, BODY_BYTES_MAX)).decode("ascii", "replace"))
    secret = typed.get("secret", [""])[0]
    try:
        # A person who is no longer served is told so before the link is used.
        guest = await backend.read(partial(_find_guest, secret=secret, backend=backend))
        older = read_session_cookie(request)
        taking = partial(use_link, secret=secret, now=now, older=older)
        session = await note_use(backend, guest.user_id, taking)
    except LoginRefusedError as error:
        return _refused(request, backend, refuse(request, error))
    response = web.Response(status=303, headers={"Location": HOME})
    set_session_cookie(request, response, session, framed=False)
    return response


def _find_guest(repositories: Repositories, secret: str, backend: Backend) -> Guest:
    link = find_link(repositories, secret, backend.clock())
    backend.require_invited(link.user_id)
    presence = repositories.chats.find(link.user_id, link.user_id)
    if presence is None or presence.member is None:
        # The chat was forgotten since.
        raise LoginRefusedError("link_used")
    return Guest(link.user_id, presence.member.name, localizer_for(presence.chat.settings))


def _refused(request: web.Request, backend: Backend, problem: ProblemError) -> web.Response:
    """Explain to a person, in the language of their browser, why the link lets nobody in."""
    t = localizer_of(request, backend.services.entering)
    text = f"<p>{escape(t.plain('link.gone'))}</p><p>{escape(t.plain('link.remedy'))}</p>"
    too_many = problem.status == web.HTTPTooManyRequests.status_code
    response = small_page(problem.status if too_many else 410, t.plain("link.title"), text, t)
    if too_many:
        response.headers.update(problem.headers)
    return response
