"""Edits of the messages that entries were made from."""

from __future__ import annotations

from ledger.source_keys import telegram_source
from services.scope import Scope


def made_entries(scope: Scope, chat_id: int, message_id: int) -> bool:
    """Return whether a live entry was made from this message of Telegram."""
    source = telegram_source(chat_id, message_id)
    return scope.repositories.entries.has_source(scope.ledger.id, source)
