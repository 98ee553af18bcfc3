"""Define the tables of calls to paid readers and of their challengers."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    Table,
    Text,
)

from storage.database.tables.base import metadata
from storage.database.types import RowId, Utc

# Rows outlive their ledger, since costs stay costs; the chat_id of a forgotten chat becomes 0.
ai_calls = Table(
    "ai_calls",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("service", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("month", Text, nullable=False),
    Column("called_at", Utc, nullable=False),
    # Millionths of a US dollar: the most it can cost, until the call is over.
    Column("cost_micros", BigInteger, nullable=False),
    Column("input_tokens", Integer, nullable=False),
    Column("output_tokens", Integer, nullable=False),
    Column("milliseconds", Integer, nullable=False),
    Column("outcome", Text, nullable=False),  # open, ok, failed
    Index("ix_ai_calls_called_at", "called_at", "cost_micros"),
    Index("ix_ai_calls_chat_id", "chat_id", "called_at"),
    sqlite_autoincrement=True,
)


# Counts alone: nothing here leads to a chat.
shadow_evaluations = Table(
    "shadow_evaluations",
    metadata,
    Column("champion", Text, primary_key=True),
    Column("challenger", Text, primary_key=True),
    Column("filed", BigInteger, nullable=False),
    Column("filed_alike", BigInteger, nullable=False),
    Column("corrected", BigInteger, nullable=False),
    Column("corrected_alike", BigInteger, nullable=False),
    Column("champion_right", BigInteger, nullable=False),
    Column("challenger_right", BigInteger, nullable=False),
    Column("since_at", Utc, nullable=False),
    sqlite_with_rowid=False,
)
