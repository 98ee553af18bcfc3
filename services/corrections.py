"""Corrections: an entry is changed by a button, by a reply, or taken out of the ledger."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from ledger.entry import Entry
from ledger.scopes import categories_of
from ledger.text import parse_correction
from ports.answers import Corrected, Deleted, Nothing, WhichCategory
from ports.repositories import Chat, Repositories
from services.booking import Booking, converted, shown
from services.budgets import settle, settle_alerts
from services.changing import corrected, live_entry, require_owner, type_of
from services.history import Recorder, begin
from services.incoming_text import IncomingText


@dataclass(frozen=True, slots=True)
class Corrections:
    """Changes entries that are booked."""

    booking: Booking

    def by_reply(
        self, repositories: Repositories, written: IncomingText, entry_id: str, *, now: datetime
    ) -> Corrected | WhichCategory | None:
        """Correct an entry by the words of a reply; None when they say nothing of the kind.

        A group of categories (`food`) is answered by the question which of them is meant.
        """
        words = parse_correction(written.text, written.context())
        group = written.group() if words is None else None
        if words is None and group is None:
            return None
        before = live_entry(repositories, written.chat, entry_id)
        require_owner(repositories, written.chat, before, written.user_id)
        if words is None:
            assert group is not None
            booked = self.booking.show(repositories, written.chat, before, now=now)
            found = categories_of(group, written.chat.settings.categories)
            return WhichCategory(booked, tuple(one for one in found if one))
        recorder = begin(repositories, written.chat, written.user_id, "correct", now)
        after = corrected(before, words, written, now)
        learned = False
        if words.category is not None:
            learned = self._learn(repositories, recorder, after, now)
        done = self._keep(
            repositories, written.chat, recorder, before, after, learned=learned, now=now
        )
        return replace(done, before=before)

    def means_one(self, written: IncomingText) -> bool:
        """Say whether a reply is a correction at all."""
        return bool(written.group() or parse_correction(written.text, written.context()))

    def category(
        self,
        repositories: Repositories,
        chat: Chat,
        user_id: int,
        entry_id: str,
        category: str,
        *,
        now: datetime,
    ) -> Corrected:
        """File an entry under another category and remember it for its note or merchant."""
        before = live_entry(repositories, chat, entry_id)
        require_owner(repositories, chat, before, user_id)
        after = replace(before, category=category, type=type_of(category), updated_at=now)
        recorder = begin(repositories, chat, user_id, "category", now)
        learned = self._learn(repositories, recorder, after, now)
        return self._keep(repositories, chat, recorder, before, after, learned=learned, now=now)

    def delete(
        self, repositories: Repositories, chat: Chat, user_id: int, entry_id: str, *, now: datetime
    ) -> Deleted | Nothing:
        """Mark an entry as deleted; a second press finds nothing to do."""
        before = repositories.entries.get(chat.ledger_id, entry_id)
        require_owner(repositories, chat, before, user_id)
        if before.deleted_at:
            return Nothing("already_deleted")
        after = replace(before, deleted_at=now, updated_at=now)
        repositories.entries.save(after)
        recorder = begin(repositories, chat, user_id, "delete", now)
        recorder.entry(before, after)
        recorder.write()
        settle_alerts(repositories, chat, [(before, after)], now=now)
        return Deleted(after)

    def move(
        self,
        repositories: Repositories,
        chat: Chat,
        user_id: int,
        entry_id: str,
        day: date,
        *,
        now: datetime,
    ) -> Corrected:
        """Move an entry to another day."""
        before = live_entry(repositories, chat, entry_id)
        require_owner(repositories, chat, before, user_id)
        base = converted(before.money, chat, day)
        after = replace(before, spent_on=day, base=base, updated_at=now)
        recorder = begin(repositories, chat, user_id, "correct", now)
        return self._keep(repositories, chat, recorder, before, after, learned=False, now=now)

    def restore(
        self, repositories: Repositories, chat: Chat, user_id: int, entry_id: str, *, now: datetime
    ) -> Corrected:
        """Bring a deleted entry back; one that is there is shown as it is."""
        before = repositories.entries.get(chat.ledger_id, entry_id)
        require_owner(repositories, chat, before, user_id)
        after = replace(before, deleted_at=None, updated_at=now) if before.deleted_at else before
        recorder = begin(repositories, chat, user_id, "restore", now)
        return self._keep(repositories, chat, recorder, before, after, learned=False, now=now)

    def _learn(
        self, repositories: Repositories, recorder: Recorder, entry: Entry, now: datetime
    ) -> bool:
        return self.booking.categorisation.learn(
            repositories, recorder, entry, entry.category, now=now
        )

    def _keep(
        self,
        repositories: Repositories,
        chat: Chat,
        recorder: Recorder,
        before: Entry,
        after: Entry,
        *,
        learned: bool,
        now: datetime,
    ) -> Corrected:
        repositories.entries.save(after)
        recorder.entry(before, after)
        recorder.write()
        standing = settle(repositories, chat, [(before, after)], now=now)
        return Corrected(shown(chat, after, standing.states[after.id]), standing.alerts, learned)
