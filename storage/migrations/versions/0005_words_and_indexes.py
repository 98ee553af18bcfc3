"""Names by the words of the code, and indexes for checks, pruning and the sweep of files.

Revision: 0005.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Rename in place; no table is copied."""
    op.rename_table("contests", "shadow_evaluations")
    op.execute('ALTER TABLE alerts RENAME COLUMN "arming" TO "generation"')
    op.execute('ALTER TABLE alerts RENAME COLUMN "rearmed" TO "reset"')
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "ALTER TABLE shadow_evaluations RENAME CONSTRAINT pk_contests TO pk_shadow_evaluations"
        )
    # A check looks for the changes of some entries, whatever their ledger.
    op.drop_index("ix_changes_subject", "changes")
    op.create_index("ix_changes_subject_id", "changes", ["subject_id", "subject", "ledger_id"])
    op.create_index("ix_keyboards_expires_at", "keyboards", ["expires_at"])
    op.create_index("ix_questions_asked_at", "questions", ["asked_at"])
    for column in ("blob_key", "clean_key"):
        where = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            f"ix_receipts_{column}",
            "receipts",
            [column],
            sqlite_where=where,
            postgresql_where=where,
        )
