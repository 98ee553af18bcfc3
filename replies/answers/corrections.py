"""Say what became of entries, and bring the messages that show them up to date."""

from __future__ import annotations

from collections.abc import Sequence

from ports.answers import (
    Captured,
    Confirmed,
    Corrected,
    Deleted,
    Reversed,
    Rewritten,
    WhichCategory,
)
from ports.messages import Subject
from presentation import views
from replies.alerts import respond_alerts
from replies.answers.questions import respond_asked
from replies.entries import subject_of
from replies.refreshing import refresh_confirmations
from replies.responder import ChatResponder


def respond_corrected(responder: ChatResponder, answer: Corrected, edits: str | None) -> None:
    """Show an entry as corrected, in the place of the card that showed it before."""
    reply = views.corrected(answer, responder.t, today=responder.today, payers=responder.payers)
    subject, owner_id = subject_of([answer.booked]), answer.booked.entry.paid_by
    responder.reply(reply, subject=subject, edits=edits, owner_id=owner_id)
    _supersede(responder, answer)
    _refresh_others(responder, answer.confirmed, edits, *answer.superseded)
    respond_alerts(responder, answer.alerts)


def respond_rewritten(responder: ChatResponder, answer: Rewritten, edits: str | None) -> None:
    """Show the entries of an edited message on their card, and ask what the edit left open."""
    if answer.changed or answer.kept or answer.refused:
        reply = views.rewritten(answer, responder.t, today=responder.today, payers=responder.payers)
        owner_id = answer.booked[0].entry.paid_by if answer.booked else None
        subject = subject_of(answer.booked)
        responder.reply(reply, subject=subject, edits=answer.main, owner_id=owner_id)
    if edits and edits != answer.main:
        # The question that was answered by a press.
        responder.reply(views.answered(Captured(), responder.t), edits=edits)
    refresh_confirmations(responder, answer.confirmed)
    for asked in answer.asked:
        respond_asked(responder, asked)
    respond_alerts(responder, answer.alerts)


def respond_deleted(responder: ChatResponder, answer: Deleted, edits: str | None) -> None:
    """Say that an entry was deleted."""
    entry = answer.entry
    reply, subject = views.deleted(answer, responder.t), Subject((entry.id,))
    responder.reply(reply, subject=subject, edits=edits, owner_id=entry.paid_by)
    _refresh_others(responder, answer.confirmed, edits)


def respond_reversed(responder: ChatResponder, answer: Reversed) -> None:
    """Say an undo or redo, and bring the confirmations of its entries up to date."""
    if answer.settings:
        responder.use_settings(answer.settings)
    responder.reply(views.reversed_act(answer, responder.t, today=responder.today))
    respond_alerts(responder, answer.alerts)
    refresh_confirmations(responder, answer.confirmed)


def respond_which_category(
    responder: ChatResponder, answer: WhichCategory, edits: str | None
) -> None:
    """Offer the categories of an entry."""
    today, payers, booked = responder.today, responder.payers, answer.booked
    reply = views.category_choice(
        booked, answer.categories, responder.t, today=today, payers=payers
    )
    subject, owner_id = subject_of([booked]), booked.entry.paid_by
    responder.reply(reply, subject=subject, edits=edits, owner_id=owner_id)


def _supersede(responder: ChatResponder, answer: Corrected) -> None:
    """Take the buttons from the cards whose place the answer takes.

    A card of several entries stays, and shows the entry as it is now.
    """
    for one in answer.confirmed:
        if one.message_key not in answer.superseded:
            continue
        if len(one.booked) > 1:
            refresh_confirmations(responder, [one])
        else:
            reply = views.superseded(answer.booked.entry, responder.t)
            responder.reply(reply, edits=one.message_key)


def _refresh_others(
    responder: ChatResponder, confirmed: Sequence[Confirmed], *done: str | None
) -> None:
    """Bring the messages up to date that show the entry, apart from those that are done."""
    refresh_confirmations(responder, [one for one in confirmed if one.message_key not in done])
