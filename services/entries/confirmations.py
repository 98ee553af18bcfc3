"""Find the messages that confirm entries, with the entries as they are now."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.entries.entry import Entry
from ports.answers import Confirmed
from services.entries.booking import Booking
from services.scope import Scope

MESSAGES_MAX = 10
"""Messages that one change edits; beyond, its own answer has to do."""


def find_confirmations(
    scope: Scope, booking: Booking, entries: Sequence[Entry]
) -> tuple[Confirmed, ...]:
    """Return every message of the ledger's chat that shows one of the entries, the newest first."""
    if not entries:
        return ()
    chat_id = scope.repositories.chats.of_ledger(scope.ledger.id).chat_id
    found: dict[str, Confirmed] = {}
    for entry in entries:
        for message in scope.repositories.conversations.confirmations(entry.id, MESSAGES_MAX):
            # A ledger may have moved: messages of the chat it left are not edited.
            if message.chat_id != chat_id or message.message_key in found:
                continue
            if len(found) == MESSAGES_MAX:
                return tuple(found.values())
            together = [
                scope.repositories.entries.find(scope.ledger.id, i) for i in message.entry_ids
            ]
            booked = tuple(booking.show(scope, one) for one in together if one is not None)
            found[message.message_key] = Confirmed(message.message_key, booked)
    return tuple(found.values())
