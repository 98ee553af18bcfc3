"""Keep series of entries that come again, and the offered ones that were refused.

Revision: 0021.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UTC = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Create two tables; nothing is in them."""
    op.create_table(
        "series",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("ledger_id", ROW_ID, nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("booked_to", sa.Date()),
        sa.Column("created_at", UTC, nullable=False),
        sa.Column("updated_at", UTC, nullable=False),
        sa.Column("removed_at", UTC),
        sa.ForeignKeyConstraint(["ledger_id"], ["ledgers.id"], name="fk_series_ledger_id"),
        sa.PrimaryKeyConstraint("id", name="pk_series"),
    )
    op.create_index("ix_series_ledger_id", "series", ["ledger_id"])
    op.create_table(
        "refused_series",
        sa.Column("ledger_id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["ledger_id"], ["ledgers.id"], name="fk_refused_series_ledger_id"),
        sa.PrimaryKeyConstraint("ledger_id", "key", name="pk_refused_series"),
        sqlite_with_rowid=False,
    )
