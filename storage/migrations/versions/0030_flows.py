"""Keep the flow of jobs, events and messages.

Revision: 0030.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns that may be empty, which rewrites no row and lets an older release write on."""
    for table in ("inbox", "jobs", "outbox"):
        op.add_column(table, sa.Column("flow", sa.Text()))
