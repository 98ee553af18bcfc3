"""Keep the way by which an operation came.

Revision: 0031.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a column that is empty for what was recorded before."""
    op.add_column("operations", sa.Column("via", sa.Text()))
