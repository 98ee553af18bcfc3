"""Find old versions of messages by their time, so that they can be deleted.

Revision: 0028.
"""

from __future__ import annotations

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index; a row exists only for messages that were edited or that corrected an entry."""
    op.create_index("ix_message_versions_edited_at", "message_versions", ["edited_at"])
