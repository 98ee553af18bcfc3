"""Remember the message of each ledger's pinned card.

Revision: 0017.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UTC = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "pinned_cards",
        sa.Column("ledger_id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("message_key", sa.Text(), nullable=False),
        sa.Column("edits", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("edited_at", UTC, nullable=False),
        sa.ForeignKeyConstraint(["ledger_id"], ["ledgers.id"], name="fk_pinned_cards_ledger_id"),
        sa.PrimaryKeyConstraint("ledger_id", name="pk_pinned_cards"),
    )
