"""Who may change an entry, and what an entry is after words corrected it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from ledger.entry import Entry, EntryType
from ledger.errors import NotAllowedError, NotFoundError
from ledger.money import Money
from ledger.text import Correction
from ports.repositories import Chat, Repositories
from services.booking import converted
from services.incoming_text import IncomingText


def live_entry(repositories: Repositories, chat: Chat, entry_id: str) -> Entry:
    """Return an entry that is in the ledger now. Raises `NotFoundError`."""
    entry = repositories.entries.get(chat.ledger_id, entry_id)
    if entry.deleted_at:
        raise NotFoundError("entry_gone")
    return entry


def may_change(chat: Chat, owner_id: int | None, user_id: int, *, is_admin: bool | None) -> bool:
    """Say whether a person may press a button: its author, and in groups the chat's admins."""
    return chat.kind == "private" or owner_id is None or owner_id == user_id or is_admin is True


def require_owner(repositories: Repositories, chat: Chat, entry: Entry, user_id: int) -> None:
    """Raise `NotAllowedError` unless this person may change this entry."""
    place = repositories.chats.find(chat.chat_id, user_id)
    is_admin = place.member.is_admin if place and place.member else None
    if not may_change(chat, entry.paid_by, user_id, is_admin=is_admin):
        raise NotAllowedError("not_your_entry")


def corrected(entry: Entry, words: Correction, written: IncomingText, now: datetime) -> Entry:
    """Return an entry with the corrected fields; what the words leave out stays."""
    currency = words.currency or entry.money.currency
    amount = entry.money.amount if words.amount is None else words.amount
    money = Money(amount, currency)
    spent_on = words.on or entry.spent_on
    category = entry.category if words.category is None else written.category_id(words.category)
    return replace(
        entry,
        money=money,
        spent_on=spent_on,
        base=converted(money, written.chat, spent_on),
        merchant=entry.merchant if words.merchant is None else words.merchant,
        note=entry.note if words.note is None else words.note,
        category=category,
        type=entry.type if words.category is None else type_of(category),
        updated_at=now,
    )


def type_of(category: str) -> EntryType:
    """Return the type that a category implies."""
    return "income" if category == "income" else "expense"
