"""Let a claimed push wait for its content, so that claiming many chats takes a moment.

Revision: 0016.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Add a column that is empty for every push that is done, and an index of the others."""
    op.add_column("pushes", sa.Column("due_at", UTC))
    waiting = sa.text("due_at IS NOT NULL")
    op.create_index(
        "ix_pushes_due_at",
        "pushes",
        ["due_at"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    # By which it is found that a shop is new to a ledger.
    named = sa.text("merchant IS NOT NULL")
    op.create_index(
        "ix_entries_merchant",
        "entries",
        ["ledger_id", "merchant", "spent_on"],
        sqlite_where=named,
        postgresql_where=named,
    )
