"""Define the tables of entries and their receipts."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.database.tables.base import FOREIGN_CONDITION, NO, metadata, partial_index
from storage.database.types import Json, RowId, StorableText, Utc

receipts = Table(
    "receipts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), nullable=False),
    Column("source", StorableText, nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("file_ref", StorableText, nullable=False),
    Column("file_name", StorableText, nullable=False),
    Column("caption", StorableText, nullable=False),
    Column("state", Text, nullable=False),
    Column("received_at", Utc, nullable=False),
    Column("blob_key", Text),
    Column("clean_key", Text),
    Column("sha256", Text),
    Column("picture_print", Text),
    Column("text", StorableText, nullable=False),
    Column("reading", Json),
    UniqueConstraint("ledger_id", "source"),
    Index("ix_receipts_ledger_id_sha256", "ledger_id", "sha256"),
    partial_index("ix_receipts_blob_key", "blob_key", where="blob_key IS NOT NULL"),
    partial_index("ix_receipts_clean_key", "clean_key", where="clean_key IS NOT NULL"),
)

entries = Table(
    "entries",
    metadata,
    Column("id", Text, primary_key=True),
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), nullable=False),
    Column("type", Text, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("base_minor", BigInteger),
    Column("base_currency", Text),
    Column("rate", Text),
    Column("rate_on", Date),
    # provisional, own; empty for a published rate that is final.
    Column("rate_kind", Text),
    Column("spent_on", Date, nullable=False),
    Column("note", StorableText, nullable=False),
    Column("merchant", StorableText),
    Column("category", Text, nullable=False),
    Column("category_guessed", Boolean, nullable=False, server_default=NO),
    Column("tags", Json, nullable=False),
    Column("marks", Json, nullable=False, server_default=text("'[]'")),
    Column("paid_by", BigInteger, nullable=False),
    Column("source", Text, nullable=False),
    # Its origin, so that a repeated message is booked once (`ledger.entries.source_keys`).
    Column("source_key", StorableText, nullable=False),
    Column("receipt_id", Text, ForeignKey("receipts.id")),
    Column("created_at", Utc, nullable=False),
    Column("updated_at", Utc, nullable=False),
    Column("deleted_at", Utc),
    # Note, merchant and #tags, folded and cut by `ledger.entries.searching`, since SQLite knows only the
    # case of ASCII letters and PostgreSQL indexes no long rows.
    Column("search", StorableText, nullable=False),
    UniqueConstraint("ledger_id", "source_key"),
    # Covers every sum; it ends with `deleted_at` so that no row has to be looked at.
    Index(
        "ix_entries_summary",
        "ledger_id",
        "spent_on",
        "type",
        "category",
        "base_currency",
        "base_minor",
        "deleted_at",
    ),
    # Holds the searched text of every live entry in the order of pages: a search reads it from end
    # to end, which takes 20 ms for 100,000 entries, and never the rows.
    partial_index(
        "ix_entries_search", "ledger_id", "spent_on", "id", "search", where="deleted_at IS NULL"
    ),
    partial_index("ix_entries_receipt_id", "receipt_id", where="receipt_id IS NOT NULL"),
    partial_index(
        "ix_entries_merchant", "ledger_id", "merchant", "spent_on", where="merchant IS NOT NULL"
    ),
    partial_index(
        "ix_entries_unconverted",
        "ledger_id",
        "spent_on",
        where="base_minor IS NULL AND deleted_at IS NULL",
    ),
    partial_index(
        "ix_entries_provisional", "ledger_id", "spent_on", where="rate_kind = 'provisional'"
    ),
    partial_index(
        "ix_entries_foreign", "ledger_id", "currency", "spent_on", "id", where=FOREIGN_CONDITION
    ),
)

corrections = Table(
    "corrections",
    metadata,
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("key", StorableText, primary_key=True),
    Column("category", Text, nullable=False),
    Column("learned_at", Utc, nullable=False),
)

# Shares of an entry as an imported file names them; nothing reads them before splits are built.
entry_shares = Table(
    "entry_shares",
    metadata,
    Column("entry_id", Text, ForeignKey("entries.id"), primary_key=True),
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), nullable=False, index=True),
    Column("shares", Json, nullable=False),
)
