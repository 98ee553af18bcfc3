"""Schedules with an id and a subject: a ledger may have several of a kind.

Revision: 0004.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UTC = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Replace the table, since its key changes; a ledger has two rows, so the copy is quick."""
    op.execute("CREATE TEMPORARY TABLE kept AS SELECT ledger_id, kind, due_at FROM schedules")
    op.drop_table("schedules")
    op.create_table(
        "schedules",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("ledger_id", ROW_ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("due_at", UTC, nullable=False),
        sa.ForeignKeyConstraint(["ledger_id"], ["ledgers.id"], name="fk_schedules_ledger_id"),
        sa.PrimaryKeyConstraint("id", name="pk_schedules"),
        sa.UniqueConstraint(
            "ledger_id", "kind", "subject_id", name="uq_schedules_ledger_id_kind_subject_id"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_schedules_due_at", "schedules", ["due_at"])
    op.execute(
        "INSERT INTO schedules (ledger_id, kind, due_at)"
        " SELECT ledger_id, kind, due_at FROM kept ORDER BY ledger_id, kind"
    )
    op.execute("DROP TABLE kept")
