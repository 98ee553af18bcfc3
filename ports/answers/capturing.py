"""Declare the answers to messages that make, change or undo entries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ledger.budgets.budget import BudgetState
from ledger.budgets.thresholds import Alert
from ledger.entries.changes import Change
from ledger.entries.entry import Entry, Mark
from ledger.money import Money
from ledger.rates.values import OwnRate
from ledger.recurring.series import Series
from ledger.settings import Settings


@dataclass(frozen=True, slots=True)
class Remark:
    """A note that the answer must show, because a figure differs from the typed one.

    Ids: `rounded` (typed), `computed` (sum), `date_in_words`, `day_in_note` (typed),
    `currency_guessed` (symbol), `adds_up`, `not_converted`, `comes_again` (words),
    `booked_twice` (day).
    """

    id: str
    values: dict[str, str | int | Decimal | date]


@dataclass(frozen=True, slots=True)
class MarkedField:
    """A field that was booked in doubt, with its other candidates, the likeliest first."""

    field: Mark
    is_missing: bool = False
    """True when the paper lacks it: the day is the one of sending, the currency the chat's."""
    days: tuple[date, ...] = ()
    words: tuple[str, ...] = ()
    """Shops, or ISO 4217 codes."""


@dataclass(frozen=True, slots=True)
class Booked:
    """One entry with the details of its confirmation."""

    entry: Entry
    alternatives: tuple[str, ...] = ()
    """Other categories that it may have, where its own was guessed; offered as buttons."""
    marks: tuple[MarkedField, ...] = ()
    """The fields of its receipt that are shown as doubtful."""
    remarks: tuple[Remark, ...] = ()
    budgets: tuple[BudgetState, ...] = ()
    """The budgets that this entry counts in, the narrowest first."""
    today: Money | None = None
    """Spent on the running day, with this entry; only where the chat wants to see it."""
    line_count: int = 0
    """The number of lines on a receipt."""
    has_picture: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """A part of a message that was not booked, with the reason's id and its values."""

    words: str
    reason: str
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Option:
    """One candidate answer to a question: entries as they would be booked, or a value."""

    entries: tuple[Entry, ...] = ()
    """Not stored yet: shown by amount, note and date on the button."""
    amount: Decimal | None = None
    on: date | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with candidate buttons; a press or a typed reply settles it.

    Kinds: `which_amount`, `one_or_several`, `million` (`5m`), `date_or_amount`, `minus_income`,
    `record_anyway`, `receipt_total`, `receipt_date`, `receipt_currency`, `receipt_same`,
    `which_entry`, `did_you_mean` (a model's reading of refused words), `edited_away` (an edited
    message no longer says its entries).
    """

    question_id: str
    kind: str
    options: tuple[Option, ...]
    draft: Entry | None = None
    """The known facts of the entry asked about (a receipt's merchant, for example)."""
    receipt_id: str | None = None
    words: str = ""
    same_as: Entry | None = None
    """A booked entry that may be of the same receipt."""
    is_typed: bool = False
    """None of the options was right: the answer has to be typed."""
    user_id: int | None = None
    """The member who is asked."""
    about: tuple[Entry, ...] = ()
    """The booked entries that are asked about."""


@dataclass(frozen=True, slots=True)
class OpenQuestions:
    """The questions that wait for an answer, the newest first."""

    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Captured:
    """The entries, refusals and questions that a message or a receipt became."""

    booked: tuple[Booked, ...] = ()
    refused: tuple[Refused, ...] = ()
    asked: tuple[Asked, ...] = ()
    alerts: tuple[Alert, ...] = ()
    silent: bool = False
    """Chatter in a group, which gets no answer."""
    left_out: bool = False
    """A question was answered with "none of them": nothing is booked."""
    settled: tuple[str, ...] = ()
    """Keys of the messages that asked an answered question; they lose their buttons."""
    discarded: tuple[str, ...] = ()
    """Blob keys of a receipt that was deleted with its question; a job deletes them."""
    transcript: str = ""
    """The words of a voice note, shown with the answer."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A sent message that confirms entries, with the entries as they are now."""

    message_key: str
    booked: tuple[Booked, ...]


@dataclass(frozen=True, slots=True)
class Corrected:
    """An entry after a correction by button or reply."""

    booked: Booked
    alerts: tuple[Alert, ...] = ()
    learned: bool = False
    """The category will be remembered for this note or merchant."""
    before: Entry | None = None
    """The entry as it was, where words corrected it."""
    superseded: tuple[str, ...] = ()
    """Keys of its confirmations so far; the one said now takes their place."""
    confirmed: tuple[Confirmed, ...] = ()
    """Messages that show the entry, and have to follow."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry whose corrected fields outlived an edit of its message."""

    entry: Entry
    fields: tuple[str, ...]
    """Names of `ledger.entries.changes.entry_fields`; only `deleted` for one that stays so."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The entries of a message after its edit."""

    booked: tuple[Booked, ...]
    """In the order of the text, deleted ones too; those that went where the text says none."""
    changed: bool = False
    kept: tuple[Kept, ...] = ()
    main: str | None = None
    """Key of the card that shows the whole message; None without one."""
    confirmed: tuple[Confirmed, ...] = ()
    """The other messages that show these entries and have to follow."""
    refused: tuple[Refused, ...] = ()
    asked: tuple[Asked, ...] = ()
    alerts: tuple[Alert, ...] = ()
    settled: tuple[str, ...] = ()
    """Keys of the messages that asked about the older version; they lose their buttons."""


@dataclass(frozen=True, slots=True)
class CommandHint:
    """The slash command for a request that was made in plain words or mistyped."""

    command: str
    """Without its slash."""
    mistyped: str = ""
    """The command as typed, where it is none."""


@dataclass(frozen=True, slots=True)
class Deleted:
    """An entry that was taken out of the ledger (and can come back by undo)."""

    entry: Entry
    confirmed: tuple[Confirmed, ...] = ()
    """Messages that show the entry, and have to follow."""


@dataclass(frozen=True, slots=True)
class Reversed:
    """An operation that undo reversed or redo repeated; `changes` are as applied now."""

    verb: str
    """Verb of the reversed operation: `capture`, `receipt`, `correct`, `delete`, `budget`, …"""
    changes: tuple[Change, ...]
    entries: tuple[Entry, ...]
    """Entries touched, as they are now."""
    before: tuple[Entry, ...] = ()
    """The same entries as they were before, in the same order."""
    redo: bool = False
    alerts: tuple[Alert, ...] = ()
    settings: Settings | None = None
    budgets: tuple[BudgetState, ...] = ()
    """Budgets that are set again, as they are now."""
    rates: tuple[tuple[OwnRate, bool], ...] = ()
    """Own rates, and whether each counts now."""
    series: tuple[tuple[Series, bool], ...] = ()
    """Series, and whether each is there now."""
    budgets_gone: tuple[BudgetState, ...] = ()
    """Budgets that are removed, as they were."""
    confirmed: tuple[Confirmed, ...] = ()
    """Messages that show these entries and have to follow."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """The answer when nothing was to be done; `reason` is a sentence's id (`nothing_to_undo`)."""

    reason: str


@dataclass(frozen=True, slots=True)
class ReceiptRefused:
    """A file that gave no entry, and why; an amount can be typed instead."""

    reason: str
    values: dict[str, str | int]
    question_id: str | None = None
    discarded: tuple[str, ...] = ()
    """Blob keys of a picture that shows no receipt; a job deletes them."""


@dataclass(frozen=True, slots=True)
class WhichCategory:
    """The categories of a group that a reply named where a single category is needed."""

    booked: Booked
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WhichUndo:
    """The question whether undo means what was booked by itself, or the person's last change."""

    operation_id: str
    """The booking."""
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class WhichEntry:
    """The entries to choose from when a correction replies to a message about several."""

    entries: tuple[Entry, ...]
    words: str
