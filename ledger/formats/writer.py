"""Define how a format writes a ledger as text, an entry at a time.

A writer never holds the entries. It sorts each into a part (a currency, a year, or the only one),
and says what stands before and behind a part once all entries were seen.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from ledger.categories import find_category
from ledger.entries.entry import Entry
from ledger.entries.queries import EMPTY_FILTER, EntryFilter
from ledger.formats.table import guard
from ledger.money import Money


@dataclass(frozen=True, slots=True)
class LedgerFacts:
    """The facts about a ledger that its files show."""

    key: str
    currency: str
    members: Mapping[int, str]
    """Display names by user id."""
    categories: Mapping[str, str]
    """Names of the ledger's own categories by id."""
    now: datetime
    title: str = ""
    """The chat's title, for documents that people print."""
    which: EntryFilter = EMPTY_FILTER
    """The entries asked for."""
    document: Mapping[str, Any] = field(default_factory=dict)
    """Everything but the entries (settings, budgets), as JSON."""
    shares: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    """Names and amounts of everybody's share by entry id; for a format that holds them."""


@dataclass(slots=True)
class Part:
    """One part of an export, with its extent; `key` is what the writer sorts by."""

    key: str
    first: date
    last: date
    rows: int = 0

    def count(self, entry: Entry) -> None:
        """Count an entry that is written."""
        day = entry.spent_on
        if day > self.last:
            self.last = day
        elif day < self.first:
            self.first = day
        self.rows += 1


class FormatWriter:
    """Writes one export; a format overrides what it has."""

    def __init__(self, facts: LedgerFacts) -> None:
        self.facts = facts

    def part_of(self, entry: Entry) -> str:
        """Return the key of the part that holds an entry."""
        _ = entry
        return ""

    def head(self) -> str:
        """Return the beginning of a file."""
        return ""

    def begin(self, part: Part) -> str:
        """Return what stands before the entries of a part."""
        _ = part
        return ""

    def entry(self, entry: Entry) -> str:
        """Return one entry. It is called once for each, oldest first."""
        raise NotImplementedError

    def end(self, part: Part) -> str:
        """Return what stands behind the entries of a part."""
        _ = part
        return ""

    def foot(self) -> str:
        """Return the end of a file."""
        return ""


class _Echo:
    """A file whose `write` returns its text, which `csv.writer` then returns for a row."""

    def write(self, line: str) -> str:
        """Return the line."""
        return line


_ROWS = csv.writer(_Echo(), lineterminator="\r\n")


def csv_line(cells: Iterable[str]) -> str:
    """Return a line of RFC 4180, with CRLF."""
    # `csv` returns whatever the file's `write` returned, which typeshed declares as Any.
    line: str = _ROWS.writerow(cells)
    return line


def inert_line(cells: Iterable[str]) -> str:
    """Return a line whose cells a spread sheet shows and never runs. For text cells alone."""
    return csv_line(map(guard, cells))


def counted_money(entry: Entry) -> Money:
    """Return the amount by which an entry counts, in the ledger's currency or else as typed.

    Other programs keep one currency an account, so amounts without a rate need one of their own.
    """
    return entry.base.money if entry.base else entry.money


def is_converted(entry: Entry) -> bool:
    """Return whether an entry was typed in another currency than it counts in."""
    return counted_money(entry).currency != entry.money.currency


def signed(entry: Entry, money: Money) -> Money:
    """Return an amount with a sign, negative for expenses."""
    return money if entry.type == "income" else Money(-money.amount, money.currency)


def category_words(category: str, own: Mapping[str, str]) -> str:
    """Return a category in English words, or the ledger's own name; empty where there is none."""
    if category in own:
        return own[category]
    if find_category(category):
        return category.replace("_", " ").capitalize()
    return category


def one_line(text: str) -> str:
    """Return a text without line breaks and control characters, its spaces joined."""
    plain = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(plain.split())


def hashtags(entry: Entry) -> str:
    """Return the tags of an entry as `#trip #rome`."""
    return " ".join(f"#{tag.removeprefix('#')}" for tag in entry.tags)


def words_of(entry: Entry, own: Mapping[str, str]) -> str:
    """Return one line that says what an entry is, which is never empty."""
    return one_line(entry.title) or category_words(entry.category, own) or entry.type
