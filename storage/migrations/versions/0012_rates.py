"""Exchange rates by day, the chats' own rates, and how final the rate of an entry is.

Revision: 0012.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the tables and the column; the indexes hold entries in foreign currencies alone."""
    op.create_table(
        "daily_rates",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("per_euro", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_daily_rates"),
    )
    op.create_table(
        "own_rates",
        sa.Column("ledger_id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("pair", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["ledger_id"], ["ledgers.id"], name="fk_own_rates_ledger_id"),
        sa.PrimaryKeyConstraint("ledger_id", "pair", "starts_on", name="pk_own_rates"),
        sqlite_with_rowid=False,
    )
    op.add_column("entries", sa.Column("rate_kind", sa.Text(), nullable=True))
    _create_index("ix_entries_provisional", ["ledger_id", "spent_on"], "rate_kind = 'provisional'")
    _create_index(
        "ix_entries_foreign",
        ["ledger_id", "currency", "spent_on", "id"],
        "(base_currency IS NULL OR base_currency <> currency)",
    )


def _create_index(name: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(
        name, "entries", columns, sqlite_where=condition, postgresql_where=condition
    )
