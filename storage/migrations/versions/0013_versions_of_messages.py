"""Keep the newest version of an edited message, so that the next edit is told from a correction.

Revision: 0013.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UTC = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Add the table; messages from before have no version and are read from the history."""
    op.create_table(
        "message_versions",
        sa.Column("ledger_id", ROW_ID, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("edited_at", UTC, nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ledger_id"], ["ledgers.id"], name=op.f("fk_message_versions_ledger_id")
        ),
        sa.PrimaryKeyConstraint("ledger_id", "source", name=op.f("pk_message_versions")),
        sqlite_with_rowid=False,
    )
