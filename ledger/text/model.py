"""Define the input and the results of the free-text grammar.

Ids instead of sentences: a reason, a question or a remark is named here and worded in the
catalogues. Nothing in here is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from ledger.budgets.budget import Carry
from ledger.categories import GROUPS
from ledger.periods.days import day_of
from ledger.periods.period import Period
from ledger.settings import Per

ChatKind = Literal["private", "group"]
Outcome = Literal["entries", "refused", "ignored", "ask"]
EntryKind = Literal["expense", "income"]
AskKind = Literal[
    "which_amount",
    "one_or_several",
    "million",
    "thousands",
    "date_or_amount",
    "minus_income",
    "spent_or_received",
    "unknown_currency",
    "total_differs",
    "record_anyway",
]
RemarkId = Literal["rounded", "computed", "date_in_words", "day_in_note", "currency_guessed"]
ReasonId = Literal[
    "no_amount",
    "zero",
    "limit",
    "malformed",
    "leading_zero",
    "not_a_number",
    "glued",
    "division_by_zero",
    "negative",
    "unknown_currency",
    "run",
    "time",
    "score",
    "percent",
    "version",
    "phone",
    "quantity",
    "ordinal",
    "naming",
    "address",
    "year",
    "date_only",
    "future_date",
    "bad_date",
    "question",
    "sentence",
    "code",
    "link",
    "poll",
    "bare",
    "middle",
    "too_long",
    "too_many",
    "ambiguous",
    "chatter",
    "greeting",
    "thanks",
    "other_command",
    "empty",
    "command",
    "correction",
    "debt",
    "spoken",
]


def _is_unknown(_note: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class TextContext:
    """The circumstances of a message, as its chat, sender and time."""

    chat_kind: ChatKind
    currency: str
    """The chat's default, ISO 4217."""
    sent_at: datetime
    """When the message was sent (aware), never when it is handled."""
    language: str = "en"
    """BCP 47 tag, with or without a region."""
    timezone: str = "UTC"
    """IANA name."""
    categories: tuple[str, ...] = ()
    """Every name by which the chat may call a category."""
    groups: tuple[str, ...] = GROUPS
    """Every name by which it may call a group of categories; only a budget names one."""
    addressed: bool = False
    """A mention of the bot or a reply to it."""
    command: bool = False
    """The text followed a command of the bot, so it is not tested for chatter."""
    known_words: frozenset[str] = frozenset()
    """Folded notes that were booked in this chat before; they show a group's message is money."""
    rejected_words: frozenset[str] = frozenset()
    """Folded notes that members deleted as soon as they were booked."""
    is_known_note: Callable[[str], bool] = _is_unknown
    """Returns True when a categoriser is sure about a note; called only for a group's messages."""
    thousands: bool | None = None
    """True when sums below the smallest coin mean thousands here; None asks."""

    @property
    def today(self) -> date:
        """Return the calendar day in the chat's time zone at which the message was sent."""
        return day_of(self.sent_at, self.timezone)

    @property
    def spoken_to(self) -> bool:
        """Return whether an answer is expected whatever the words mean."""
        return self.chat_kind == "private" or self.addressed or self.command


@dataclass(frozen=True, slots=True)
class Remark:
    """Something the answer must show so that no figure is silently bent.

    `rounded` (typed), `computed` (sum: the arithmetic as typed), `date_in_words` (typed: a date
    that fits day/month and month/day), `day_in_note` (typed: `on the 1st` stays in the note and is
    no date), `currency_guessed` (symbol: as typed, shared by several currencies; currency).
    """

    id: RemarkId
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ParsedEntry:
    """One expense or income as typed."""

    type: EntryKind
    amount: Decimal
    """Positive, at the currency's minor digits."""
    currency: str
    note: str
    on: date
    category: str | None = None
    """The chat's own spelling of the category that was named, None when none was."""
    tags: tuple[str, ...] = ()
    person: str | None = None
    remarks: tuple[Remark, ...] = ()
    currency_given: bool = False
    date_given: bool = False


@dataclass(frozen=True, slots=True)
class RefusedPart:
    """A part of the message that was not booked: its words and why."""

    words: str
    reason: ReasonId
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Why:
    """The reason of an outcome without entries."""

    id: ReasonId
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AskOption:
    """One answer to a question: what choosing it books."""

    entries: tuple[ParsedEntry, ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """One question with a button for each reading; `words` is the part that it is about."""

    kind: AskKind
    options: tuple[AskOption, ...]
    words: str = ""


@dataclass(frozen=True, slots=True)
class Parsed:
    """The meaning of one message.

    `entries` may are next to `refusals` and an `ask`: each part of a message is judged alone.
    A refusal that a person may overrule carries an ask of the kind `record_anyway`.
    """

    outcome: Outcome
    entries: tuple[ParsedEntry, ...] = ()
    refusals: tuple[RefusedPart, ...] = ()
    ask: Ask | None = None
    why: Why | None = None
    command: Command | None = None
    """The command in plain words, with the reason `command`."""
    correction: Correction | None = None
    """The change of the last entry that was typed without a reply, with the reason `correction`."""
    note: str = ""
    """The note of a message without an amount, with the reason `no_amount`."""


CommandKind = Literal[
    "undo",
    "delete_last",
    "delete",
    "summary",
    "how_much",
    "list",
    "help",
    "budget",
    "categories",
    "settings",
    "export",
]


@dataclass(frozen=True, slots=True)
class Command:
    """A command in plain words, and the words that follow it."""

    kind: CommandKind
    args: str = ""
    """The words that a slash command would be followed by: a period, a note and an amount."""


@dataclass(frozen=True, slots=True)
class Correction:
    """The changes that a reply makes to an entry; None leaves a field untouched."""

    amount: Decimal | None = None
    """Positive, at the minor digits of `currency`, or of the chat's currency without one."""
    currency: str | None = None
    on: date | None = None
    merchant: str | None = None
    category: str | None = None
    note: str | None = None
    tags: tuple[str, ...] = ()
    """Tags to add."""
    payer: str | None = None
    """The name of the member who paid, as typed."""
    tip: Decimal | None = None
    """An amount to add to the entry's."""
    type: EntryKind | None = None
    delete: bool = False
    old_amount: Decimal | None = None
    """The amount that is corrected: the 30 of `not 30 but 28`."""


@dataclass(frozen=True, slots=True)
class BudgetWords:
    """The words after /budget; without an amount or `off` they ask for the budget's state."""

    scope: str = ""
    """Category, group or member as typed (the chat's spelling where it is one of its names), `#tag`
    or `@name`; empty: all."""
    amount: Decimal | None = None
    currency: str | None = None
    per: Per | None = None
    """None where no period was named: a month for a new budget, any for other requests."""
    off: bool = False
    carry: Carry | None = None
    """The rests to carry over; None keeps them as they are."""
    trip: Period | None = None
    """The days of a trip, where they were typed."""
