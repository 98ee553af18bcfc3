"""Give a handler of the page its visitor and ledger, and answer with a page whatever happens.

A stranger gets the page that explains how to get in, before anything else is looked at. An error of a rule
or a service becomes a page with its sentence.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Concatenate, ParamSpec, TypeVar

from aiohttp import web

from ledger.errors import LedgerError
from ports.access import AccessScope, Caller
from ports.answers import Captured, Nothing
from ports.repositories import Repositories
from ports.units import UnitOfWork
from presentation.localizer import Localizer, localizer_for
from presentation.markup import visible
from presentation.page_links import Links
from presentation.translations import spoken
from presentation.views.errors import error as error_view
from replies.programs import Done, QuietChat, build_responder, show_quietly
from services.access.ledgers import AccessRequest, OpenLedger, open_ledger
from services.members import list_payers
from services.scope import Scope
from web.login.callers import identify
from web.page.parts import PAGE
from web.page.rendering import Frame, page_response, render
from web.page.views.parts import Context
from web.problems import ProblemError, problem_of
from web.site import Backend, backend_of

T = TypeVar("T")
R = TypeVar("R", bound="Done | Nothing")
P = ParamSpec("P")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_REFUSED = {
    "login_expired": "expired",
    "login_invalid": "invalid",
    "login_signed_out": "expired",
    "login_not_invited": "uninvited",
}
"""The sentence for each refusal of signed data that the page's script was told."""
# Too many tries to log in are a stranger's as well.
_STRANGER = (HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS)


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of a person who is in, for one ledger."""

    request: web.Request
    caller: Caller
    backend: Backend

    @property
    def links(self) -> Links:
        """Return the addresses of the ledger that was asked for."""
        return Links(self.request.match_info["ledger"])

    async def read(
        self, work: Callable[Concatenate[Scope, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> tuple[OpenLedger, T]:
        """Read from the ledger in one snapshot; return it as it was opened, and what was read.

        Raises:
            NotYoursError: the caller is not a member.
        """

        def run(repositories: Repositories) -> tuple[OpenLedger, T]:
            opened = self.open(repositories, AccessScope.READ)
            return opened, work(opened.scope, *args, **kwargs)

        return await self.backend.read(run)

    async def write(self, work: Callable[[Scope], R], *, key: str) -> R:
        """Change the ledger in one unit; its chat's messages follow in the same commit.

        `key` names the form, so that sending it twice says nothing twice.
        """

        def run(repositories: Repositories) -> tuple[QuietChat, R]:
            opened = self.open(repositories, AccessScope.WRITE)
            chat = QuietChat(opened, list_payers(repositories, opened.chat))
            return chat, work(opened.scope)

        def tell(unit: UnitOfWork, found: tuple[QuietChat, R]) -> None:
            chat, done = found
            if not isinstance(done, Nothing) and not _is_refusal(done):
                responder = build_responder(unit, chat, self.backend.services, key=key)
                show_quietly(responder, done)

        _, done = await self.backend.write(run, tell)
        return done

    def open(self, repositories: Repositories, needs: AccessScope) -> OpenLedger:
        """Open the ledger that was asked for."""
        asked = AccessRequest(repositories, self.caller, self.backend.clock(), "page")
        return open_ledger(asked, self.request.match_info["ledger"], needs)

    def context_of(self, scope: Scope) -> Context:
        """Return what views need of the ledger."""
        members = tuple(scope.repositories.chats.members(scope.ledger.id))
        return Context(localizer_for(scope.settings), scope.today, self.links, members)


def _is_refusal(done: object) -> bool:
    """Return whether words were not understood, which concerns nobody but who typed them here."""
    return isinstance(done, Captured) and not (done.booked or done.asked)


def visited(handle: Callable[[Visit], Awaitable[web.StreamResponse]]) -> Handler:
    """Return the handler of an address of a ledger, for people who are in."""

    async def answer(request: web.Request) -> web.StreamResponse:
        return await handle(Visit(request, await identify(request), backend_of(request)))

    return explained(answer)


def explained(handle: Handler) -> Handler:
    """Return a handler that answers its refusals with a page."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await handle(request)
        except ProblemError as problem:
            return _refuse(request, problem, LedgerError(problem.code or ""))
        except LedgerError as error:
            return _refuse(request, problem_of(error), error)

    return answer


def _refuse(request: web.Request, problem: ProblemError, error: LedgerError) -> web.StreamResponse:
    if problem.status in _STRANGER:
        response = welcome(request, status=problem.status)
    else:
        response = _explain(request, problem.status, error)
    response.headers.update(problem.headers)
    return response


def welcome(request: web.Request, *, status: int = 200) -> web.Response:
    """Return the page that explains how to get in, and does it where Telegram shows the page."""
    t = visitor_localizer(request)
    frame = Frame(t, t.plain("app.welcome.title"))
    refused = request.query.get("refused", "")
    html = render(
        "welcome",
        frame,
        refused=t.plain(f"app.welcome.{_REFUSED.get(refused, 'failed')}") if refused else "",
    )
    return page_response(html, frames=request.app[PAGE].frames, status=status)


def _explain(request: web.Request, status: int, error: LedgerError) -> web.Response:
    t = visitor_localizer(request)
    known = t.has(f"error.{error.message_id}")
    name = {404: "app.problem.gone", 503: "app.problem.later"}.get(status, "app.problem.refused")
    # The same words for what is not there and what is not theirs.
    text = visible(error_view(error, t).text) if known else t.plain(f"{name}.text")
    title = t.plain(name)
    html = render("problem", Frame(t, title), title=title, text=text)
    return page_response(html, frames=request.app[PAGE].frames, status=status)


def visitor_localizer(request: web.Request) -> Localizer:
    """Return words in the first language of the browser that the interface has."""
    defaults = request.app[PAGE].defaults
    offered = {language for language, _ in spoken()}
    # Cut, because a header may have kilobytes and the preferred ones come first.
    for part in request.headers.get("Accept-Language", "")[:200].split(","):
        tag = part.partition(";")[0].strip().lower()
        if tag.partition("-")[0] in offered:
            return localizer_for(replace(defaults, language=tag.partition("-")[0]))
    return localizer_for(defaults)
