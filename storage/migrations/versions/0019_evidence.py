"""Keep counts and digests, by which a check finds rows that are lost, copied or altered.

Operations of before have numbers and no digest. Settings get the digest of their present state.

Revision: 0019.
"""

from __future__ import annotations

from hashlib import blake2b

import orjson
import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_BATCH = 1000
_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_NUMBER = """
    UPDATE operations SET number = numbered.number
    FROM (
        SELECT seq, row_number() OVER (PARTITION BY ledger_id ORDER BY seq) AS number
        FROM operations
    ) AS numbered
    WHERE numbered.seq = operations.seq
"""
_COUNT_ALERTS = """
    UPDATE budgets SET alerts =
        (SELECT count(*) FROM alerts WHERE alerts.budget_id = budgets.id)
"""
_FILL = """
    INSERT INTO evidence (ledger_id, operations, receipts)
    SELECT l.id, coalesce(o.n, 0), coalesce(r.n, 0) FROM ledgers AS l
    LEFT JOIN (SELECT ledger_id, count(*) AS n FROM operations GROUP BY 1) AS o
        ON o.ledger_id = l.id
    LEFT JOIN (SELECT ledger_id, count(*) AS n FROM receipts GROUP BY 1) AS r
        ON r.ledger_id = l.id
"""


def upgrade() -> None:
    """Add the table and the columns, and count what is there."""
    op.add_column("operations", sa.Column("number", sa.Integer()))
    op.add_column("operations", sa.Column("digest", sa.Text()))
    alerts = sa.Column("alerts", sa.Integer(), nullable=False, server_default=sa.text("0"))
    op.add_column("budgets", alerts)
    op.create_table(
        "evidence",
        sa.Column("ledger_id", _ROW_ID, autoincrement=False, nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False, server_default=sa.text("0"))
            for name in ("operations", "receipts")
        ),
        sa.Column("settings_digest", sa.Text()),
        sa.ForeignKeyConstraint(["ledger_id"], ["ledgers.id"], name="fk_evidence_ledger_id"),
        sa.PrimaryKeyConstraint("ledger_id", name="pk_evidence"),
    )
    for statement in (_NUMBER, _COUNT_ALERTS, _FILL):
        op.execute(statement)
    op.create_index(
        "ix_operations_ledger_id_number", "operations", ["ledger_id", "number"], unique=True
    )
    _digest_settings()


def _digest_settings() -> None:
    ledgers = sa.table("ledgers", sa.column("id", _ROW_ID), sa.column("settings", sa.JSON()))
    evidence = sa.table("evidence", sa.column("ledger_id"), sa.column("settings_digest"))
    fill = (
        sa.update(evidence)
        .where(evidence.c.ledger_id == sa.bindparam("ledger"))
        .values(settings_digest=sa.bindparam("digest"))
    )
    page = sa.select(ledgers).order_by(ledgers.c.id).limit(_BATCH)
    connection, after = op.get_bind(), 0
    while rows := connection.execute(page.where(ledgers.c.id > after)).all():
        after = rows[-1].id
        digests = [{"ledger": row.id, "digest": _digest(row.settings)} for row in rows]
        connection.execute(fill, digests)


def _digest(settings: dict[str, object]) -> str:
    text = orjson.dumps(dict(sorted(settings.items())))
    return blake2b(text, digest_size=8).hexdigest()
