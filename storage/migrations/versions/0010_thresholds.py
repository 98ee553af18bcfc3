"""Alert at sums too: an alert's key names its threshold in full (`80%`, `70000EUR`).

Revision: 0010.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Replace the table, since its key changes; a budget has a few rows a period."""
    op.execute(
        "CREATE TEMPORARY TABLE kept AS SELECT budget_id, period_start, percent, generation,"
        ' "reset", alerted_at FROM alerts'
    )
    op.drop_table("alerts")
    op.create_table(
        "alerts",
        sa.Column("budget_id", sa.Text(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("threshold", sa.Text(), nullable=False),
        sa.Column("generation", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reset", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("alerted_at", UTC, nullable=False),
        sa.ForeignKeyConstraint(["budget_id"], ["budgets.id"], name="fk_alerts_budget_id"),
        sa.PrimaryKeyConstraint(
            "budget_id", "period_start", "threshold", "generation", name="pk_alerts"
        ),
    )
    op.execute(
        'INSERT INTO alerts (budget_id, period_start, threshold, generation, "reset", alerted_at)'
        " SELECT budget_id, period_start, CAST(percent AS TEXT) || '%', generation,"
        ' "reset", alerted_at FROM kept'
    )
    op.execute("DROP TABLE kept")
