"""Find the format of a file and read it; runs in the child process."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import chain

from ai.statements.camt import is_camt, read_camt
from ai.statements.decoding import decode
from ai.statements.mt940 import is_mt940, read_mt940
from ai.statements.ofx import is_ofx, read_ofx
from ledger.imports.kvitto_csv import (
    DIALECT,
    begins_kvitto_csv,
    is_kvitto_csv,
    read_kvitto_csv,
)
from ledger.imports.kvitto_json import LedgerDocument, is_kvitto_json, read_kvitto_json
from ledger.imports.rows import ImportRow, of_statement
from ledger.statements import (
    Knowledge,
    Statement,
    StatementRow,
    UnreadableRow,
    name_header,
    open_statement,
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


_FUTURE_DAYS_MAX = 366
"""Days after today beyond which a row's day is not real; banks print 9999 where one is missing."""


class UnknownXmlError(ValueError):
    """The file is XML or HTML, and not a statement of a known format."""


class NoRowsError(ValueError):
    """The file is empty, or a header alone."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A file's rows, before they are written for the parent."""

    kind: FileKind
    rows: Iterator[ImportRow | UnreadableRow]
    """Made one by one, so that a long file costs little memory; read once."""
    statement: Statement
    fingerprint: str = ""
    document: LedgerDocument | None = None


def open_file(data: bytes, knowledge: FileKnowledge) -> Opened:
    """Read a file.

    Raises:
        MalformedError: The file breaks the rules of the format that it begins as.
        NoRowsError: No row can have a day or an amount.
        NotTextError: The file is packed, or of another kind.
        UnknownXmlError: It is XML or HTML of no known format.
    """
    text = decode(data)
    for kind, begins, read in _FORMATS:
        if begins(text):
            return _convert(kind, read(text), knowledge)
    if is_kvitto_json(text):
        document, entries = read_kvitto_json(text)
        return Opened("kvitto_json", entries, Statement((), proved=True), document=document)
    if text.lstrip("\ufeff \r\n\t").startswith("<"):
        raise UnknownXmlError
    known = Knowledge(knowledge.today, knowledge.layouts, knowledge.answers)
    if is_qif(text):
        return _convert("qif", read_qif(text, known), knowledge, FINGERPRINT)
    if not any(letter.isdigit() for letter in text):
        raise NoRowsError
    rows = split_rows(text, DIALECT if begins_kvitto_csv(text) else None)
    if is_kvitto_csv(rows):
        return _open_own(rows)
    if is_splitwise(rows):
        return _convert("splitwise", read_splitwise(rows), knowledge)
    del text
    fingerprint = name_header(rows)
    statement, lines = open_statement(rows, known)
    return Opened("bank_csv", _list_rows(lines, knowledge), statement, fingerprint)


def _open_own(rows: Sequence[Row]) -> Opened:
    return Opened("kvitto_csv", iter(read_kvitto_csv(rows)), Statement((), proved=True))


def _convert(
    kind: FileKind, statement: Statement, knowledge: FileKnowledge, fingerprint: str = ""
) -> Opened:
    read: Iterable[StatementRow | UnreadableRow] = chain(statement.unreadable, statement.rows)
    bare = replace(statement, rows=(), unreadable=())
    return Opened(kind, _list_rows(read, knowledge), bare, fingerprint)


def _list_rows(
    rows: Iterable[StatementRow | UnreadableRow], knowledge: FileKnowledge
) -> Iterator[ImportRow | UnreadableRow]:
    last = knowledge.today + timedelta(days=_FUTURE_DAYS_MAX)
    for row in rows:
        if isinstance(row, UnreadableRow):
            yield row
        elif row.on > last:
            yield UnreadableRow(row.line, f"{row.on} {row.payee}", "too_old")
        else:
            yield of_statement(row, knowledge.currency) or UnreadableRow(
                row.line, row.payee, "zero"
            )
