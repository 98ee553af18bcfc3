"""Keep the answers of API calls by their keys, and find the changes of a ledger in order.

Revision: 0025.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UTC = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Create a table, empty, and an index."""
    op.create_table(
        "replays",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("ledger_id", ROW_ID, nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("made_at", UTC, nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("headers", sa.JSON()),
        sa.Column("body", sa.Text()),
        sa.ForeignKeyConstraint(["ledger_id"], ["ledgers.id"], name="fk_replays_ledger_id"),
        sa.PrimaryKeyConstraint("id", name="pk_replays"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_replays_ledger_id", "replays", ["ledger_id"])
    op.create_index("ix_replays_made_at", "replays", ["made_at"])
    op.create_index("ix_changes_ledger_id_id", "changes", ["ledger_id", "id"])
