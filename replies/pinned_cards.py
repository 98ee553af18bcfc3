"""Send the pinned card of a chat, edit it, and have it pinned."""

from __future__ import annotations

from ports.jobs import PinCard, new_job
from ports.messages import Outgoing
from ports.units import UnitOfWork
from presentation import views
from presentation.localizer import localizer_for
from services.reporting.pinned_cards import CardUpdate


def send_card(unit: UnitOfWork, update: CardUpdate) -> None:
    """Queue a card or its edit; a new one is pinned, one that was switched off unpinned."""
    t, key, chat_id = (
        localizer_for(update.chat.settings),
        update.card.message_key,
        update.chat.chat_id,
    )
    reply = views.card(update.shown, t) if update.shown else views.card_off(t)
    unit.send(Outgoing(chat_id, key, reply, edits=update.edits, kind="card"))
    if update.is_new or update.shown is None:
        job = PinCard(chat_id, key, pinned=update.is_new)
        unit.start(new_job(job, key, chat_id))
