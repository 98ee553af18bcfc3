"""Find the messages that confirm entries, with the entries as they are now."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.entry import Entry
from ports.answers import Confirmed
from services.entries.booking import Booking
from services.scope import Scope

MESSAGES_MAX = 10
"""Messages that one change edits; beyond, its own answer has to do."""


def find_confirmations(
    scope: Scope, booking: Booking, entries: Sequence[Entry]
) -> tuple[Confirmed, ...]:
    """Return the newest confirmation of each entry in the ledger's chat, each message once."""
    if not entries:
        return ()
    chat_id = scope.repositories.chats.of_ledger(scope.ledger.id).chat_id
    found: list[Confirmed] = []
    seen: set[str] = set()
    for entry in entries:
        if entry.id in seen or len(found) == MESSAGES_MAX:
            continue
        newest = scope.repositories.conversations.confirmation(entry.id)
        # A ledger may have moved: messages of the chat it left are not edited.
        if newest is None or newest.chat_id != chat_id:
            continue
        seen.update(newest.entry_ids)
        together = [scope.repositories.entries.find(scope.ledger.id, i) for i in newest.entry_ids]
        booked = tuple(booking.show(scope, one) for one in together if one is not None)
        found.append(Confirmed(newest.message_key, booked))
    return tuple(found)
