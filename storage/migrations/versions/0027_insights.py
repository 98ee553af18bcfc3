"""Keep which insights were told, and which were refused forever.

Revision: 0027.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table; nothing was told before."""
    op.create_table(
        "insight_marks",
        sa.Column("ledger_id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("object", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("bucket", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["ledger_id"], ["ledgers.id"], name="fk_insight_marks_ledger_id"),
        sa.PrimaryKeyConstraint("ledger_id", "kind", "object", "month", name="pk_insight_marks"),
        sqlite_with_rowid=False,
    )
