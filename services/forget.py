"""Forgetting: the one hard delete, of a chat's whole ledger with its receipts."""

from __future__ import annotations

from ports.books import Books, Chat


def forget(books: Books, chat: Chat) -> tuple[str, ...]:
    """Delete everything of this ledger; return the blob keys that a job must delete.

    The next word in the chat begins an empty ledger.
    """
    return tuple(books.chats.forget(chat.ledger_id))
