"""Read the transactions of a bank's file, whatever its separators, columns and order of day and month.

`read_statement` takes the text of a CSV file. Each property of the file is proved by the running
balance where there is one, else by all rows together, else it becomes a question.
"""

from __future__ import annotations

from ledger.statements.layouts import Layout
from ledger.statements.reading import Knowledge, name_header, open_statement, read_statement
from ledger.statements.values import (
    DayOrder,
    Property,
    SignRule,
    Statement,
    StatementRow,
    UnreadableRow,
    Why,
)

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
