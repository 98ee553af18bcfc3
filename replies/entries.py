"""Show one entry in the ways that its buttons offer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from ports.answers import Booked
from ports.messages import Reply, Subject
from presentation import views
from replies.responder import ChatResponder


def show_on_card(
    responder: ChatResponder,
    booked: Booked,
    reply: Reply,
    *,
    edits: str | None,
    question_id: str | None = None,
) -> None:
    """Show a page of choices on the card of an entry; `question_id` is for what is to be typed."""
    subject = Subject((booked.entry.id,), question_id=question_id)
    responder.reply(reply, edits=edits, subject=subject, owner_id=booked.entry.paid_by)


def show_categories(responder: ChatResponder, booked: Booked, *, edits: str | None) -> None:
    """Show the grid of categories."""
    t, today, payers = responder.t, responder.today, responder.payers
    reply = views.category_grid(booked, t, today=today, payers=payers)
    show_on_card(responder, booked, reply, edits=edits)


def show_days(responder: ChatResponder, booked: Booked, *, edits: str | None) -> None:
    """Offer days."""
    reply = views.day_choice(booked, responder.t, today=responder.today, payers=responder.payers)
    show_on_card(responder, booked, reply, edits=edits)


def show_month(responder: ChatResponder, booked: Booked, month: date, *, edits: str | None) -> None:
    """Offer the days of a month."""
    t, today, payers = responder.t, responder.today, responder.payers
    reply = views.calendar(booked, month, t, today=today, payers=payers)
    show_on_card(responder, booked, reply, edits=edits)


def show_currencies(responder: ChatResponder, booked: Booked, *, edits: str | None) -> None:
    """Offer currencies."""
    t, today, payers = responder.t, responder.today, responder.payers
    reply = views.currency_choice(booked, t, today=today, payers=payers)
    show_on_card(responder, booked, reply, edits=edits)


def show_payers(
    responder: ChatResponder, booked: Booked, members: Mapping[int, str], *, edits: str | None
) -> None:
    """Offer the members who may have paid."""
    t, today, payers = responder.t, responder.today, responder.payers
    reply = views.payer_choice(booked, members, t, today=today, payers=payers)
    show_on_card(responder, booked, reply, edits=edits)


def show_edit_page(responder: ChatResponder, booked: Booked, *, edits: str | None) -> None:
    """Show everything that can be changed."""
    t, today, payers = responder.t, responder.today, responder.payers
    reply = views.edit_page(booked, t, today=today, payers=payers)
    show_on_card(responder, booked, reply, edits=edits)


def ask_value(
    responder: ChatResponder, asked: tuple[Booked, str], field: str, *, edits: str | None
) -> None:
    """Ask for a value to be typed; a reply to the card answers it."""
    booked, question_id = asked
    t, today, payers = responder.t, responder.today, responder.payers
    reply = views.value_prompt(booked, (field, question_id), t, today=today, payers=payers)
    show_on_card(responder, booked, reply, edits=edits, question_id=question_id)


def show_details(responder: ChatResponder, booked: Booked) -> None:
    """Show all fields, as a message of its own."""
    reply = views.entry(booked, responder.t, today=responder.today, payers=responder.payers)
    subject, owner_id = Subject((booked.entry.id,)), booked.entry.paid_by
    responder.reply(reply, subject=subject, owner_id=owner_id)
