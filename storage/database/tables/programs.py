"""Define the tables of programs that use the API."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, Table, Text

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

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), nullable=False, index=True),
    Column("user_id", BigInteger, nullable=False),
    Column("url", Text, nullable=False),
    # Not a digest, since every message is signed with it.
    Column("secret", Text, nullable=False),
    # The number of the last change that it was told.
    Column("position", BigInteger, nullable=False),
    Column("made_at", Utc, nullable=False),
    Column("failed_at", Utc),
    sqlite_with_rowid=False,
)
