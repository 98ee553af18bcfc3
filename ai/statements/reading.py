"""Find the format of a file and read it; runs in the child process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ai.statements.camt import is_camt, read_camt
from ai.statements.decoding import decode
from ai.statements.mt940 import is_mt940, read_mt940
from ai.statements.ofx import is_ofx, read_ofx
from ledger.imports.kvitto_csv import is_kvitto_csv, read_kvitto_csv
from ledger.imports.rows import ImportRow, of_statement
from ledger.statements import (
    Knowledge,
    Statement,
    UnreadableRow,
    name_header,
    read_statement,
)
from ledger.statements.dialects import Row, split_rows
from ledger.statements.qif import FINGERPRINT, is_qif, read_qif
from ledger.statements.splitwise import is_splitwise, read_splitwise
from ports.statements import FileKind, FileKnowledge

_FORMATS: tuple[tuple[FileKind, Callable[[str], bool], Callable[[str], Statement]], ...] = (
    ("ofx", is_ofx, read_ofx),
    ("camt", is_camt, read_camt),
    ("mt940", is_mt940, read_mt940),
)
"""Formats that prove themselves; none of them needs a question."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A file's rows, before they are written for the parent."""

    kind: FileKind
    rows: list[ImportRow]
    unreadable: list[UnreadableRow]
    statement: Statement
    fingerprint: str = ""


def open_file(data: bytes, knowledge: FileKnowledge) -> Opened:
    """Read a file.

    Raises:
        MalformedError: The file breaks the rules of the format that it begins as.
    """
    text = decode(data)
    for kind, begins, read in _FORMATS:
        if begins(text):
            return _convert(kind, read(text), knowledge.currency)
    known = Knowledge(knowledge.today, knowledge.layouts, knowledge.answers)
    if is_qif(text):
        return _convert("qif", read_qif(text, known), knowledge.currency, FINGERPRINT)
    rows = split_rows(text)
    if is_kvitto_csv(rows):
        return _open_own(rows)
    if is_splitwise(rows):
        return _convert("splitwise", read_splitwise(rows), knowledge.currency)
    return _convert("bank_csv", read_statement(text, known), knowledge.currency, name_header(rows))


def _open_own(rows: Sequence[Row]) -> Opened:
    read = read_kvitto_csv(rows)
    return Opened(
        "kvitto_csv",
        [row for row in read if isinstance(row, ImportRow)],
        [row for row in read if isinstance(row, UnreadableRow)],
        Statement((), proved=True),
    )


def _convert(kind: FileKind, statement: Statement, currency: str, fingerprint: str = "") -> Opened:
    rows, unreadable = [], list(statement.unreadable)
    for row in statement.rows:
        converted = of_statement(row, currency)
        if converted:
            rows.append(converted)
        else:
            unreadable.append(UnreadableRow(row.line, row.payee, "zero"))
    # The parent needs no second copy of the rows.
    return Opened(kind, rows, unreadable, replace(statement, rows=()), fingerprint)
