"""Keep the keyboard of each outgoing message, so it expires when another content replaces it.

Revision: 0008.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; keyboards of messages from before expire by their age alone."""
    op.add_column("outbox", sa.Column("keyboard_id", sa.Text))
