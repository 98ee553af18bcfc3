"""Declare the socket that reads files of other programs and of banks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, Protocol

from ledger.receipt.reading import FileRefusal
from ledger.statements import Layout, Property, UnreadableRow

FileKind = Literal[
    "kvitto_csv", "kvitto_json", "splitwise", "ofx", "qif", "mt940", "camt", "bank_csv"
]
"""Format of a file; part of the source keys of its entries, so a name never changes."""

UNREADABLE_MAX = 200
"""Rows that are named one by one; all are counted."""
UNREADABLE_LETTERS_MAX = 500


@dataclass(frozen=True, slots=True)
class FileKnowledge:
    """Everything that is known before a file is opened."""

    today: date
    currency: str
    """Counts where the file names none."""
    layouts: Mapping[str, Layout] = field(default_factory=dict)
    """Layouts of earlier files by the fingerprint of their headers."""
    answers: Mapping[Property, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReadFile:
    """The rows of a file, and all that is asked or said about it."""

    kind: FileKind
    rows: bytes
    """One line of JSON for each row, as `ledger.imports.rows.to_values` writes it."""
    row_count: int
    unreadable: tuple[UnreadableRow, ...] = ()
    unreadable_count: int = 0
    fingerprint: str = ""
    layout: Layout | None = None
    choices: Mapping[Property, tuple[str, ...]] = field(default_factory=dict)
    alternatives: Mapping[Property, tuple[str, ...]] = field(default_factory=dict)
    column_names: tuple[str, ...] = ()
    document: Mapping[str, Any] | None = None
    """Everything of an own JSON export but its entries (`ledger.imports.kvitto_json`)."""
    proved: bool = False


class StatementReader(Protocol):
    """Reads files that hold transactions."""

    async def read(self, data: bytes, knowledge: FileKnowledge) -> ReadFile | FileRefusal:
        """Read a file of any known format; one that is temporary refused may be tried again."""
