"""Hold what all tables share: the names of constraints, and the literals of conditions."""

from __future__ import annotations

from sqlalchemy import (
    ColumnClause,
    Index,
    MetaData,
    literal_column,
    text,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

PENDING: ColumnClause[str] = literal_column("'pending'")
"""State of inbox rows and jobs that are still to be done."""
WAITING: ColumnClause[str] = literal_column("'waiting'")
"""State of outbox rows that may go to Telegram."""
NO: ColumnClause[bool] = literal_column("false")

WHERE = "where"
"""Key of an index's `info` for the condition of its rows."""

FOREIGN_CONDITION = "(base_currency IS NULL OR base_currency <> currency)"
"""Entries in another currency than their ledger's."""


def partial_index(name: str, *columns: str, where: str) -> Index:
    """Index only the rows that are still in work; it stays small however long the table gets."""
    return Index(name, *columns, sqlite_where=text(where), info={WHERE: where})


def set_postgres_conditions() -> None:
    """Give partial indexes their conditions for PostgreSQL too, for whoever makes or compares tables.

    Nothing else needs them, and they load PostgreSQL's dialect.
    """
    for table in metadata.tables.values():
        for index in table.indexes:
            if WHERE in index.info:
                index.dialect_options["postgresql"]["where"] = text(index.info[WHERE])
