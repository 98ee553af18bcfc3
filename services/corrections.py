"""Corrections: an entry is changed by a button, by a reply, or taken out of the ledger."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from ledger.entry import Entry, EntryType
from ledger.errors import NotAllowedError, NotFoundError
from ledger.money import Money
from ledger.text import Correction, parse_correction
from ports.answers import Corrected, Deleted, Nothing
from ports.books import Books, Chat
from services.booking import Booking, converted
from services.budgets import settle_alerts
from services.history import Recorder, begin
from services.written import Written


@dataclass(frozen=True, slots=True)
class Corrections:
    """Changes entries that are booked."""

    booking: Booking

    def by_reply(
        self, books: Books, written: Written, entry_id: str, *, now: datetime
    ) -> Corrected | None:
        """Correct an entry by the words of a reply; None when they say nothing of the kind."""
        words = parse_correction(written.text, written.context())
        if words is None:
            return None
        before = live_entry(books, written.chat, entry_id)
        recorder = begin(books, written.chat, written.user_id, "correct", now)
        after = corrected(before, words, written, now)
        learned = False
        if words.category is not None:
            learned = self._learn(books, recorder, after, now)
        return self._keep(books, written.chat, recorder, before, after, learned=learned, now=now)

    def category(
        self, books: Books, chat: Chat, user_id: int, entry_id: str, category: str, *, now: datetime
    ) -> Corrected:
        """File an entry under another category and remember it for its note or merchant."""
        before = live_entry(books, chat, entry_id)
        after = replace(before, category=category, type=_type_of(category), updated_at=now)
        recorder = begin(books, chat, user_id, "category", now)
        learned = self._learn(books, recorder, after, now)
        return self._keep(books, chat, recorder, before, after, learned=learned, now=now)

    def delete(
        self, books: Books, chat: Chat, user_id: int, entry_id: str, *, now: datetime
    ) -> Deleted | Nothing:
        """Mark an entry as deleted; a second press finds nothing to do."""
        before = books.entries.get(chat.ledger_id, entry_id)
        if before.deleted_at:
            return Nothing("already_deleted")
        after = replace(before, deleted_at=now, updated_at=now)
        books.entries.save(after)
        recorder = begin(books, chat, user_id, "delete", now)
        recorder.entry(before, after)
        recorder.write()
        settle_alerts(books, chat, [(before, after)], now=now)
        return Deleted(after)

    def _learn(self, books: Books, recorder: Recorder, entry: Entry, now: datetime) -> bool:
        return self.booking.filing.learn(books, recorder, entry, entry.category, now=now)

    def _keep(
        self,
        books: Books,
        chat: Chat,
        recorder: Recorder,
        before: Entry,
        after: Entry,
        *,
        learned: bool,
        now: datetime,
    ) -> Corrected:
        books.entries.save(after)
        recorder.entry(before, after)
        recorder.write()
        alerts = settle_alerts(books, chat, [(before, after)], now=now)
        return Corrected(self.booking.show(books, chat, after, now=now), alerts, learned)


def live_entry(books: Books, chat: Chat, entry_id: str) -> Entry:
    """Return an entry that is in the ledger now. Raises `NotFoundError`."""
    entry = books.entries.get(chat.ledger_id, entry_id)
    if entry.deleted_at:
        raise NotFoundError("entry_gone")
    return entry


def may_change(chat: Chat, owner_id: int | None, user_id: int, *, is_admin: bool | None) -> bool:
    """Say whether a person may press a button: its author, and in groups the chat's admins."""
    return chat.kind == "private" or owner_id is None or owner_id == user_id or is_admin is True


def require_owner(books: Books, chat: Chat, entry_id: str, user_id: int) -> None:
    """Raise `NotAllowedError` unless this person may change this entry."""
    entry = books.entries.get(chat.ledger_id, entry_id)
    place = books.chats.find(chat.chat_id, user_id)
    is_admin = place.member.is_admin if place and place.member else None
    if not may_change(chat, entry.paid_by, user_id, is_admin=is_admin):
        raise NotAllowedError("not_your_entry")


def corrected(entry: Entry, words: Correction, written: Written, now: datetime) -> Entry:
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
        type=_type_of(category) if words.category is not None else entry.type,
        updated_at=now,
    )


def _type_of(category: str) -> EntryType:
    return "income" if category == "income" else "expense"
