"""Define sessions, tokens and one-time links; of their secrets only digests are kept."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Table, Text

from storage.database.tables.base import metadata
from storage.database.types import Json, RowId, Utc

sessions = Table(
    "sessions",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("user_id", BigInteger, nullable=False, index=True),
    # Of what opened it: signing out ends all sessions of the same proof, and the proof.
    Column("proof", Text, nullable=False, index=True),
    Column("opened_at", Utc, nullable=False, index=True),
    Column("seen_at", Utc, nullable=False),
    Column("ends_at", Utc, nullable=False),
    Column("ended_at", Utc),
    sqlite_with_rowid=False,
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", Text, primary_key=True),
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), nullable=False, index=True),
    Column("user_id", BigInteger, nullable=False),
    Column("digest", Text, nullable=False, unique=True),
    Column("hint", Text, nullable=False),
    Column("scopes", Json, nullable=False),
    Column("made_at", Utc, nullable=False),
    Column("used_at", Utc),
    sqlite_with_rowid=False,
)

# One a person: a new link takes the place of an older one, and using it deletes it.
login_links = Table(
    "login_links",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", Text, nullable=False, unique=True),
    Column("expires_at", Utc, nullable=False, index=True),
)
