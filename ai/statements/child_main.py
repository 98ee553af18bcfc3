"""Read one file from stdin and write its rows to stdout; `ai.statements.process` runs it.

The first line of stdin holds the knowledge as JSON, the file follows until the end. Each line of stdout
is a row, written as soon as it is read; the last line says what the file is.
"""

from __future__ import annotations

import csv
import os
import sys
from dataclasses import replace
from typing import Any, BinaryIO

import orjson

from ai.child_limits import limit_resources
from ai.statements.decoding import NotTextError
from ai.statements.ofx import MalformedError
from ai.statements.reading import NoRowsError, Opened, UnknownXmlError, open_file
from ledger.imports.kvitto_json import DocumentError
from ledger.imports.rows import to_values
from ledger.statements import UnreadableRow
from ports.statements import UNREADABLE_LETTERS_MAX, UNREADABLE_MAX, FileKnowledge
from ports.stored_values import load_value

MEMORY_BYTES_MAX = 1_000_000_000
CPU_SECONDS_MAX = 60
_CELL_LETTERS_MAX = 100_000


def main() -> None:
    """Read, answer, end."""
    limit_resources(MEMORY_BYTES_MAX, CPU_SECONDS_MAX)
    csv.field_size_limit(_CELL_LETTERS_MAX)
    knowledge = load_value(FileKnowledge, orjson.loads(sys.stdin.buffer.readline()))
    # Libraries print what they doubt; it would stand between the rows.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    answer = read_statement(sys.stdin.buffer.read(), knowledge, answers)
    answers.write(orjson.dumps(answer))
    answers.close()


def read_statement(data: bytes, knowledge: FileKnowledge, answers: BinaryIO) -> dict[str, Any]:
    """Write the rows of a file, and return what it is, or why it is refused."""
    try:
        return _write_rows(open_file(data, knowledge), answers)
    except (MalformedError, DocumentError, csv.Error):
        return {"refusal": "file_malformed"}
    except NotTextError:
        return {"refusal": "not_text"}
    except UnknownXmlError:
        return {"refusal": "unknown_xml"}
    except NoRowsError:
        return {"refusal": "no_rows"}
    except (MemoryError, RecursionError):
        return {"refusal": "needs_too_much_memory"}


def _write_rows(opened: Opened, answers: BinaryIO) -> dict[str, Any]:
    """Write the rows, and return what the file is."""
    count, unreadable_count = 0, 0
    unreadable: list[UnreadableRow] = []
    for row in opened.rows:
        if isinstance(row, UnreadableRow):
            unreadable_count += 1
            if len(unreadable) < UNREADABLE_MAX:
                unreadable.append(replace(row, text=row.text[:UNREADABLE_LETTERS_MAX]))
        else:
            count += 1
            answers.write(orjson.dumps(to_values(row)) + b"\n")
    statement = opened.statement
    return {
        "kind": opened.kind,
        "row_count": count,
        "unreadable": unreadable,
        "unreadable_count": unreadable_count,
        "fingerprint": opened.fingerprint,
        "layout": statement.layout.to_json() if statement.layout else None,
        "choices": statement.choices,
        "alternatives": statement.alternatives,
        "column_names": statement.column_names,
        "proved": statement.proved,
        "document": opened.document,
    }


if __name__ == "__main__":
    main()
