"""Read one file from stdin and write its rows to stdout; `ai.statements.process` runs it.

The first line of stdin holds the knowledge as JSON, the file follows until the end. The first line of
stdout says what the file is, each further line is a row.
"""

from __future__ import annotations

import csv
import os
import sys
from typing import Any

import orjson
from pydantic import TypeAdapter

from ai.statements.ofx import MalformedError
from ai.statements.reading import Opened, open_file
from ledger.imports.rows import to_values
from ports.statements import UNREADABLE_MAX, FileKnowledge

MEMORY_BYTES_MAX = 1_000_000_000
CPU_SECONDS_MAX = 60
_CELL_LETTERS_MAX = 100_000


def main() -> None:
    """Read, answer, end."""
    _limit_resources()
    csv.field_size_limit(_CELL_LETTERS_MAX)
    knowledge = TypeAdapter(FileKnowledge).validate_json(sys.stdin.buffer.readline())
    # Libraries print what they doubt; it would stand between the rows.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        opened = open_file(sys.stdin.buffer.read(), knowledge)
    except (MalformedError, csv.Error):
        answers.write(orjson.dumps({"refusal": "file_malformed"}))
    except (MemoryError, RecursionError):
        answers.write(orjson.dumps({"refusal": "needs_too_much_memory"}))
    else:
        answers.write(orjson.dumps(_describe(opened)) + b"\n")
        answers.writelines(orjson.dumps(to_values(row)) + b"\n" for row in opened.rows)
    answers.close()


def _describe(opened: Opened) -> dict[str, Any]:
    statement = opened.statement
    return {
        "kind": opened.kind,
        "row_count": len(opened.rows),
        "unreadable": opened.unreadable[:UNREADABLE_MAX],
        "unreadable_count": len(opened.unreadable),
        "fingerprint": opened.fingerprint,
        "layout": statement.layout.to_json() if statement.layout else None,
        "choices": statement.choices,
        "proved": statement.proved,
    }


def _limit_resources() -> None:
    """Bound memory and time, and forbid core files, which would hold the statement."""
    try:
        import resource  # noqa: PLC0415 - absent on Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS_MAX, CPU_SECONDS_MAX + 5))


if __name__ == "__main__":
    main()
