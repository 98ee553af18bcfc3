"""Keep one message of a chat up to date that shows what is left; the chat has it pinned.

The card is edited in place, at most once a minute, by a schedule that changes to the ledger bring
forward; at midnight it is looked at in any case. A card that somebody deleted is sent again only
when it is switched on again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from ledger.chats import Chat
from ledger.entries.queries import Coverage
from ledger.money import Money
from ledger.periods.schedule import instant_of
from ports.answers import CardShown
from ports.repositories import DueSchedule, PinnedCard
from services.ids import new_id
from services.reporting.budgets import show
from services.reporting.card_schedule import KIND
from services.scope import Scope


@dataclass(frozen=True, slots=True)
class CardUpdate:
    """A card to send or to edit in the same unit."""

    chat: Chat
    card: PinnedCard
    """As it is from now on; its message key is that of this update."""
    shown: CardShown | None
    """None when it was switched off: it says so once, and is unpinned."""
    edits: str | None
    """The key of the message that it replaces; None for a message of its own."""
    is_new: bool = False
    """True for a card that is still to be pinned."""


def begin_card(scope: Scope, edits: str | None) -> CardUpdate:
    """Show the card at once, in the place of a message where one is given.

    An edit can be repeated without harm, so no kill makes a second card of a pressed button.
    """
    chat = scope.repositories.chats.of_ledger(scope.ledger.id)
    shown = show_left(scope)
    key = f"card-{new_id(scope.now)}"
    card = PinnedCard(scope.ledger.id, key, 0, _fingerprint(shown), scope.now)
    scope.repositories.pinned_cards.put(card)
    _plan_midnight(scope)
    return CardUpdate(chat, card, shown, edits, is_new=True)


def take(scope: Scope, chat: Chat, row: DueSchedule) -> Sequence[object]:
    """Update the card of a schedule that is due, and plan its next time."""
    _ = row
    card = scope.repositories.pinned_cards.find(scope.ledger.id)
    if not scope.settings.card_on:
        return _end(scope, chat, card)
    _plan_midnight(scope)
    if chat.muted:
        return ()
    if card is None:
        return (begin_card(scope, None),)
    if scope.repositories.conversations.is_gone(card.message_key):
        return _give_up(scope)
    return _edit(scope, chat, card)


def show_left(scope: Scope) -> CardShown:
    """Return what is left of each budget; without budgets, what the month has cost so far."""
    states = show(scope).states
    month = scope.settings.calendar.of("month", scope.today)
    spent = 0
    if not states:
        spent, _ = scope.repositories.budgets.spent(scope.ledger.id, Coverage(), month)
    return CardShown(states, month, Money.of_minor(spent, scope.ledger.currency), scope.today)


def _edit(scope: Scope, chat: Chat, card: PinnedCard) -> Sequence[CardUpdate]:
    shown = show_left(scope)
    if _fingerprint(shown) == card.fingerprint:
        return ()
    update = _follow(scope, chat, card, shown)
    scope.repositories.pinned_cards.put(update.card)
    return (update,)


def _follow(scope: Scope, chat: Chat, card: PinnedCard, shown: CardShown | None) -> CardUpdate:
    """Return the next edit of a card, whose key follows from the one before."""
    first, edits = card.message_key.partition(":")[0], card.edits + 1
    after = replace(
        card,
        message_key=f"{first}:{edits}",
        edits=edits,
        fingerprint=_fingerprint(shown),
        edited_at=scope.now,
    )
    return CardUpdate(chat, after, shown, card.message_key)


def _end(scope: Scope, chat: Chat, card: PinnedCard | None) -> Sequence[CardUpdate]:
    """Take the card away after it was switched off."""
    scope.repositories.schedules.plan(scope.ledger.id, KIND, None)
    if card is None:
        return ()
    scope.repositories.pinned_cards.remove(scope.ledger.id)
    return (_follow(scope, chat, card, None),)


def _give_up(scope: Scope) -> Sequence[CardUpdate]:
    """Switch the card of a message off that a person deleted."""
    off = replace(scope.settings, card_on=False)
    scope.repositories.chats.save_settings(scope.ledger.id, off)
    scope.repositories.pinned_cards.remove(scope.ledger.id)
    scope.repositories.schedules.plan(scope.ledger.id, KIND, None)
    return ()


def _plan_midnight(scope: Scope) -> None:
    """Look at the card when the next day begins, as it counts the days that are left."""
    tomorrow = datetime.combine(scope.today + timedelta(days=1), time(0))
    at = instant_of(tomorrow, scope.settings.timezone)
    scope.repositories.schedules.plan(scope.ledger.id, KIND, at)


def _fingerprint(shown: CardShown | None) -> str:
    """Return a text that differs where the card would show something else."""
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:32]
