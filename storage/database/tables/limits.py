"""Define the tables of budgets and their alerts."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Integer,
    Table,
    Text,
    text,
)

from storage.database.tables.base import NO, metadata
from storage.database.types import Json, RowId, Utc

budgets = Table(
    "budgets",
    metadata,
    Column("id", Text, primary_key=True),
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), nullable=False, index=True),
    Column("scope", Text, nullable=False),
    Column("per", Text, nullable=False),
    Column("limit_minor", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("carry", Text, nullable=False, server_default=text("'none'")),
    # The first day from which rests are carried, and former limits (`ledger.budgets.budget.LimitStep`).
    Column("carry_from", Date),
    Column("steps", Json, nullable=False, server_default=text("'[]'")),
    # The first and last day of a trip.
    Column("starts_on", Date),
    Column("ends_on", Date),
    Column("updated_at", Utc, nullable=False),
    Column("removed_at", Utc),
    # How many alerts were sent, so that a lost one is noticed.
    Column("alerts", Integer, nullable=False, server_default=text("0")),
)

alerts = Table(
    "alerts",
    metadata,
    Column("budget_id", Text, ForeignKey("budgets.id"), primary_key=True),
    Column("period_start", Date, primary_key=True),
    # `80%`, or a sum in minor units with its currency (`ledger.budgets.thresholds`).
    Column("threshold", Text, primary_key=True),
    # How often this threshold was reset before in the period: the claim is unique per generation.
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("reset", Boolean, nullable=False, server_default=NO),
    Column("alerted_at", Utc, nullable=False),
)
