"""Define the tables of what changed."""

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
    text,
)

from storage.database.tables.base import NO, metadata, partial_index
from storage.database.types import Json, RowId, StorableText, Utc

operations = Table(
    "operations",
    metadata,
    Column("seq", RowId, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("verb", Text, nullable=False),
    Column("at", Utc, nullable=False),
    Column("undoes", Text, ForeignKey("operations.id")),
    Column("undone", Boolean, nullable=False, server_default=NO),
    # Without gaps in its ledger; the digest is empty for operations of before it was kept.
    Column("number", Integer),
    Column("digest", Text),
    # chat, page, api, mail, import or clock; empty for operations of before it was kept.
    Column("via", Text),
    Index("ix_operations_ledger_id_number", "ledger_id", "number", unique=True),
    Index("ix_operations_ledger_id_user_id_seq", "ledger_id", "user_id", "seq"),
    partial_index("ix_operations_undoes", "undoes", where="undoes IS NOT NULL"),
    sqlite_autoincrement=True,
)

# What a check compares rows with (`repositories.evidence`): counts and digests.
evidence = Table(
    "evidence",
    metadata,
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), primary_key=True, autoincrement=False),
    Column("operations", Integer, nullable=False, server_default=text("0")),
    Column("receipts", Integer, nullable=False, server_default=text("0")),
    Column("settings_digest", Text),
)

changes = Table(
    "changes",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("operation_id", Text, ForeignKey("operations.id"), nullable=False, index=True),
    Column("ledger_id", RowId, nullable=False),
    Column("subject", Text, nullable=False),
    Column("subject_id", StorableText, nullable=False),
    Column("before", Json),
    Column("after", Json),
    # For readers that go on from the last change which they saw.
    Index("ix_changes_ledger_id_id", "ledger_id", "id"),
    Index("ix_changes_subject_id", "subject_id", "subject", "ledger_id"),
    sqlite_autoincrement=True,
)

# The newest version of each message that was edited, or that corrected or completed an entry.
message_versions = Table(
    "message_versions",
    metadata,
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), primary_key=True),
    Column("source", StorableText, primary_key=True),
    Column("edited_at", Utc, nullable=False, index=True),
    Column("said", Json, nullable=False),
    sqlite_with_rowid=False,
)
