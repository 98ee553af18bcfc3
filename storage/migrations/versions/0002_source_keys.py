"""Entries, receipts, questions and the history without a Telegram chat.

An entry may come from a message, an API call, a rule or an import, so one neutral key replaces
chat, message and position; the history loses its chat, and `acts` takes the name `operations`.

Revision: 0002.
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UTC = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")
JSON = sa.JSON(none_as_null=True)

RECEIPTS = sa.text("SELECT id, ledger_id FROM receipts")
JOBS = sa.table("jobs", sa.column("id"), sa.column("kind"), sa.column("values", JSON))
INBOX = sa.table("inbox", sa.column("id"), sa.column("kind"), sa.column("body"))
MESSAGE = "'tg:' || CAST({0}chat_id AS TEXT) || ':' || CAST({0}message_id AS TEXT)"


def upgrade() -> None:
    """Fill the new columns from the old ones, then drop these."""
    _key_entries()
    _key_receipts()
    _name_ledgers()
    with op.batch_alter_table("questions") as questions:
        questions.drop_column("chat_id")
    _rename_history()


def _key_entries() -> None:
    op.add_column("entries", sa.Column("source_key", sa.Text(), nullable=True))
    key = MESSAGE.format("origin_") + " || ':' || CAST(origin_position AS TEXT)"
    op.execute(f"UPDATE entries SET source_key = {key}")
    with op.batch_alter_table("entries") as entries:
        entries.alter_column("source_key", existing_type=sa.Text(), nullable=False)
        entries.drop_constraint("uq_entries_origin", type_="unique")
        for name in ("origin_chat_id", "origin_message_id", "origin_position"):
            entries.drop_column(name)
        entries.create_unique_constraint("uq_entries_ledger_id_source_key", ["ledger_id", "source_key"])


def _key_receipts() -> None:
    op.add_column("receipts", sa.Column("source", sa.Text(), nullable=True))
    op.execute(f"UPDATE receipts SET source = {MESSAGE.format('')}")
    with op.batch_alter_table("receipts") as receipts:
        receipts.alter_column("source", existing_type=sa.Text(), nullable=False)
        receipts.alter_column("file_id", new_column_name="file_ref", existing_type=sa.Text())
        receipts.drop_constraint("uq_receipts_chat_id_message_id", type_="unique")
        receipts.drop_column("chat_id")
        receipts.drop_column("message_id")
        receipts.create_unique_constraint("uq_receipts_ledger_id_source", ["ledger_id", "source"])


def _name_ledgers() -> None:
    """Tell work under way which ledger its receipt belongs to; it is found only through that."""
    connection = op.get_bind()
    ledgers = {row.id: row.ledger_id for row in connection.execute(RECEIPTS)}
    for row in connection.execute(sa.select(JOBS).where(JOBS.c.kind == "receipt")).all():
        values = row._asdict()["values"]
        values["ledger_id"] = ledgers.get(values.get("receipt_id"))
        connection.execute(sa.update(JOBS).where(JOBS.c.id == row.id).values({"values": values}))
    events = sa.select(INBOX).where(INBOX.c.kind == "event", INBOX.c.body.is_not(None))
    for row in connection.execute(events).all():
        event = json.loads(row.body)
        if event.get("receipt_id") in ledgers:
            event["ledger_id"] = ledgers[event["receipt_id"]]
            body = json.dumps(event, ensure_ascii=False)
            connection.execute(sa.update(INBOX).where(INBOX.c.id == row.id).values(body=body))


def _rename_history() -> None:
    """Copy both tables, so that their keys and indexes take the new names as well."""
    op.create_table(
        "operations",
        sa.Column("seq", ROW_ID, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("ledger_id", ROW_ID, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("at", UTC, nullable=False),
        sa.Column("undoes", sa.Text(), nullable=True),
        sa.Column("undone", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(["ledger_id"], ["ledgers.id"], name="fk_operations_ledger_id"),
        sa.ForeignKeyConstraint(["undoes"], ["operations.id"], name="fk_operations_undoes"),
        sa.PrimaryKeyConstraint("seq", name="pk_operations"),
        sa.UniqueConstraint("id", name="uq_operations_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "new_changes",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("operation_id", sa.Text(), nullable=False),
        sa.Column("ledger_id", ROW_ID, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("before", JSON, nullable=True),
        sa.Column("after", JSON, nullable=True),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operations.id"], name="fk_changes_operation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_new_changes"),
        sqlite_autoincrement=True,
    )
    columns = "seq, id, ledger_id, user_id, verb, at, undoes, undone"
    op.execute(f"INSERT INTO operations ({columns}) SELECT {columns} FROM acts ORDER BY seq")
    kept = "ledger_id, subject, subject_id, before, after"
    op.execute(
        f"INSERT INTO new_changes (id, operation_id, {kept})"
        f" SELECT id, act_id, {kept} FROM changes ORDER BY id"
    )
    op.drop_table("changes")
    op.drop_table("acts")
    op.rename_table("new_changes", "changes")
    _finish_history()


def _finish_history() -> None:
    op.create_index("ix_operations_ledger_id_user_id_seq", "operations", ["ledger_id", "user_id", "seq"])
    where = sa.text("undoes IS NOT NULL")
    op.create_index(
        "ix_operations_undoes", "operations", ["undoes"], sqlite_where=where, postgresql_where=where
    )
    op.create_index("ix_changes_operation_id", "changes", ["operation_id"])
    op.create_index("ix_changes_subject", "changes", ["ledger_id", "subject", "subject_id"])
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute("ALTER TABLE changes RENAME CONSTRAINT pk_new_changes TO pk_changes")
    op.execute("ALTER SEQUENCE new_changes_id_seq RENAME TO changes_id_seq")
    # Copied rows brought their numbers; the next one goes on behind them.
    for table, column in (("operations", "seq"), ("changes", "id")):
        op.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'),"
            f" coalesce((SELECT max({column}) FROM {table}), 0) + 1, false)"
        )
