"""Say when the pinned card of a ledger is to be looked at."""

from __future__ import annotations

from datetime import timedelta

from services.scope import Scope

KIND = "card"
EVERY = timedelta(minutes=1)
"""Between two edits: edits count against the 20 messages a minute that a group may get."""


def refresh_card(scope: Scope) -> None:
    """Bring the card's next edit forward, after a change to the ledger; two statements at most."""
    if not scope.settings.card_on:
        return
    card = scope.repositories.pinned_cards.find(scope.ledger.id)
    due = max(scope.now, card.edited_at + EVERY) if card else scope.now
    scope.repositories.schedules.plan(scope.ledger.id, KIND, due)


def switch_card(scope: Scope) -> None:
    """Plan to send or remove the card after its setting changed."""
    scope.repositories.schedules.plan(scope.ledger.id, KIND, scope.now)
