"""Index the searched text, with tags by their `#`.

Revision: 0014. The text was note, shop and tags without a sign; only rows that now read otherwise
are written, a thousand at a time. A row must fit into an index of PostgreSQL, so long texts are cut.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ledger.entries.searching import join_searched
from storage.database.types import Json, storable

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ENTRIES = sa.table(
    "entries",
    sa.column("id", sa.Text),
    sa.column("note", sa.Text),
    sa.column("merchant", sa.Text),
    sa.column("tags", Json),
    sa.column("search", sa.Text),
)
ROWS = 1000
LONG = 400
"""Characters from which a text may have too many bytes."""


def upgrade() -> None:
    """Write the texts anew that differ, then build the index."""
    connection = op.get_bind()
    old = ENTRIES.c
    differs = sa.or_(
        sa.cast(old.tags, sa.Text) != "[]", sa.func.length(old.search) > LONG, old.search.like("%ı%")
    )
    query = sa.select(ENTRIES).where(differs).order_by(old.id).limit(ROWS)
    change = sa.update(ENTRIES).where(old.id == sa.bindparam("entry"))
    change = change.values(search=sa.bindparam("new"))
    rows = connection.execute(query).all()
    while rows:
        texts = [(row.id, join_searched(row.note, row.merchant or "", row.tags)) for row in rows]
        connection.execute(change, [{"entry": id_, "new": storable(text)} for id_, text in texts])
        rows = connection.execute(query.where(old.id > rows[-1].id)).all()
    live = sa.text("deleted_at IS NULL")
    op.create_index(
        "ix_entries_search",
        "entries",
        ["ledger_id", "spent_on", "id", "search"],
        sqlite_where=live,
        postgresql_where=live,
    )
