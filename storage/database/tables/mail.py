"""Define the table of addresses for mail."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from storage.database.tables.base import metadata
from storage.database.types import RowId, Utc

mail_addresses = Table(
    "mail_addresses",
    metadata,
    Column("id", Text, primary_key=True),
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("address", Text, nullable=False, index=True),
    # Not a digest, since every mail carries it; it can do nothing but end the mail.
    Column("stop_key", Text, nullable=False, unique=True),
    Column("made_at", Utc, nullable=False),
    Column("code_digest", Text, nullable=False),
    Column("code_until", Utc),
    Column("tries_left", Integer, nullable=False),
    Column("confirmed_at", Utc),
    Column("weekly_on", Boolean, nullable=False),
    Column("mailed_period", Text, nullable=False),
    UniqueConstraint("ledger_id", "user_id"),
    sqlite_with_rowid=False,
)
