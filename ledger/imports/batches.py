"""Define the import of one file, from the moment it was sent until it is undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from ledger.statements import Layout, Property

ImportState = Literal[
    "reading",
    "asking",
    "ready",
    "writing",
    "done",
    "undoing",
    "undone",
    "redoing",
    "cancelled",
    "refused",
]

Status = Literal["new", "known", "probable", "doubtful", "missing"]
"""`known`: this very row was imported before. `probable`: an entry of the same amount lies within
a few days. `doubtful`: the bank's fee may belong to it. `missing`: an entry
of these days that no row of the file is."""

IMPORTED: frozenset[Status] = frozenset({"new", "doubtful"})
"""Rows that the first button imports; probable ones need a press of their own."""


@dataclass(frozen=True, slots=True)
class Example:
    """A row that the preview shows, with the entry that it may be."""

    on: date
    type: str
    minor: int
    currency: str
    words: str
    status: Status
    line: int
    entry_words: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """The content of a file compared with the ledger."""

    kind: str
    """Format of the file (`ports.statements.FileKind`)."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """Rows by `Status`."""
    sums: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Minor units of the rows to import, by type and currency."""
    examples: tuple[Example, ...] = ()
    unreadable: tuple[tuple[int, str, str], ...] = ()
    """Line, text and reason of rows that are not transactions."""
    unreadable_count: int = 0
    start: date | None = None
    end: date | None = None
    """First and last day of the rows."""
    fingerprint: str = ""
    layout: Layout | None = None
    choices: Mapping[Property, tuple[str, ...]] = field(default_factory=dict)
    alternatives: Mapping[Property, tuple[str, ...]] = field(default_factory=dict)
    column_names: tuple[str, ...] = ()
    proved: bool = False
    document: Mapping[str, int] | None = None
    """Numbers of budgets, corrections, rates and series of an own JSON export."""


@dataclass(frozen=True, slots=True)
class ImportBatch:
    """One imported file of a ledger. Its id is also that of the operation which undo reverses."""

    id: str
    ledger_id: int
    source: str
    """Source of the message with the file; a repeated update meets its own row."""
    user_id: int
    file_ref: str
    file_name: str
    state: ImportState
    created_at: datetime
    blob_key: str | None = None
    """Blob of the file as it was sent; deleted with the rows once the import has ended."""
    rows_key: str | None = None
    """Blob of the rows with their status, one a line."""
    position: int = 0
    """Rows that are written, or undone."""
    answers: Mapping[Property, str] = field(default_factory=dict)
    with_probable: bool = False
    with_links: bool = False
    """Rows that may be entries already are kept as those entries' own."""
    linked: int = 0
    """Entries that a row was kept for."""
    found: Found | None = None
    written: int = 0
    """Entries that were made."""
    kept: int = 0
    """Entries that undo left alone, because another person changed them since."""


def has_only_parts(batch: ImportBatch) -> bool:
    """Return whether an own JSON export brings no entry but other parts of a ledger."""
    is_whole = batch.found is not None and batch.found.document is not None
    return is_whole and not count_importable(batch, with_probable=True)


def count_importable(batch: ImportBatch, *, with_probable: bool) -> int:
    """Return how many rows an import makes into entries."""
    counts = batch.found.counts if batch.found else {}
    wanted = {*IMPORTED, "probable"} if with_probable else IMPORTED
    return sum(counts.get(status, 0) for status in wanted)
