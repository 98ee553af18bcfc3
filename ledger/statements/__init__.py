"""Read the transactions of a bank's file, whatever its separators, columns and order of day and month.

`read_statement` takes the text of a CSV file. Each property of the file is proved by the running
balance where there is one, else by all rows together, else it becomes a question.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.statements.layouts import Layout
from ledger.statements.values import (
    DayOrder,
    Property,
    SignRule,
    Statement,
    StatementRow,
    UnreadableRow,
    Why,
)

if TYPE_CHECKING:
    from ledger.statements.reading import Knowledge, name_header, open_statement, read_statement

__all__ = [
    "DayOrder",
    "Knowledge",
    "Layout",
    "Property",
    "SignRule",
    "Statement",
    "StatementRow",
    "UnreadableRow",
    "Why",
    "name_header",
    "open_statement",
    "read_statement",
]


def __getattr__(name: str) -> object:
    """Load the reading with its first use, since the bot leaves files to a process of their own."""
    if name not in __all__:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from ledger.statements import reading  # noqa: PLC0415  # the point of this function

    return getattr(reading, name)
