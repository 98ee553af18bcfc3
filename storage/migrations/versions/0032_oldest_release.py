"""Keep which releases may still run on the tables, next to their revision.

Revision: 0032.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, which `storage.migrations` fills after each upgrade."""
    op.add_column("alembic_version", sa.Column("oldest", sa.Text()))
