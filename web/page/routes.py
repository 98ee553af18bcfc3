"""Show the views of the dashboard, each by one service and one template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from aiohttp import web

from ledger.errors import InputError, LedgerError, NotFoundError
from ledger.periods.period import Period
from ports.answers import Captured
from presentation import views
from presentation.localizer import Localizer, localizer_for
from presentation.markup import visible
from presentation.page_links import (
    ENTRY,
    LEDGER,
    ROOT,
    Links,
    address_of,
    read_cursor,
    read_filter_fields,
    read_period_fields,
)
from presentation.views.errors import error as error_view
from replies.names import list_scope_names
from services.access.ledgers import AccessRequest, OpenLedger, list_ledgers
from services.dashboard.entries import EntryDetails, ListedEntries, find_receipt, read_entry
from services.dashboard.entries import list_entries as list_entries_of
from services.dashboard.overview import Overview, read_overview
from services.scope import Scope
from web.login.callers import identify
from web.page.assets import PREFIX, load_assets
from web.page.forms import form_token
from web.page.parts import PAGE
from web.page.rendering import Frame, lead_to, page_response, render
from web.page.views.entries import EntriesPage, entries_page
from web.page.views.entry import EntryPage, entry_page
from web.page.views.overview import OverviewPage, overview_page
from web.page.views.parts import Context, Link
from web.page.views.recurring import RecurringPage, recurring_page
from web.page.visits import Visit, explained, visited, visitor_localizer, welcome
from web.problems import ProblemError
from web.site import backend_of

_WORDS_MAX = 200
_DONE = frozenset({"added", "saved", "deleted", "restored", "undone", "nothing", "asked", "partly"})
"""Words for what the request before did; each has a sentence `app.done.…`."""
_UNDOABLE = frozenset({"added", "partly", "saved", "deleted", "restored"})


@dataclass(frozen=True, slots=True)
class Refusal:
    """The reason why a form was refused, and the words to show in it again."""

    reason: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class _View:
    """The place of a view in the page."""

    template: str
    active: str
    """The view that the navigation marks."""
    parent: str | None = ""
    """Where Telegram's back button leads, behind the ledger's address; None on the first view."""


_VIEWS: dict[type, _View] = {
    OverviewPage: _View("overview", "overview", parent=None),
    EntriesPage: _View("entries", "entries"),
    EntryPage: _View("entry", "entries", parent="/entries"),
    RecurringPage: _View("recurring", "recurring"),
}


def add_page_routes(app: web.Application) -> None:
    """Let the site serve the dashboard."""
    get = partial(app.router.add_get, allow_head=True)
    get(f"{PREFIX}/{{name}}", load_assets().answer)
    get(ROOT, explained(begin))
    get(f"{ROOT}/open", explained(open_start))
    get(f"{ROOT}/leave", explained(begin))
    get(LEDGER, visited(overview))
    get(f"{LEDGER}/entries", visited(entries))
    get(ENTRY, visited(entry))
    get(f"{LEDGER}/receipts/{{receipt:[0-9A-Za-z_-]{{1,64}}}}/image", visited(picture))
    get(f"{LEDGER}/recurring", visited(recurring))
    # Where a refused form was shown, for whoever loads that address again.
    get(f"{LEDGER}/{{form:add|undo}}", visited(go_back))
    get(f"{ENTRY}/{{form:edit|delete|restore}}", visited(go_back))


async def begin(request: web.Request) -> web.StreamResponse:
    """Lead to the only ledger, let choose between several, or explain how to get in."""
    # Ahead of the session, which may be that of the person before on this device.
    if "refused" in request.query:
        return welcome(request)
    try:
        caller = await identify(request)
    except ProblemError:
        # The first address answers everybody, so that people see how to get in.
        return welcome(request)
    backend = backend_of(request)
    now = backend.clock()
    found = await backend.read(
        lambda repositories: list_ledgers(AccessRequest(repositories, caller, now))
    )
    if len(found) == 1:
        return lead_to(Links(found[0].chat.ledger.key).base)
    t = localizer_for(found[0].chat.settings) if found else visitor_localizer(request)
    links = [Link(_name(one, t), Links(one.chat.ledger.key).base) for one in found]
    frame = Frame(t, t.plain("app.ledgers"))
    html = render("ledgers", frame, ledgers=links)
    return page_response(html, frames=request.app[PAGE].frames)


async def open_start(request: web.Request) -> web.StreamResponse:
    """Lead to the view that a start parameter names."""
    await identify(request)
    return lead_to(address_of(request.query.get("start", "")) or ROOT)


async def overview(visit: Visit) -> web.StreamResponse:
    """Show a period."""
    return await respond_overview(visit)


async def respond_overview(
    visit: Visit, *, captured: Captured | None = None, words: str = ""
) -> web.StreamResponse:
    """Answer the view of a period; with words that could not be booked, and why."""
    opened, (found, context) = await visit.read(_read_overview, visit)
    refused = _refuse(captured, words, context) if captured else None
    return respond_page(visit, opened, overview_page(found, context), refused=refused)


def _refuse(captured: Captured, words: str, context: Context) -> Refusal | None:
    """Return why words, or a part of them, are not booked; a part is what is to be typed again."""
    left_out = replace(captured, booked=())
    reply = views.captured(left_out, context.t, today=context.today)
    if reply is None:
        return None
    if not captured.booked:
        return Refusal(visible(reply.text), words)
    parts = "; ".join(one.words for one in captured.refused)
    return Refusal(f"{context.t.plain('app.done.added')} {visible(reply.text)}", parts)


async def entries(visit: Visit) -> web.StreamResponse:
    """Show the entries that a filter lets through."""
    # Whatever a person pasted, a search is for characters that can be seen.
    typed = visit.request.query.get("q", "")[:_WORDS_MAX]
    words = "".join(one if one.isprintable() else " " for one in typed).strip()
    try:
        opened, (found, context) = await visit.read(_read_entries, visit, words)
    except InputError as error:
        return await _respond_unread(visit, words, error)
    return respond_page(visit, opened, entries_page(found, words, context))


async def _respond_unread(visit: Visit, words: str, error: InputError) -> web.StreamResponse:
    """Answer a search whose words have no meaning: why, with the words to mend and no condition of theirs.

    Raises `InputError` where the address itself is damaged.
    """
    opened, (found, context) = await visit.read(_read_entries, visit, "")
    page = replace(entries_page(found, "", context), words=words)
    refused = Refusal(visible(error_view(error, context.t).text))
    return respond_page(visit, opened, page, refused=refused)


async def entry(visit: Visit) -> web.StreamResponse:
    """Show one entry."""
    return await respond_entry(visit)


async def respond_entry(
    visit: Visit, *, error: LedgerError | None = None, typed: Mapping[str, str] | None = None
) -> web.StreamResponse:
    """Answer the view of an entry; with what was typed into its form, and why it was refused."""
    opened, (details, context) = await visit.read(_read_entry, visit)
    refused = Refusal(visible(error_view(error, context.t).text)) if error else None
    return respond_page(visit, opened, entry_page(details, context, typed), refused=refused)


async def recurring(visit: Visit) -> web.StreamResponse:
    """Show what comes again."""
    list_series = visit.backend.services.series.list_all
    opened, (found, context) = await visit.read(
        lambda scope: (list_series(scope), visit.context_of(scope))
    )
    return respond_page(visit, opened, recurring_page(found, context))


async def go_back(visit: Visit) -> web.StreamResponse:
    """Lead from the address of a form to the view that has it."""
    return lead_to(visit.request.path.rpartition("/")[0])


async def picture(visit: Visit) -> web.StreamResponse:
    """Answer the picture of a receipt, which is the copy without metadata."""
    _, receipt = await visit.read(find_receipt, visit.request.match_info["receipt"])
    if receipt is None or receipt.clean_key is None:
        raise NotFoundError("no_picture")
    data = await visit.backend.blobs.get(receipt.clean_key)
    return web.Response(
        body=data,
        content_type="image/jpeg",
        headers={"Cache-Control": "private, max-age=3600", "Content-Disposition": "inline"},
    )


def respond_page(
    visit: Visit, opened: OpenLedger, page: object, *, refused: Refusal | None = None
) -> web.Response:
    """Fill a view's template, with what was done or refused before above it."""
    view = _VIEWS[type(page)]
    t = localizer_for(opened.scope.settings)
    done = visit.request.query.get("done", "")
    said = t.plain(f"app.done.{done}") if done in _DONE else ""
    frame = Frame(
        t,
        _name(opened, t),
        links=visit.links,
        active=view.active,
        parent=visit.links.base + view.parent if view.parent is not None else "",
        flash=refused.reason if refused else said,
        is_alert=refused is not None,
        undo=visit.links.action("undo") if done in _UNDOABLE and not refused else "",
    )
    csrf, words = form_token(visit.request), refused.words if refused else ""
    html = render(view.template, frame, page=page, csrf=csrf, words=words)
    frames = visit.request.app[PAGE].frames
    return page_response(html, frames=frames, status=422 if refused else 200)


def _name(opened: OpenLedger, t: Localizer) -> str:
    """Name a ledger by its chat; a person's own one by that."""
    return t.plain("app.own") if opened.chat.kind == "private" else opened.chat.title


def _read_overview(scope: Scope, visit: Visit) -> tuple[Overview, Context]:
    calendar = scope.settings.calendar
    asked = read_period_fields(visit.request.query, calendar)
    period: Period = asked or calendar.of("month", scope.today)
    return read_overview(scope, period), visit.context_of(scope)


def _read_entries(scope: Scope, visit: Visit, words: str) -> tuple[ListedEntries, Context]:
    query = visit.request.query
    which = read_filter_fields(query, scope.settings)
    names = list_scope_names(scope.settings)
    found = list_entries_of(scope, which, words, names, read_cursor(query))
    return found, visit.context_of(scope)


def _read_entry(scope: Scope, visit: Visit) -> tuple[EntryDetails, Context]:
    details = read_entry(scope, visit.request.match_info["entry"])
    return details, visit.context_of(scope)
