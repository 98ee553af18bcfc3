"""Declare the repositories of entries, of their history and of corrected categories."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Protocol

from ledger.entries.changes import Change, ChangedEntry, Operation, RecordedOperation
from ledger.entries.entry import Entry
from ledger.entries.queries import (
    Cursor,
    DaySum,
    EntryFilter,
    GroupColumn,
    GroupTotal,
    Total,
)
from ledger.imports.matching import Candidate
from ledger.periods.period import Period
from ports.categorising import Correction


class Entries(Protocol):
    """Stores entries, and alone knows the stored form of amounts."""

    def add(self, entries: Sequence[Entry]) -> list[Entry]:
        """Insert; an entry whose source key exists live is returned unchanged.

        One that exists but is deleted is revived with the new values under its old id.
        """

    def get(self, ledger_id: int, entry_id: str) -> Entry:
        """Return an entry, deleted or not, and lock it."""

    def find(self, ledger_id: int, entry_id: str) -> Entry | None:
        """Return an entry, deleted or not."""

    def of_ids(self, ledger_id: int, entry_ids: Sequence[str]) -> list[Entry]:
        """Return those of these entries that the ledger has, deleted or not, in no order."""

    def of_source(self, ledger_id: int, source: str) -> list[Entry]:
        """Return and lock the entries of a source, deleted or not, by their position in it."""

    def of_receipt(self, ledger_id: int, receipt_id: str) -> list[Entry]:
        """Return the live entries that were made of a receipt."""

    def save(self, entry: Entry) -> None:
        """Store every field of an entry that can change."""

    def known_sources(self, ledger_id: int, source_keys: Sequence[str]) -> set[str]:
        """Return those of these source keys that a live entry has."""

    def is_taken(self, entry_id: str) -> bool:
        """Return whether an entry of any ledger has this id."""

    def candidates(self, ledger_id: int, first: date, end: date) -> Iterator[Candidate]:
        """Yield the live entries of some days, with what an imported row is compared with."""

    def list_typed(self, ledger_id: int, first: date, end: date) -> Sequence[Candidate]:
        """Return the live entries of some days that no series has booked."""

    def page(
        self, ledger_id: int, which: EntryFilter, *, limit: int, after: Cursor | None = None
    ) -> list[Entry]:
        """Return a page, newest day first."""

    def count(self, ledger_id: int, which: EntryFilter) -> int:
        """Return how many entries match."""

    def stream(self, ledger_id: int, which: EntryFilter | None = None) -> Iterator[Entry]:
        """Yield live entries oldest first in bounded memory (chunks by key, no offset)."""

    def without_base(
        self, ledger_id: int, after: str, limit: int
    ) -> tuple[list[Entry], str | None]:
        """Return and lock entries without a base amount, and the source key to go on from.

        They come by source key, behind `after`, deleted ones too. A step looks at a bounded number
        of rows, so it may find none and still not be the last; the last one's key is None.
        """

    def of_currency(self, ledger_id: int, currency: str, after: Cursor, limit: int) -> list[Entry]:
        """Return and lock entries of a currency that is not their ledger's, deleted ones too.

        They begin behind the cursor, in the order of day and id.
        """

    def totals(
        self, ledger_id: int, period: Period, which: EntryFilter | None = None
    ) -> list[Total]:
        """Return sums by category and type, unconverted ones per currency.

        With `which` only the entries of the period that it lets through count.
        """

    def foreign_currencies(self, ledger_id: int) -> list[str]:
        """Return the other currencies than the ledger's in which entries were typed."""

    def days(self, ledger_id: int, period: Period) -> list[tuple[date, int]]:
        """Return spending per day, less refunds, in the ledger's minor units, days in order."""

    def daily(self, ledger_id: int, period: Period) -> list[DaySum]:
        """Return spending per day and category, less refunds, days in order."""

    def sums(
        self, ledger_id: int, period: Period, which: EntryFilter | None = None
    ) -> tuple[list[Total], list[tuple[date, int]]]:
        """Return `totals` and `days` of a period, which together cost hardly more than one."""

    def largest(
        self, ledger_id: int, which: EntryFilter, *, limit: int, typed_in: str | None = None
    ) -> list[Entry]:
        """Return matching entries of the largest base amounts, the largest first.

        With `typed_in` only those typed in that currency, by the amounts as typed.
        """

    def named(self, ledger_id: int, limit: int) -> tuple[list[str], list[str]]:
        """Return the merchants and the tags of so many latest entries, each once."""

    def smallest(self, ledger_id: int, which: EntryFilter, *, limit: int) -> list[Entry]:
        """Return matching entries of the smallest base amounts, the smallest first."""

    def grouped(self, ledger_id: int, which: EntryFilter, by: GroupColumn) -> list[GroupTotal]:
        """Return sums by a column, type and category; unconverted ones per currency."""

    def typed(self, ledger_id: int, which: EntryFilter) -> list[Total]:
        """Return sums of amounts as they were typed, by type, category and currency."""

    def ranked(self, ledger_id: int, which: EntryFilter, offset: int) -> int | None:
        """Return the base amount, in minor units, at a place from the smallest; None behind the last."""

    def new_merchants(self, ledger_id: int, period: Period, limit: int) -> list[str]:
        """Return merchants of a period that no earlier entry names, by name."""

    def was_booked(self, ledger_id: int, period: Period, *, since: datetime) -> bool:
        """Return whether a live entry is of a period, or near it and was booked since a moment."""

    def spent_by_payer(self, ledger_id: int, period: Period) -> dict[int, int]:
        """Return spending less refunds by who paid, in the ledger's minor units."""

    def has_income(self, ledger_id: int, period: Period) -> bool:
        """Return whether a period has a live income."""

    def notes(self, ledger_id: int, limit: int) -> list[tuple[str, bool]]:
        """Return notes of the latest entries, and whether they were kept.

        An entry that was deleted within minutes of being written was not kept; one that was deleted
        later is left out.
        """

    def first_day(self, ledger_id: int) -> date | None:
        """Return the day of the earliest live entry, None for an empty ledger."""

    def recent(self, ledger_id: int, limit: int) -> list[Entry]:
        """Return the live entries of the latest days, newest first, to learn their categories."""


class Operations(Protocol):
    """The append-only history, with one operation per update, with its changes."""

    def record(self, operation: Operation, changes: Sequence[Change]) -> None:
        """Append an operation; one without changes is kept only when it undoes another."""

    def last(
        self, ledger_id: int, user_id: int, *, undone: bool, by_hand: bool = False
    ) -> Operation | None:
        """Return this user's newest operation that is done (for undo) or undone (for redo).

        For redo it is the one that was undone last, unless something was done by hand after that.
        `by_hand` leaves out what the scheduler booked in the user's name.
        """

    def changes(self, operation_id: str) -> list[Change]:
        """Return the changes of an operation, in order."""

    def last_changed_by(
        self, ledger_id: int, subject: str, subject_id: str, but: Sequence[int]
    ) -> int | None:
        """Return the user of the latest change to a subject, apart from these users."""

    def extend(self, operation: Operation, changes: Sequence[Change]) -> None:
        """Append changes to an operation, which is made with the first of them."""

    def changes_from(self, operation_id: str, skip: int, limit: int) -> list[Change]:
        """Return some changes of an operation, in order."""

    def mark(self, operation_id: str, *, undone: bool) -> None:
        """Mark an operation as undone, or as done again."""

    def of_subject(self, ledger_id: int, subject: str, subject_id: str) -> list[Change]:
        """Return the history of one thing, oldest first."""

    def list_after(self, ledger_id: int, number: int, limit: int) -> list[RecordedOperation]:
        """Return the operations behind a number, in order."""

    def entries_since(self, ledger_id: int, number: int, limit: int) -> list[ChangedEntry]:
        """Return the entries of the changes behind a number, in order; one may stand twice.

        Numbers grow with the commits of a ledger, so a reader who goes on from the last one that it
        saw misses none.
        """

    def number_before(self, ledger_id: int, moment: datetime) -> int:
        """Return the number of the last change before a moment; 0 where there is none."""

    def last_number(self, ledger_id: int) -> int:
        """Return the number of the last change; 0 where there is none."""

    def settings_since(self, ledger_id: int, moment: datetime) -> list[Change]:
        """Return the changes of a ledger's settings after a moment, oldest first."""

    def author_of(self, ledger_id: int, entry_id: str) -> int | None:
        """Return the user who wrote an entry first; None for an entry without a history."""


class Corrections(Protocol):
    """Categories that a chat taught."""

    def find(self, ledger_id: int, keys: Sequence[tuple[str, str]]) -> list[Correction]:
        """Return the corrections for these (kind, key) pairs."""

    def list_all(self, ledger_id: int) -> list[Correction]:
        """Return all corrections, oldest first."""

    def put(self, ledger_id: int, correction: Correction, now: datetime) -> Correction | None:
        """Learn; return the correction that this key had before."""

    def remove(self, ledger_id: int, kind: str, key: str) -> None:
        """Unlearn (undo of a correction)."""
