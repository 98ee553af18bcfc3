"""Doubts that an entry keeps until somebody confirms them, and the print of a receipt's picture.

Revision: 0006.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns in place; earlier entries hold no doubt, earlier receipts no print."""
    no, none = sa.text("false"), sa.text("'[]'")
    op.add_column(
        "entries", sa.Column("category_guessed", sa.Boolean(), server_default=no, nullable=False)
    )
    op.add_column("entries", sa.Column("marks", sa.JSON(), server_default=none, nullable=False))
    op.add_column("receipts", sa.Column("picture_print", sa.Text(), nullable=True))
