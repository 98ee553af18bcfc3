"""Index the unsent messages of a chat, so that a commit knows the one before its own.

Revision: 0020.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index, which is small because few messages wait."""
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "ix_outbox_waiting_chat",
        "outbox",
        ["chat_id", "id"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
