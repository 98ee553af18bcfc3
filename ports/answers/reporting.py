"""Declare the answers that show entries and sums."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from ledger.budgets.budget import BudgetState
from ledger.chats import Member
from ledger.entries.entry import Entry
from ledger.entries.queries import EMPTY_FILTER, Cursor, EntryFilter
from ledger.highlights import Highlights
from ledger.money import Money
from ledger.periods.period import Period
from ledger.recurring.detection import Detected
from ledger.recurring.series import Series
from ledger.settings import Settings
from ledger.summary import Summary


@dataclass(frozen=True, slots=True)
class Summarised:
    """A summary with the budgets that run in it, for `/summary` and for pushes."""

    summary: Summary
    budgets: tuple[BudgetState, ...]
    settings: Settings
    kind: Literal["asked", "weekly", "monthly"] = "asked"
    open_questions: int = 0
    """Questions that wait for an answer; counted for pushes."""
    which: EntryFilter = EMPTY_FILTER
    """The entries that are summed up, where only some are; always with the period."""
    members: tuple[Member, ...] = ()
    latest: date | None = None
    """Day of the newest entry that the filter lets through in any period, where this one has none."""
    highlights: Highlights | None = None
    """The entries, categories and shops that stood out; found for pushes."""
    upcoming: tuple[tuple[Series, date], ...] = ()
    """Series of the week to come with their days; found for the weekly push."""
    offer: Detected | None = None
    """A series that could be made; found for the weekly push, now and then."""


@dataclass(frozen=True, slots=True)
class CardShown:
    """The figures of the pinned card, with the rest of each budget."""

    states: tuple[BudgetState, ...]
    month: Period
    spent: Money
    """The month's spending so far, shown where there are no budgets."""
    today: date


@dataclass(frozen=True, slots=True)
class Nudge:
    """The daily question what was spent, on a day without an entry."""

    open_questions: int = 0
    """Questions that wait for an answer."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of entries, newest first."""

    entries: tuple[Entry, ...]
    members: tuple[Member, ...]
    total: int
    first: int
    """Position of the first entry of this page, from 1."""
    next: Cursor | None
    which: EntryFilter
    """The entries asked for."""
    settings: Settings
    latest: date | None = None
    """Day of the newest entry that matches in any period, where this one has none."""
    is_unasked: bool = False
    """A search without words, which lists the latest entries."""
