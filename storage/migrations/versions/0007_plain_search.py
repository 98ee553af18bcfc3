"""Fold the text that a search compares once more, so entries are found by plain letters.

Revision: 0007.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ledger.entries.searching import fold

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ENTRIES = sa.table("entries", sa.column("id"), sa.column("search"))
ROWS = 1000


def upgrade() -> None:
    """Fold what is folded by the older rule once more; plain letters stay as they are."""
    connection = op.get_bind()
    query = sa.select(ENTRIES.c.id, ENTRIES.c.search).order_by(ENTRIES.c.id).limit(ROWS)
    rows = connection.execute(query).all()
    while rows:
        changed = [
            {"entry": row.id, "new": fold(row.search)}
            for row in rows
            if not row.search.isascii() and fold(row.search) != row.search
        ]
        if changed:
            change = sa.update(ENTRIES).where(ENTRIES.c.id == sa.bindparam("entry"))
            connection.execute(change.values(search=sa.bindparam("new")), changed)
        rows = connection.execute(query.where(ENTRIES.c.id > rows[-1].id)).all()
