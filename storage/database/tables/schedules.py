"""Define the tables of what is due later."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.database.tables.base import metadata, partial_index
from storage.database.types import Json, RowId, StorableText, Utc

series = Table(
    "series",
    metadata,
    Column("id", Text, primary_key=True),
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), nullable=False, index=True),
    # What a person can change, as the history holds it (`ledger.recurring.fields`).
    Column("fields", Json, nullable=False),
    # Progress, which no undo takes back: occurrences before this day are dealt with.
    Column("booked_to", Date),
    Column("created_at", Utc, nullable=False),
    Column("updated_at", Utc, nullable=False),
    Column("removed_at", Utc),
)

# Series that were offered and refused, kept forever.
refused_series = Table(
    "refused_series",
    metadata,
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), primary_key=True, autoincrement=False),
    Column("key", StorableText, primary_key=True),
    sqlite_with_rowid=False,
)

# Secret links to calendars. Only hashes are kept, so a copy of the database opens none.
calendar_feeds = Table(
    "calendar_feeds",
    metadata,
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), primary_key=True, autoincrement=False),
    Column("secret_hash", Text, nullable=False, unique=True),
    Column("made_by", BigInteger, nullable=False),
    Column("made_at", Utc, nullable=False),
)

schedules = Table(
    "schedules",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), nullable=False),
    Column("kind", Text, nullable=False),
    # The thing that is due, where a ledger has several of a kind; else empty.
    Column("subject_id", Text, nullable=False, server_default=text("''")),
    Column("due_at", Utc, nullable=False, index=True),
    UniqueConstraint("ledger_id", "kind", "subject_id"),
    sqlite_autoincrement=True,
)

pushes = Table(
    "pushes",
    metadata,
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("period_key", Text, primary_key=True),
    Column("claimed_at", Utc, nullable=False),
    # Its time, while it waits for its content; empty once it is done.
    Column("due_at", Utc),
    partial_index("ix_pushes_due_at", "due_at", where="due_at IS NOT NULL"),
)

pinned_cards = Table(
    "pinned_cards",
    metadata,
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), primary_key=True, autoincrement=False),
    # Of its latest edit, so that the message is still known when older rows are pruned.
    Column("message_key", Text, nullable=False),
    Column("edits", Integer, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("edited_at", Utc, nullable=False),
)
