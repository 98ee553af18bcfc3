"""Keep addresses for mail.

Revision: 0029.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UTC = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Create the table; nothing is in it."""
    op.create_table(
        "mail_addresses",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("ledger_id", ROW_ID, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("stop_key", sa.Text(), nullable=False),
        sa.Column("made_at", UTC, nullable=False),
        sa.Column("code_digest", sa.Text(), nullable=False),
        sa.Column("code_until", UTC),
        sa.Column("tries_left", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", UTC),
        sa.Column("weekly_on", sa.Boolean(), nullable=False),
        sa.Column("mailed_period", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["ledger_id"], ["ledgers.id"], name="fk_mail_addresses_ledger_id"),
        sa.PrimaryKeyConstraint("id", name="pk_mail_addresses"),
        sa.UniqueConstraint("stop_key", name="uq_mail_addresses_stop_key"),
        sa.UniqueConstraint("ledger_id", "user_id", name="uq_mail_addresses_ledger_id_user_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_mail_addresses_address", "mail_addresses", ["address"])
