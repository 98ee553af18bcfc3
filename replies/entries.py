"""Show one entry in the ways that its buttons offer."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.queries import Cursor
from ports.answers import Booked, Page
from ports.messages import Subject
from presentation import views
from replies.responder import ChatResponder


def show_categories(responder: ChatResponder, booked: Booked, *, edits: str | None) -> None:
    """Show the grid of categories."""
    t, today, payers = responder.t, responder.today, responder.payers
    reply = views.category_grid(booked, t, today=today, payers=payers)
    subject, owner_id = Subject((booked.entry.id,)), booked.entry.paid_by
    responder.reply(reply, edits=edits, subject=subject, owner_id=owner_id)


def show_days(responder: ChatResponder, booked: Booked, *, edits: str | None) -> None:
    """Offer days."""
    reply = views.day_choice(booked, responder.t, today=responder.today)
    subject, owner_id = Subject((booked.entry.id,)), booked.entry.paid_by
    responder.reply(reply, edits=edits, subject=subject, owner_id=owner_id)


def show_currencies(responder: ChatResponder, booked: Booked, *, edits: str | None) -> None:
    """Offer currencies."""
    t, today, payers = responder.t, responder.today, responder.payers
    reply = views.currency_choice(booked, t, today=today, payers=payers)
    subject, owner_id = Subject((booked.entry.id,)), booked.entry.paid_by
    responder.reply(reply, edits=edits, subject=subject, owner_id=owner_id)


def show_details(responder: ChatResponder, booked: Booked) -> None:
    """Show all fields, as a message of its own."""
    reply = views.entry(booked, responder.t, today=responder.today, payers=responder.payers)
    subject, owner_id = Subject((booked.entry.id,)), booked.entry.paid_by
    responder.reply(reply, subject=subject, owner_id=owner_id)


def show_page(
    responder: ChatResponder, page: Page, trail: Sequence[Cursor], *, edits: str | None
) -> None:
    """Show a page of entries; `trail` leads back to the pages before it."""
    t, today, payers = responder.t, responder.today, responder.payers
    reply = views.page(page, t, today=today, payers=payers, trail=trail)
    responder.reply(reply, edits=edits)
