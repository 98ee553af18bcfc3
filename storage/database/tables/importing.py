"""Define the tables of imported files."""

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
    text,
)

from storage.database.tables.base import NO, metadata, partial_index
from storage.database.types import Json, RowId, StorableText, Utc

imports = Table(
    "imports",
    metadata,
    # The id of the operation that holds its changes, so that undo finds the import.
    Column("id", Text, primary_key=True),
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), nullable=False),
    Column("source", StorableText, nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("file_ref", StorableText, nullable=False),
    Column("file_name", StorableText, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("blob_key", Text),
    Column("rows_key", Text),
    Column("position", Integer, nullable=False),
    Column("written", Integer, nullable=False),
    Column("kept", Integer, nullable=False),
    Column("with_probable", Boolean, nullable=False),
    Column("with_links", Boolean, nullable=False, server_default=NO),
    Column("linked", Integer, nullable=False, server_default=text("0")),
    Column("answers", Json, nullable=False),
    Column("found", Json),
    UniqueConstraint("ledger_id", "source"),
    partial_index("ix_imports_blob_key", "blob_key", where="blob_key IS NOT NULL"),
    partial_index("ix_imports_rows_key", "rows_key", where="rows_key IS NOT NULL"),
)

import_layouts = Table(
    "import_layouts",
    metadata,
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), primary_key=True),
    Column("fingerprint", Text, primary_key=True),
    Column("layout", Json, nullable=False),
)

# Rows of files that are entries made by another way, such as one that a person typed.
import_links = Table(
    "import_links",
    metadata,
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), primary_key=True),
    Column("source_key", StorableText, primary_key=True),
    Column("entry_id", Text, ForeignKey("entries.id"), nullable=False, index=True),
    Column("import_id", Text, ForeignKey("imports.id"), nullable=False, index=True),
)
