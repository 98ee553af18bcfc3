"""Keep sessions, tokens and one-time links.

Revision: 0024.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UTC = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "sessions",
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("proof", sa.Text, nullable=False),
        sa.Column("opened_at", UTC, nullable=False),
        sa.Column("seen_at", UTC, nullable=False),
        sa.Column("ends_at", UTC, nullable=False),
        sa.Column("ended_at", UTC),
        sqlite_with_rowid=False,
    )
    for name in ("user_id", "proof", "opened_at"):
        op.create_index(f"ix_sessions_{name}", "sessions", [name])
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("ledger_id", ROW_ID, sa.ForeignKey("ledgers.id"), nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.Text, nullable=False, unique=True),
        sa.Column("hint", sa.Text, nullable=False),
        sa.Column("scopes", sa.JSON, nullable=False),
        sa.Column("made_at", UTC, nullable=False),
        sa.Column("used_at", UTC),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_api_tokens_ledger_id", "api_tokens", ["ledger_id"])
    op.create_table(
        "login_links",
        sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("digest", sa.Text, nullable=False, unique=True),
        sa.Column("expires_at", UTC, nullable=False),
    )
    op.create_index("ix_login_links_expires_at", "login_links", ["expires_at"])
