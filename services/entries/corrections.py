"""Correct or delete an entry by a button or by a reply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from ledger.budgets.scopes import categories_of
from ledger.entries.changes import Fields, with_fields
from ledger.entries.entry import Entry, Mark
from ledger.errors import NotFoundError
from ledger.money import Money
from ledger.text import Correction, parse_correction
from ports.answers import Booked, Corrected, Deleted, Nothing, WhichCategory
from services.entries.booking import Booking
from services.entries.changing import corrected, live_entry, require_owner, type_of
from services.entries.confirmations import find_confirmations
from services.entries.recording import Recorder, begin
from services.members import list_present
from services.reporting.watching import claim_alerts, update_budgets
from services.scope import Scope
from services.texts.incoming_text import IncomingText


@dataclass(frozen=True, slots=True)
class Corrections:
    """Changes entries that are booked."""

    booking: Booking

    def by_reply(
        self, scope: Scope, incoming: IncomingText, entry_id: str
    ) -> Corrected | Deleted | Nothing | WhichCategory | None:
        """Correct an entry by the words of a reply; None when they are not a correction.

        A group of categories (`food`) is answered by the question which of them is meant.
        """
        words = parse_correction(incoming.text, incoming.context(scope.settings))
        if words is not None:
            return self.by_words(scope, incoming, words, entry_id)
        group = incoming.group()
        if group is None:
            return None
        before = live_entry(scope, entry_id)
        require_owner(scope, before)
        booked = self.booking.show(scope, before)
        found = categories_of(group, scope.settings.categories)
        return WhichCategory(booked, tuple(one for one in found if one))

    def by_words(
        self,
        scope: Scope,
        incoming: IncomingText,
        words: Correction,
        entry_id: str,
        *,
        since: Fields | None = None,
    ) -> Corrected | Deleted | Nothing:
        """Correct an entry by words that were read; they may also delete it.

        `since` are the fields from before an earlier version of the words, which these replace.
        """
        if words.delete:
            return self.delete(scope, entry_id)
        before = live_entry(scope, entry_id)
        require_owner(scope, before)
        recorder = begin(scope, "correct")
        start = with_fields(before, since, now=scope.now) if since else before
        after = self.booking.categorisation.complete(
            scope, corrected(scope, start, words, incoming)
        )
        learned = False
        if words.category is not None:
            learned = self._learn(scope, recorder, after)
        done = self._keep(scope, recorder, before, after, learned=learned)
        return replace(done, before=before)

    def show(self, scope: Scope, entry_id: str) -> Booked:
        """Return an entry with its confirmation's details. Raises `NotFoundError`."""
        return self.booking.show(scope, live_entry(scope, entry_id))

    def means_one(self, scope: Scope, incoming: IncomingText) -> bool:
        """Return whether a reply is a correction at all."""
        return bool(
            incoming.group() or parse_correction(incoming.text, incoming.context(scope.settings))
        )

    def category(self, scope: Scope, entry_id: str, category: str) -> Corrected:
        """Give an entry another category and remember it for its note or merchant."""
        before = live_entry(scope, entry_id)
        require_owner(scope, before)
        after = replace(
            before,
            category=category,
            category_guessed=False,
            type=type_of(category),
            updated_at=scope.now,
        )
        recorder = begin(scope, "category")
        learned = self._learn(scope, recorder, after)
        return self._keep(scope, recorder, before, after, learned=learned)

    def delete(self, scope: Scope, entry_id: str) -> Deleted | Nothing:
        """Mark an entry as deleted; a second press finds nothing to do."""
        before = scope.repositories.entries.get(scope.ledger.id, entry_id)
        require_owner(scope, before)
        if before.deleted_at:
            return Nothing("already_deleted")
        after = replace(before, deleted_at=scope.now, updated_at=scope.now)
        scope.repositories.entries.save(after)
        recorder = begin(scope, "delete")
        recorder.entry(before, after)
        recorder.write()
        claim_alerts(scope, [(before, after)])
        return Deleted(after, find_confirmations(scope, self.booking, [after]))

    def move(self, scope: Scope, entry_id: str, day: date) -> Corrected:
        """Move an entry to another day, or confirm its day."""
        before = self._changeable(scope, entry_id)
        return self._set(scope, before, replace(before, spent_on=day), "date")

    def set_merchant(self, scope: Scope, entry_id: str, name: str) -> Corrected:
        """Set or confirm the shop of an entry."""
        before = self._changeable(scope, entry_id)
        return self._set(scope, before, replace(before, merchant=name), "merchant")

    def set_currency(self, scope: Scope, entry_id: str, code: str) -> Corrected:
        """Set or confirm the currency of an entry; its figure stays."""
        before = self._changeable(scope, entry_id)
        money = Money(before.money.amount, code)
        return self._set(scope, before, replace(before, money=money), "currency")

    def confirm_amount(self, scope: Scope, entry_id: str) -> Corrected:
        """Take the doubt from an entry's amount."""
        before = self._changeable(scope, entry_id)
        return self._set(scope, before, before, "amount")

    def set_payer(self, scope: Scope, entry_id: str, user_id: int) -> Corrected:
        """Set who paid an entry. Raises `NotFoundError` for somebody who is not a member now."""
        before = self._changeable(scope, entry_id)
        if user_id not in list_present(scope):
            raise NotFoundError("no_member")
        after = replace(before, paid_by=user_id, updated_at=scope.now)
        return self._keep(scope, begin(scope, "correct"), before, after, learned=False)

    def show_payers(self, scope: Scope, entry_id: str) -> tuple[Booked, Mapping[int, str]]:
        """Return an entry with the present members, who may have paid it."""
        return self.show(scope, entry_id), list_present(scope)

    def _changeable(self, scope: Scope, entry_id: str) -> Entry:
        entry = live_entry(scope, entry_id)
        require_owner(scope, entry)
        return entry

    def _set(self, scope: Scope, before: Entry, after: Entry, field: Mark) -> Corrected:
        """Keep an entry with one field set by a person, who thereby takes the doubt from it."""
        marks = tuple(mark for mark in after.marks if mark != field)
        after = replace(after, marks=marks, updated_at=scope.now)
        return self._keep(scope, begin(scope, "correct"), before, after, learned=False)

    def restore(self, scope: Scope, entry_id: str) -> Corrected:
        """Bring a deleted entry back; one that is there is shown as it is."""
        before = scope.repositories.entries.get(scope.ledger.id, entry_id)
        require_owner(scope, before)
        after = (
            replace(before, deleted_at=None, updated_at=scope.now) if before.deleted_at else before
        )
        recorder = begin(scope, "restore")
        return self._keep(scope, recorder, before, after, learned=False)

    def keep_fields(self, scope: Scope, before: Entry, after: Entry, *, learns: bool) -> Corrected:
        """Keep an entry of which several fields were changed at once, as one operation.

        With `learns` its category is remembered for its note or merchant.
        """
        recorder = begin(scope, "correct")
        learned = learns and self._learn(scope, recorder, after)
        return self._keep(scope, recorder, before, after, learned=learned)

    def _learn(self, scope: Scope, recorder: Recorder, entry: Entry) -> bool:
        return self.booking.categorisation.learn(scope, recorder, entry, entry.category)

    def _keep(
        self, scope: Scope, recorder: Recorder, before: Entry, after: Entry, *, learned: bool
    ) -> Corrected:
        if (before.money, before.spent_on) != (after.money, after.spent_on):
            after = self.booking.conversion.convert(scope, after)
        scope.repositories.entries.save(after)
        recorder.entry(before, after)
        recorder.write()
        outcome = update_budgets(scope, [(before, after)])
        return Corrected(
            self.booking.show(scope, after, outcome.states[after.id]),
            outcome.alerts,
            learned,
            confirmed=find_confirmations(scope, self.booking, [after] if recorder.changes else []),
        )
