"""Define the table of insights that were told or refused."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Table, Text

from storage.database.tables.base import metadata
from storage.database.types import RowId, StorableText

# An insight that was told, once a month; one without a month was refused, and is kept forever. No day and
# no sum is kept, because a fact whose last digit moves must not come back as another one.
insight_marks = Table(
    "insight_marks",
    metadata,
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),
    Column("object", StorableText, primary_key=True),
    Column("month", Text, primary_key=True),
    Column("bucket", Text, nullable=False),
    sqlite_with_rowid=False,
)
