"""Run the actions of the buttons of summaries and lists, which take each other's place.

A walk that began below a picture stays there: its pages are captions, a receipt takes the place of
the picture, and the way back draws the summary's again.
"""

from __future__ import annotations

from handlers.context import Context
from ledger.entries.entry import Entry
from ledger.entries.filter_fields import load_filter
from ledger.entries.queries import EntryFilter
from ledger.inquiries.wire import load_query
from ports.answers import Page
from ports.messages import Json
from presentation import views
from presentation.buttons import PageTurn, load_look, load_page_turn, load_period, load_summary
from replies.asking import show_look, show_page, show_summary
from replies.responding import respond
from services.reporting.reports import PAGE_LIMIT, list_page, summarise
from services.scope import Scope


async def page(context: Context, *stored: Json) -> None:
    """Turn to a page of entries."""
    turn = load_page_turn(stored)
    found = await context.run(_list, turn)
    summed = None
    if turn.redraws and turn.which.period:
        summed = await context.run(summarise, turn.which.period, which=turn.which)
    keys = context.pressed_key, context.is_in_picture
    show_page(context.responder, found, turn.trail, keys, summed=summed)


async def entries(context: Context, start: str, end: str, kind: str) -> None:
    """List the entries of a period, as a message of its own."""
    found = await context.run(list_page, EntryFilter(period=load_period(start, end, kind)))
    respond(context.responder, found)


async def found(context: Context, fields: dict[str, Json]) -> None:
    """List the entries of a filter, as a message of its own."""
    listed = await context.run(list_page, load_filter(fields))
    respond(context.responder, listed)


async def inquiry(context: Context, fields: dict[str, Json]) -> None:
    """Answer a query, as a message of its own."""
    answer = await context.run(context.services.inquiries.run, load_query(fields))
    respond(context.responder, answer)


async def summary(context: Context, *stored: Json) -> None:
    """Sum a period up."""
    which = load_summary(stored)
    assert which.period is not None
    summed = await context.run(summarise, which.period, which=which)
    keys = context.pressed_key, context.is_in_picture
    show_summary(context.responder, summed, keys)


async def look(context: Context, *stored: Json) -> None:
    """Show an entry with its receipt in place of its page."""
    entry_id, which, trail = load_look(stored)
    entry, picture = await context.run(_find, context, entry_id)
    value = views.Look(entry, picture, which, trail)
    show_look(context.responder, value, edits=context.pressed_key)


def _list(scope: Scope, turn: PageTurn) -> Page:
    after, first = turn.trail[-1] if turn.trail else None, len(turn.trail) * PAGE_LIMIT + 1
    return list_page(scope, turn.which, after, first)


def _find(scope: Scope, context: Context, entry_id: str) -> tuple[Entry, str | None]:
    booked = context.services.corrections.show(scope, entry_id)
    if not booked.has_picture:
        return booked.entry, None
    return booked.entry, context.services.receipts.find_picture(scope, entry_id)
