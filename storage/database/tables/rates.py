"""Define the tables of exchange rates."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Table,
    Text,
)

from storage.database.tables.base import metadata
from storage.database.types import RowId

# A row of the whole day is a seventh of the size of a row per currency, and one look-up gives both
# sides of a cross rate.
daily_rates = Table(
    "daily_rates",
    metadata,
    Column("day", Date, primary_key=True),
    # JSON of decimal texts by code, kept as text because a look-up searches it for its codes.
    Column("per_euro", Text, nullable=False),
)

own_rates = Table(
    "own_rates",
    metadata,
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), primary_key=True, autoincrement=False),
    # Both codes in the order of the alphabet, so that either direction finds it.
    Column("pair", Text, primary_key=True),
    Column("starts_on", Date, primary_key=True),
    Column("source", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)
