"""Take the page's forms: add, change, delete, bring back and undo, each by one service of the chat.

A form is answered by the address to look at next, so that loading that page again repeats nothing. What a
person typed wrong is shown again with the reason, and the chat's messages follow every change.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from aiohttp import web

from ledger.entries.source_keys import page_source
from ledger.errors import InputError, NotFoundError
from ports.answers import Captured, Corrected, Nothing, Reversed, WhichUndo
from presentation.page_links import ENTRY, LEDGER, ROOT
from replies.names import list_category_names, list_group_names
from services.bundle import Services
from services.dashboard.entries import read_entry
from services.entries.history import Undoing
from services.scope import Scope
from services.texts.incoming_text import IncomingText
from web.page.entry_form import read_fields, version_of
from web.page.forms import nonce_of, read_form, take_leave
from web.page.rendering import lead_to
from web.page.routes import respond_entry, respond_overview
from web.page.visits import Visit, explained
from web.site import backend_of

Fields = Mapping[str, str]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
TEXT_MAX = 1000


def add_form_routes(app: web.Application) -> None:
    """Let the site take the forms."""
    post = app.router.add_post
    post(f"{ROOT}/leave", explained(take_leave))
    post(f"{LEDGER}/add", posted(add))
    post(f"{LEDGER}/undo", posted(undo))
    post(f"{ENTRY}/edit", posted(edit))
    post(f"{ENTRY}/delete", posted(delete))
    post(f"{ENTRY}/restore", posted(restore))


def posted(handle: Callable[[Visit, Fields], Awaitable[web.StreamResponse]]) -> Handler:
    """Return the handler of a form of this page."""

    async def answer(request: web.Request) -> web.StreamResponse:
        caller, fields = await read_form(request)
        return await handle(Visit(request, caller, backend_of(request)), fields)

    return explained(answer)


async def add(visit: Visit, fields: Fields) -> web.StreamResponse:
    """Book a sentence as the chat does, or say why not."""
    text = fields.get("text", "").strip()[:TEXT_MAX]
    # The form's own number names the entry, so sending it twice books once.
    source = page_source(nonce_of(fields))
    captured = await visit.write(
        partial(_capture, visit.backend.services, text, source), key=message_key(fields)
    )
    if captured.refused:
        return await respond_overview(visit, captured=captured, words=text)
    if captured.booked:
        return lead_to(f"{visit.links.base}?done={'partly' if captured.asked else 'added'}")
    if captured.asked:
        return lead_to(f"{visit.links.base}?done=asked")
    return await respond_overview(visit, captured=captured, words=text)


def _capture(services: Services, text: str, source: str, scope: Scope) -> Captured:
    incoming = IncomingText(
        text=text,
        source=source,
        sent_at=scope.now,
        addressed=True,
        command=True,
        category_names=list_category_names(scope.settings),
        group_names=list_group_names(scope.settings),
    )
    return services.capture.from_text(scope, incoming)


async def edit(visit: Visit, fields: Fields) -> web.StreamResponse:
    """Change the fields of an entry, or show the form again with the reason why not."""
    entry_id = visit.request.match_info["entry"]
    try:
        await visit.write(
            partial(_edit, visit.backend.services, entry_id, fields), key=message_key(fields)
        )
    except InputError as error:
        return await respond_entry(visit, error=error, typed=fields)
    return lead_to(f"{visit.links.entry(entry_id)}?done=saved")


def _edit(services: Services, entry_id: str, fields: Fields, scope: Scope) -> Corrected:
    entry = read_entry(scope, entry_id).entry
    # Somebody may have changed it in the chat while the form was open.
    if fields.get("version", "") != version_of(entry):
        raise InputError("entry_changed")
    given = read_fields(scope, entry, fields)
    names = list_category_names(scope.settings)
    return services.direct.change(scope, entry_id, given, names)


async def delete(visit: Visit, fields: Fields) -> web.StreamResponse:
    """Take an entry out of the ledger."""
    entry_id = visit.request.match_info["entry"]
    corrections = visit.backend.services.corrections
    await visit.write(
        lambda scope: corrections.delete(scope, known_entry(scope, entry_id)),
        key=message_key(fields),
    )
    return lead_to(f"{visit.links.entry(entry_id)}?done=deleted")


async def restore(visit: Visit, fields: Fields) -> web.StreamResponse:
    """Bring a deleted entry back."""
    entry_id = visit.request.match_info["entry"]
    corrections = visit.backend.services.corrections
    await visit.write(
        lambda scope: corrections.restore(scope, known_entry(scope, entry_id)),
        key=message_key(fields),
    )
    return lead_to(f"{visit.links.entry(entry_id)}?done=restored")


async def undo(visit: Visit, fields: Fields) -> web.StreamResponse:
    """Undo the person's last change in this ledger, whether it was made here or in the chat."""
    done = await visit.write(partial(_undo, visit.backend.services), key=message_key(fields))
    word = "nothing" if isinstance(done, Nothing) else "undone"
    return lead_to(f"{visit.links.base}?done={word}")


def _undo(services: Services, scope: Scope) -> Reversed | Undoing | Nothing:
    done = services.history.undo(scope, by_hand=True)
    assert not isinstance(done, WhichUndo), "asked only of what was booked by itself"
    return done


def message_key(fields: Fields) -> str:
    """Return the key of the messages that a form sends to the chat."""
    return f"page-{nonce_of(fields)}"


def known_entry(scope: Scope, entry_id: str) -> str:
    """Return the id of an entry of this ledger. Raises `NotFoundError` for any other."""
    if scope.repositories.entries.find(scope.ledger.id, entry_id) is None:
        raise NotFoundError("entry_gone")
    return entry_id
