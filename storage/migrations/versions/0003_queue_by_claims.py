"""Claims with fences for the queue, and its columns by the words of the code.

Revision: 0003.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UTC = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")
RENAMED = (
    ("inbox", "lane", "partition"),
    ("jobs", "lane", "partition"),
    ("jobs", "taken_until", "claimed_until"),
    ("outbox", "handle", "message_key"),
    ("outbox", "folded_into", "superseded_by"),
)
# Values of a job as the database has them: JSON text.
JOBS = sa.table("jobs", sa.column("id"), sa.column("kind"), sa.column("values", sa.JSON()))


def upgrade() -> None:
    """Rename in place (no table is copied), add what claims need."""
    for table, old, new in RENAMED:
        op.execute(f'ALTER TABLE {table} RENAME COLUMN "{old}" TO "{new}"')
    _follow_names()
    op.execute("UPDATE outbox SET state = 'superseded' WHERE state = 'folded'")
    op.execute("ALTER TABLE mentions RENAME TO message_entries")
    op.drop_index("ix_mentions_outbox_id", "message_entries")
    op.create_index("ix_message_entries_outbox_id", "message_entries", ["outbox_id"])
    op.add_column(
        "jobs", sa.Column("fence", sa.BigInteger(), server_default=sa.text("0"), nullable=False)
    )
    op.create_index("ix_jobs_partition", "jobs", ["partition"])
    op.create_table(
        "partitions",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("fence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("claimed_until", UTC),
        sa.Column("claimed_through", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partitions")),
    )
    op.execute(
        "INSERT INTO partitions (id)"
        " SELECT DISTINCT partition FROM inbox WHERE state = 'pending'"
    )
    _rename_in_jobs()


def _follow_names() -> None:
    """Give constraints the names that the new columns have."""
    if op.get_bind().dialect.name == "sqlite":
        _rebuild_outbox()
        return
    op.execute("ALTER TABLE outbox RENAME CONSTRAINT uq_outbox_handle TO uq_outbox_message_key")
    op.execute("ALTER TABLE mentions RENAME CONSTRAINT pk_mentions TO pk_message_entries")
    op.execute(
        "ALTER TABLE mentions RENAME CONSTRAINT fk_mentions_outbox_id"
        " TO fk_message_entries_outbox_id"
    )


def _rebuild_outbox() -> None:
    """Copy the table: SQLite cannot rename a constraint. Its running number goes on."""
    last = op.get_bind().scalar(sa.text("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'"))
    with op.batch_alter_table(
        "outbox", recreate="always", table_kwargs={"sqlite_autoincrement": True}
    ) as batch:
        batch.drop_constraint("uq_outbox_handle", type_="unique")
        batch.create_unique_constraint("uq_outbox_message_key", ["message_key"])
    if last:
        op.get_bind().execute(
            sa.text("UPDATE sqlite_sequence SET seq = :last WHERE name = 'outbox'"), {"last": last}
        )


def _rename_in_jobs() -> None:
    """Let pictures that are still to be drawn find their message."""
    connection = op.get_bind()
    drawing = sa.select(JOBS.c.id, JOBS.c["values"]).where(JOBS.c.kind == "draw")
    for job, values in connection.execute(drawing).all():
        values["message_key"] = values.pop("handle")
        change = sa.update(JOBS).where(JOBS.c.id == job).values({"values": values})
        connection.execute(change)
