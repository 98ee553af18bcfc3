"""Let budgets carry rests over and last for a trip; budgets so far do neither.

Revision: 0018.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns in place."""
    none, empty = sa.text("'none'"), sa.text("'[]'")
    op.add_column("budgets", sa.Column("carry", sa.Text(), server_default=none, nullable=False))
    op.add_column("budgets", sa.Column("carry_from", sa.Date(), nullable=True))
    op.add_column("budgets", sa.Column("steps", sa.JSON(), server_default=empty, nullable=False))
    op.add_column("budgets", sa.Column("starts_on", sa.Date(), nullable=True))
    op.add_column("budgets", sa.Column("ends_on", sa.Date(), nullable=True))
