"""Show one entry in the ways that its buttons offer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ports.answers import Booked
from ports.messages import Reply, Subject
from presentation import views
from replies.responder import ChatResponder


def show_on_card(
    responder: ChatResponder,
    booked: Booked,
    view: Callable[..., Reply],
    *,
    edits: str | None,
    question_id: str | None = None,
) -> None:
    """Show a page of choices on the card of an entry; `question_id` is for what is to be typed."""
    reply = view(booked, responder.t, today=responder.today, payers=responder.payers)
    subject = Subject((booked.entry.id,), question_id=question_id)
    responder.reply(reply, edits=edits, subject=subject, owner_id=booked.entry.paid_by)


def show_details(responder: ChatResponder, booked: Booked) -> None:
    """Show all fields, as a message of its own."""
    reply = views.entry(booked, responder.t, today=responder.today, payers=responder.payers)
    subject, owner_id = Subject((booked.entry.id,)), booked.entry.paid_by
    responder.reply(reply, subject=subject, owner_id=owner_id)


def subject_of(booked: Sequence[Booked]) -> Subject:
    """Return the subject of a message that confirms these entries."""
    receipt_ids = {one.entry.receipt_id for one in booked}
    return Subject(
        entry_ids=tuple(one.entry.id for one in booked),
        receipt_id=receipt_ids.pop() if len(receipt_ids) == 1 else None,
    )
