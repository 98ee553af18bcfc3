"""Define the tables behind buttons, questions and cards."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
)

from storage.database.tables.base import NO, metadata
from storage.database.types import Json, RowId, Utc

keyboards = Table(
    "keyboards",
    metadata,
    Column("id", Text, primary_key=True),
    Column("chat_id", BigInteger, nullable=False, index=True),
    Column("owner_id", BigInteger),
    Column("actions", Json, nullable=False),
    Column("expires_at", Utc, nullable=False, index=True),
    sqlite_with_rowid=False,
)

questions = Table(
    "questions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), nullable=False, index=True),
    Column("user_id", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("values", Json, nullable=False),
    Column("asked_at", Utc, nullable=False, index=True),
    Column("settled", Boolean, nullable=False, server_default=NO),
)

message_entries = Table(
    "message_entries",
    metadata,
    Column("entry_id", Text, primary_key=True),
    Column("outbox_id", RowId, ForeignKey("outbox.id", ondelete="CASCADE"), primary_key=True),
    # The order of the entries in their message.
    Column("position", Integer, nullable=False),
    Index("ix_message_entries_outbox_id", "outbox_id"),
    sqlite_with_rowid=False,
)
