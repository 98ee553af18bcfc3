"""Define the tables of ledgers, chats and members."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Table,
    Text,
)

from storage.database.tables.base import NO, metadata
from storage.database.types import Json, RowId, StorableText, Utc

ledgers = Table(
    "ledgers",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    # Next to the settings, because sums are checked against it in SQL.
    Column("currency", Text, nullable=False),
    Column("settings", Json, nullable=False),
    Column("created_at", Utc, nullable=False),
    sqlite_autoincrement=True,
)

chats = Table(
    "chats",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    # Empty for a chat that is only known to be muted.
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), index=True),
    Column("kind", Text, nullable=False),
    Column("title", StorableText, nullable=False),
    Column("muted", Boolean, nullable=False, server_default=NO),
    # The supergroup that this group became; the row stays, so that late messages find the ledger.
    Column("migrated_to", BigInteger),
)

members = Table(
    "members",
    metadata,
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), primary_key=True),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", StorableText, nullable=False),
    Column("username", StorableText),
    Column("language", StorableText),
    Column("is_admin", Boolean),
    Column("left", Boolean, nullable=False, server_default=NO),
    Column("seen_at", Utc, nullable=False),
    Index("ix_members_user_id", "user_id"),
)
