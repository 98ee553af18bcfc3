"""A confirmation follows its entries: when one changes elsewhere, its message is edited."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.context import Context
from handlers.responder import ChatResponder
from ledger.entry import Entry
from ports.answers import Booked, Captured, Corrected, Deleted
from ports.messages import Reply, Subject
from presentation import views
from services.scope import Scope

REFRESHED_MAX = 10
"""Messages edited for one change; beyond, the answer itself must do."""


async def refresh(context: Context, entries: Sequence[Entry]) -> None:
    """Edit the newest confirmation of each entry that changed, with all that it confirms."""
    responder = context.responder

    def look(scope: Scope) -> dict[str, list[Booked]]:
        found: dict[str, list[Booked]] = {}
        seen: set[str] = set()
        for entry in entries:
            if len(found) == REFRESHED_MAX:
                break
            confirmed = scope.repositories.conversations.confirmation(entry.id)
            if confirmed is None or confirmed.chat_id != responder.chat.chat_id or entry.id in seen:
                continue
            seen.update(confirmed.entry_ids)
            together = [
                scope.repositories.entries.find(scope.ledger.id, one) for one in confirmed.entry_ids
            ]
            found[confirmed.message_key] = [
                context.services.corrections.booking.show(scope, one)
                for one in together
                if one is not None
            ]
        return found

    for handle, booked in (await context.run(look)).items():
        subject = Subject(tuple(one.entry.id for one in booked))
        owner_id = booked[0].entry.paid_by
        responder.reply(_shown(responder, booked), edits=handle, subject=subject, owner_id=owner_id)


def _shown(responder: ChatResponder, booked: Sequence[Booked]) -> Reply | None:
    """Say what a confirmation says now: one entry as after a correction, several as a list."""
    live = [one for one in booked if not one.entry.deleted_at]
    if len(booked) == 1:
        entry = booked[0].entry
        if entry.deleted_at:
            return views.deleted(Deleted(entry), responder.t)
        one = Corrected(booked[0])
        return views.corrected(one, responder.t, today=responder.today, payers=responder.payers)
    if not live:
        return views.gone([one.entry for one in booked], responder.t)
    answer = Captured(tuple(live))
    return views.captured(answer, responder.t, today=responder.today, payers=responder.payers)
