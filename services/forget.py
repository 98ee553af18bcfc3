"""Forgetting: the one hard delete, of a chat's whole ledger with its receipts."""

from __future__ import annotations

from dataclasses import dataclass

from ports.books import Books, Chat
from ports.queue import NewJob
from ports.units import Unit


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What is gone, and the pictures that a job removes from the store."""

    blob_keys: tuple[str, ...]


def forget(books: Books, chat: Chat) -> Forgotten:
    """Delete everything of this ledger; the next word begins an empty one."""
    return Forgotten(tuple(books.chats.forget(chat.ledger_id)))


def sweep(unit: Unit, forgotten: Forgotten, act_id: str) -> None:
    """Let a job delete the pictures; the rows that named them are gone in this commit."""
    if forgotten.blob_keys:
        unit.start(NewJob(f"sweep:{act_id}", "delete_blobs", {"keys": list(forgotten.blob_keys)}))
