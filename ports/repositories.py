"""Declare the repositories of one unit of work.

All methods are plain and synchronous: a unit runs them where its connection lives. They are
coarse, because a statement costs more than the Python around it. Rows never leave `storage`:
values of `ledger` and of this page go in and out. Methods named `get_` lock their row for the
rest of the unit and raise `NotFoundError`; `find_` may return None.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from ledger.budgets.budget import Budget
from ledger.chats import Chat, ChatKind, Ledger, Member, Presence
from ledger.entries.changes import Change, Operation
from ledger.entries.entry import Entry
from ledger.entries.queries import Coverage, Cursor, EntryFilter, Spending, Total
from ledger.imports.batches import ImportBatch
from ledger.imports.matching import Candidate
from ledger.periods.period import Period
from ledger.questions import Question
from ledger.rates.values import CurrencyPair, DayRates, OwnRate
from ledger.recurring.series import Series
from ledger.settings import PushKind, Settings
from ledger.statements import Layout
from ledger.stored_receipts import NamedReceipt, Receipt, ReceiptPicture
from ledger.text.rewriting import MessageVersion
from ports.categorising import Correction
from ports.messages import Action, Subject


@dataclass(frozen=True, slots=True)
class Keyboard:
    """The actions of the buttons of one message; callback data is `<id>:<position>`."""

    id: str
    chat_id: int
    owner_id: int | None
    actions: tuple[Action, ...]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A message that confirms entries; `entry_ids` in the order in which it names them."""

    chat_id: int
    message_key: str
    entry_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DueSchedule:
    """A schedule whose time has come."""

    id: int
    ledger_id: int
    kind: str
    subject_id: str
    """The thing that is due, where a ledger may have several of a kind; else empty."""
    due_at: datetime


@dataclass(frozen=True, slots=True)
class DuePushes:
    """Pushes whose time has come, of ledgers that differ in nothing that moves them."""

    kind: PushKind
    due_at: datetime
    settings: Settings
    last_period: str | None
    """The highest key of a period that is claimed already."""
    schedule_ids: tuple[int, ...]
    ledger_ids: tuple[int, ...]
    """In the order of the schedules."""


@dataclass(frozen=True, slots=True)
class WaitingPush:
    """A push that is claimed and waits for its content."""

    ledger_id: int
    kind: PushKind
    period_key: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class PinnedCard:
    """The pinned card of a ledger."""

    ledger_id: int
    message_key: str
    """The key of its latest edit."""
    edits: int
    fingerprint: str
    """Differs where it would show something else."""
    edited_at: datetime


class Chats(Protocol):
    """Chats, ledgers, settings and members."""

    def find(self, chat_id: int, user_id: int | None = None) -> Presence | None:
        """Return the chat with its ledger, and the member when there is one; one statement."""

    def add(
        self, chat_id: int, kind: ChatKind, title: str, settings: Settings, now: datetime
    ) -> Chat:
        """Give a chat a ledger of its own; a chat that has one keeps it."""

    def see(self, chat: Chat, member: Member, now: datetime) -> None:
        """Keep a member's name and language current; clears `left`; `is_admin` None keeps."""

    def members(self, ledger_id: int) -> list[Member]:
        """Return every member of a ledger, present or not."""

    def member(self, ledger_id: int, user_id: int) -> Member | None:
        """Return one member of a ledger, present or not."""

    def leave(self, chat_id: int, user_id: int, now: datetime) -> None:
        """Mark that a person has left the chat."""

    def set_admins(self, chat_id: int, user_ids: Sequence[int]) -> None:
        """Store the admins of a group; every other member is not an admin."""

    def save_settings(self, ledger_id: int, settings: Settings) -> None:
        """Replace a ledger's settings."""

    def rename(self, chat_id: int, title: str) -> None:
        """Keep a chat's title current."""

    def mute(self, chat_id: int, *, muted: bool) -> None:
        """Stop or resume sending to a chat."""

    def migrate(self, old_id: int, new_id: int) -> Ledger | None:
        """Let a supergroup go on with the ledger of the group it was; safe to repeat.

        Entries keep their source keys. Unsent messages and open questions follow to the new chat
        id. Return the ledger that the supergroup had begun of its own, if any: it has no chat from
        now on and must be merged in the same unit (`services.merging`).
        """

    def merge(self, kept_id: int, given_up_id: int) -> None:
        """Move every row of one ledger into another and delete it.

        Rows whose key the kept ledger has already (members, corrections, pushes) are dropped, and
        so are settings and schedules.
        """

    def of_ledger(self, ledger_id: int) -> Chat:
        """Return the chat where a ledger lives now. Raises `NotFoundError`."""

    def of_user(self, user_id: int) -> list[Chat]:
        """Return the chats of which a person is a present member."""

    def forget(self, ledger_id: int) -> list[str]:
        """Delete a ledger with all of its rows; return its blob keys.

        The chat itself gets no new ledger until somebody writes.
        """


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

    def new_merchants(self, ledger_id: int, period: Period, limit: int) -> list[str]:
        """Return merchants of a period that no earlier entry names, by name."""

    def was_booked(self, ledger_id: int, period: Period, *, since: datetime) -> bool:
        """Return whether a live entry is of a period, or near it and was booked since a moment."""

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


class Receipts(Protocol):
    """Receipts and their readings."""

    def add(self, receipt: Receipt) -> bool:
        """Insert; False when this source already has one (a repeated update)."""

    def get(self, ledger_id: int, receipt_id: str) -> Receipt:
        """Return and lock."""

    def find(self, ledger_id: int, receipt_id: str) -> Receipt | None:
        """Return without a lock."""

    def of_source(self, ledger_id: int, source: str) -> Receipt | None:
        """Return and lock the receipt that a message sent (`ledger.entries.source_keys`)."""

    def save(self, receipt: Receipt) -> None:
        """Write back caption, state, keys, text and reading."""

    def drop(self, ledger_id: int, receipt_id: str) -> bool:
        """Delete a receipt; its files become orphans. False when an entry was made of it."""

    def pictures(self, ledger_id: int, limit: int) -> list[ReceiptPicture]:
        """Return the pictures of the latest receipts that have a live entry, newest first."""

    def of_total(self, ledger_id: int, total: Decimal, currency: str, limit: int) -> list[Receipt]:
        """Return receipts with a live entry of this amount, newest first."""

    def changed(self, ledger_id: int, limit: int) -> list[NamedReceipt]:
        """Return readings with the merchants of their live entries, those changed latest first.

        Only entries that were changed since they were booked.
        """


class Operations(Protocol):
    """The append-only history, with one operation per update, with its changes."""

    def record(self, operation: Operation, changes: Sequence[Change]) -> None:
        """Append an operation; one without changes is kept only when it undoes another."""

    def last(self, ledger_id: int, user_id: int, *, undone: bool) -> Operation | None:
        """Return this user's newest operation that is done (for undo) or undone (for redo).

        For redo it is the one that was undone last, unless something was done after that.
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

    def settings_since(self, ledger_id: int, moment: datetime) -> list[Change]:
        """Return the changes of a ledger's settings after a moment, oldest first."""

    def author_of(self, ledger_id: int, entry_id: str) -> int | None:
        """Return the user who wrote an entry first; None for an entry without a history."""


class Budgets(Protocol):
    """Budgets and the alerts that were sent for them."""

    def list_all(self, ledger_id: int) -> list[Budget]:
        """Return the live budgets of a ledger, the total first, then by scope."""

    def find(self, ledger_id: int, budget_id: str) -> Budget | None:
        """Return a budget, live or not."""

    def put(self, budget: Budget, now: datetime) -> None:
        """Insert or replace the budget of this id (revives a removed one)."""

    def remove(self, ledger_id: int, budget_id: str, now: datetime) -> None:
        """Mark a budget as removed."""

    def alerted(self, budget_id: str, period_start: date) -> set[str]:
        """Return the keys of the thresholds that are alerted and not reset in a period."""

    def alert(self, budget_id: str, period_start: date, threshold: str, now: datetime) -> bool:
        """Claim an alert; False when it was sent in this generation already."""

    def spent(self, ledger_id: int, coverage: Coverage, period: Period) -> tuple[int, bool]:
        """Return spending less refunds in minor units of the ledger's currency.

        The flag tells whether some has no amount in that currency, so it is in no sum.
        """

    def spent_by_category(self, ledger_id: int, period: Period) -> dict[str, tuple[int, bool]]:
        """Return `spent` by category; those without spending are left out."""

    def spent_by_day(
        self, ledger_id: int, coverage: Coverage, period: Period
    ) -> tuple[dict[date, int], bool]:
        """Return `spent` by day; days without spending are left out."""

    def typed(self, ledger_id: int, coverage: Coverage, period: Period) -> list[Spending]:
        """Return spending less refunds as typed, by day and currency."""

    def apart(self, ledger_id: int, coverage: Coverage, period: Period) -> list[Spending]:
        """Return the part of `typed` that has no amount in the ledger's currency."""

    def reset(self, budget_id: str, period_start: date, thresholds: Sequence[str]) -> None:
        """Let thresholds alert again, after a correction brought the sum back under them."""


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


class Conversations(Protocol):
    """Buttons, questions, and the subjects of earlier messages."""

    def keyboard(self, keyboard_id: str) -> Keyboard | None:
        """Return the actions behind a keyboard, expired or not."""

    def ask(self, question: Question) -> None:
        """Keep a question open."""

    def question(self, ledger_id: int, question_id: str) -> Question | None:
        """Return a question, settled or not; `settle` tells the first answer from later ones."""

    def last_open(self, ledger_id: int, user_id: int) -> Question | None:
        """Return the newest question to a person that waits for an answer."""

    def list_open(self, ledger_id: int, limit: int) -> list[Question]:
        """Return questions that wait for an answer, the newest first."""

    def messages_of(self, question_id: str) -> tuple[str, ...]:
        """Return the keys of the messages that ask a question now."""

    def is_gone(self, message_key: str) -> bool:
        """Return whether a card could not be edited because its message is deleted."""

    def message_id(self, message_key: str) -> int | None:
        """Return Telegram's id of a message of the bot, None while it is unsent."""

    def settle(self, question_id: str) -> bool:
        """Close a question; False when it was closed before."""

    def version(self, ledger_id: int, source: str) -> MessageVersion | None:
        """Return and lock the newest version of a person's message, None without one."""

    def keep_version(self, version: MessageVersion) -> None:
        """Keep the newest version of a person's message, in place of the one before."""

    def subject(self, chat_id: int, message_id: int) -> tuple[str, Subject] | None:
        """Return key and subject of a message that the bot sent."""

    def was_queued(self, message_key: str) -> bool:
        """Return whether a message of this key was queued or sent."""

    def confirmations(self, entry_id: str, limit: int) -> list[Confirmation]:
        """Return the messages that show an entry now, with all that they show, newest first."""

    def confirmation(self, entry_id: str) -> Confirmation | None:
        """Return the newest message that confirms an entry, with all that it confirms."""


class Schedules(Protocol):
    """Keeps due times, one row per ledger, kind and subject."""

    def due(self, now: datetime, limit: int) -> list[DueSchedule]:
        """Return the schedules whose time has come, apart from pushes, longest waiting first."""

    def due_pushes(self, now: datetime, limit: int) -> list[DuePushes]:
        """Return and lock pushes whose time has come, at most so many, longest waiting first.

        Those that another process has locked are left out.
        """

    def plan(
        self, ledger_id: int, kind: str, due_at: datetime | None, *, subject_id: str = ""
    ) -> None:
        """Set when this is due next; None deletes the schedule."""

    def plan_many(self, schedule_ids: Sequence[int], due_at: datetime) -> None:
        """Set when these are due next, in one statement."""


class Pushes(Protocol):
    """Claims the periods that pushes cover, and keeps those that wait for their content."""

    def claim(
        self,
        ledger_id: int,
        kind: str,
        period_key: str,
        now: datetime,
        *,
        due_at: datetime | None = None,
    ) -> bool:
        """Claim the one push of a period; False when another process has claimed it.

        With `due_at` it waits for its content, without one it is done.
        """

    def claim_many(self, schedule_ids: Sequence[int], period_key: str, now: datetime) -> None:
        """Claim a period for the pushes of these schedules, in one statement; they wait.

        A ledger whose period is claimed already is left alone.
        """

    def waiting(self, limit: int) -> list[WaitingPush]:
        """Return and lock pushes that wait for their content, the oldest first."""

    def close(self, push: WaitingPush) -> None:
        """Mark a push as done."""

    def last_period(self, ledger_id: int, kind: str) -> str | None:
        """Return the key of the newest period that was claimed."""


@dataclass(frozen=True, slots=True)
class WaitingCurrency:
    """Entries of a ledger that are counted by a provisional rate, or by none."""

    ledger_id: int
    currency: str
    first_day: date


class RateTable(Protocol):
    """Published rates of all ledgers, and the chats' own."""

    def published(self, codes: Sequence[str], on: date, since: date) -> DayRates | None:
        """Return the latest day up to `on` that has all of these codes (at most two, no `EUR`).

        Days before `since` are not looked at.
        """

    def publish(self, days: Sequence[DayRates]) -> None:
        """Keep the rates of days; a code that a day has already gets the new rate."""

    def newest(self, codes: Sequence[str] = ()) -> DayRates | None:
        """Return the latest day that has these codes."""

    def own(self, ledger_id: int, pair: CurrencyPair, on: date) -> OwnRate | None:
        """Return the chat's own rate of a pair, in either direction, that counts on a day."""

    def list_own(self, ledger_id: int) -> list[OwnRate]:
        """Return all own rates of a ledger, by pair, the latest first."""

    def put_own(self, rate: OwnRate) -> None:
        """Insert, or replace the one of the same pair and day."""

    def remove_own(self, rate: OwnRate) -> None:
        """Delete an own rate."""

    def waiting(self) -> list[WaitingCurrency]:
        """Return where live entries wait for a better rate; `EUR` is one of the currencies."""


class Imports(Protocol):
    """Imported files, their layouts, and the shares that they name."""

    def add(self, batch: ImportBatch) -> bool:
        """Insert; False when this source has one already (a repeated update)."""

    def find(self, ledger_id: int, import_id: str) -> ImportBatch | None:
        """Return without a lock."""

    def get(self, ledger_id: int, import_id: str) -> ImportBatch:
        """Return and lock."""

    def save(self, batch: ImportBatch) -> None:
        """Write back everything that can change."""

    def layouts(self, ledger_id: int) -> dict[str, Layout]:
        """Return the layouts of earlier files by the fingerprint of their headers."""

    def keep_layout(self, ledger_id: int, fingerprint: str, layout: Layout) -> None:
        """Remember the layout of files with this header."""

    def links(self, ledger_id: int, source_keys: Sequence[str]) -> dict[str, str]:
        """Return the ids of entries by the source keys of rows that were kept as theirs."""

    def link(self, batch: ImportBatch, links: Sequence[tuple[str, str]]) -> None:
        """Keep rows, by source key, as those of entries until the import is undone."""

    def keep_shares(
        self, ledger_id: int, shares: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    ) -> None:
        """Keep the shares of entries by entry id; an entry that has some keeps them."""


class SeriesTable(Protocol):
    """Series of entries that come again, and the offers that were refused."""

    def list_all(self, ledger_id: int) -> list[Series]:
        """Return the series of a ledger that are not removed, the oldest first."""

    def lock_all(self, ledger_id: int) -> list[Series]:
        """Return and lock them."""

    def find(self, ledger_id: int, series_id: str, *, removed: bool = False) -> Series | None:
        """Return a series; one that was removed only on request."""

    def put(self, one: Series, now: datetime) -> None:
        """Insert or replace the series of this id (revives a removed one)."""

    def remove(self, ledger_id: int, series_id: str, now: datetime) -> None:
        """Mark a series as removed."""

    def advance(self, one: Series, booked_to: date) -> None:
        """Keep the day before which all occurrences are dealt with."""

    def refused(self, ledger_id: int) -> frozenset[str]:
        """Return the keys of offers that were refused."""

    def refuse(self, ledger_id: int, key: str) -> None:
        """Keep forever that an offer was refused."""


class PinnedCards(Protocol):
    """The pinned cards, one a ledger."""

    def find(self, ledger_id: int) -> PinnedCard | None:
        """Return the card of a ledger."""

    def put(self, card: PinnedCard) -> None:
        """Insert or replace the card of a ledger."""

    def remove(self, ledger_id: int) -> None:
        """Forget the card of a ledger."""


class Repositories(Protocol):
    """Every repository, on one connection."""

    @property
    def chats(self) -> Chats:
        """Chats, ledgers, members."""

    @property
    def entries(self) -> Entries:
        """Entries and sums."""

    @property
    def receipts(self) -> Receipts:
        """Receipts."""

    @property
    def operations(self) -> Operations:
        """History, undo."""

    @property
    def budgets(self) -> Budgets:
        """Budgets, alerts."""

    @property
    def corrections(self) -> Corrections:
        """Learned categories."""

    @property
    def conversations(self) -> Conversations:
        """Buttons, questions, message subjects."""

    @property
    def schedules(self) -> Schedules:
        """Moments at which something is due."""

    @property
    def pushes(self) -> Pushes:
        """Periods that were pushed."""

    @property
    def rates(self) -> RateTable:
        """Exchange rates."""

    @property
    def imports(self) -> Imports:
        """Imported files."""

    @property
    def pinned_cards(self) -> PinnedCards:
        """Pinned cards."""

    @property
    def series(self) -> SeriesTable:
        """Series of entries that come again."""
