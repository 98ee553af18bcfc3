"""Keep the rows of files that are entries made by another way.

Revision: 0022.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table, and count links with the import that made them."""
    false, zero = sa.text("false"), sa.text("0")
    op.add_column(
        "imports", sa.Column("with_links", sa.Boolean, nullable=False, server_default=false)
    )
    op.add_column("imports", sa.Column("linked", sa.Integer, nullable=False, server_default=zero))
    op.create_table(
        "import_links",
        sa.Column("ledger_id", ROW_ID, sa.ForeignKey("ledgers.id"), primary_key=True),
        sa.Column("source_key", sa.Text, primary_key=True),
        sa.Column("entry_id", sa.Text, sa.ForeignKey("entries.id"), nullable=False),
        sa.Column("import_id", sa.Text, sa.ForeignKey("imports.id"), nullable=False),
    )
    for name in ("entry_id", "import_id"):
        op.create_index(f"ix_import_links_{name}", "import_links", [name])
