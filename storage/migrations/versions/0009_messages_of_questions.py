"""Index the messages that ask a question, so that all of them lose their buttons at the answer.

Revision: 0009.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index, which is small because few messages ask something."""
    asking = sa.text("question_id IS NOT NULL")
    op.create_index(
        "ix_outbox_question_id",
        "outbox",
        ["question_id"],
        sqlite_where=asking,
        postgresql_where=asking,
    )
