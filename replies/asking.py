"""Show summaries, pages and entries in place of the message whose button was pressed."""

from __future__ import annotations

from dataclasses import replace

from ledger.entries.queries import Cursor
from ports.answers import Page, Summarised
from presentation import views
from replies.responder import ChatResponder

Place = tuple[str | None, bool]
"""The key of the pressed message, and whether it is a picture."""


def show_summary(responder: ChatResponder, summed: Summarised, place: Place) -> None:
    """Show a summary; a picture takes the place of a text or of another picture."""
    reply = views.summary(summed, responder.t, today=responder.today)
    key, is_picture = place
    if reply.picture is None:
        reply = replace(reply, keeps_picture=is_picture)
    responder.reply_with_page(reply, lambda links: links.totals(summed.which), edits=key)


def show_page(
    responder: ChatResponder,
    page: Page,
    trail: tuple[Cursor, ...],
    place: Place,
    *,
    summed: Summarised | None = None,
) -> None:
    """Show a page of entries; `trail` leads back to the pages before it.

    With `summed` its picture is drawn above the page again.
    """
    key, is_picture = place
    t, today, payers = responder.t, responder.today, responder.payers
    where = views.PagePlace(trail, is_picture)
    reply = views.page(page, t, today=today, payers=payers, place=where)
    if summed is not None and is_picture:
        picture = views.summary(summed, t, today=today).picture
        reply = replace(reply, picture=picture, keeps_picture=picture is None)
    responder.reply_with_page(reply, lambda links: links.entries(page.which), edits=key)


def show_look(responder: ChatResponder, value: views.Look, *, edits: str | None) -> None:
    """Show an entry and its receipt, with the way back to its page."""
    t, today, payers = responder.t, responder.today, responder.payers
    responder.reply(views.look(value, t, today=today, payers=payers), edits=edits)
