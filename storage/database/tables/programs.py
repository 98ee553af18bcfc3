"""Define the tables of programs that use the API."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, Table, Text

from storage.database.tables.base import metadata
from storage.database.types import Json, RowId, StorableText, Utc

# Answers that are given again when a call of the same Idempotency-Key comes again.
replays = Table(
    "replays",
    metadata,
    # Digest of ledger, person and key.
    Column("id", Text, primary_key=True),
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), nullable=False, index=True),
    # Digest of the call, since a key belongs to one call.
    Column("request", Text, nullable=False),
    Column("made_at", Utc, nullable=False, index=True),
    # Empty within the unit that claims the key; no other unit sees the row then.
    Column("status", Integer),
    Column("headers", Json),
    Column("body", StorableText),
    sqlite_with_rowid=False,
)
