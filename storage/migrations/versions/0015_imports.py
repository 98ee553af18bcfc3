"""Add imported files, the layouts of their kind, and the shares that they name.

Revision: 0015.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UTC = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Create three tables; nothing is in them."""
    op.create_table(
        "imports",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("ledger_id", ROW_ID, sa.ForeignKey("ledgers.id"), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("file_ref", sa.Text, nullable=False),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("created_at", UTC, nullable=False),
        sa.Column("blob_key", sa.Text),
        sa.Column("rows_key", sa.Text),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("written", sa.Integer, nullable=False),
        sa.Column("kept", sa.Integer, nullable=False),
        sa.Column("with_probable", sa.Boolean, nullable=False),
        sa.Column("answers", sa.JSON, nullable=False),
        sa.Column("found", sa.JSON),
        sa.UniqueConstraint("ledger_id", "source"),
    )
    for name in ("blob_key", "rows_key"):
        kept = sa.text(f"{name} IS NOT NULL")
        op.create_index(
            f"ix_imports_{name}", "imports", [name], sqlite_where=kept, postgresql_where=kept
        )
    op.create_table(
        "import_layouts",
        sa.Column("ledger_id", ROW_ID, sa.ForeignKey("ledgers.id"), primary_key=True),
        sa.Column("fingerprint", sa.Text, primary_key=True),
        sa.Column("layout", sa.JSON, nullable=False),
    )
    op.create_table(
        "entry_shares",
        sa.Column("entry_id", sa.Text, sa.ForeignKey("entries.id"), primary_key=True),
        sa.Column("ledger_id", ROW_ID, sa.ForeignKey("ledgers.id"), nullable=False),
        sa.Column("shares", sa.JSON, nullable=False),
    )
    op.create_index("ix_entry_shares_ledger_id", "entry_shares", ["ledger_id"])
