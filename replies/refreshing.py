"""Edit the confirmations of entries that changed elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from ports.answers import Booked, Captured, Confirmed, Corrected, Deleted
from ports.messages import Reply, Subject
from presentation import views
from replies.responder import ChatResponder


def refresh_confirmations(responder: ChatResponder, confirmed: Sequence[Confirmed]) -> None:
    """Edit each of these messages to the entries as they are now."""
    for one in confirmed:
        responder.reply(
            _show(responder, one.booked),
            edits=one.message_key,
            subject=Subject(tuple(booked.entry.id for booked in one.booked)),
            owner_id=one.booked[0].entry.paid_by,
        )


def _show(responder: ChatResponder, booked: Sequence[Booked]) -> Reply | None:
    """Show one entry as after a correction, several as a list."""
    if len(booked) == 1:
        entry = booked[0].entry
        if entry.deleted_at:
            return views.deleted(Deleted(entry), responder.t)
        one = Corrected(booked[0])
        return views.corrected(one, responder.t, today=responder.today, payers=responder.payers)
    live = [one for one in booked if not one.entry.deleted_at]
    if not live:
        return views.gone([one.entry for one in booked], responder.t)
    answer = Captured(tuple(live))
    return views.captured(answer, responder.t, today=responder.today, payers=responder.payers)
