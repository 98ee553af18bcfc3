"""Find values of SQLite that are not of their column's type, which every other check would stop at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Date,
    Text,
    and_,
    func,
    literal,
    or_,
    select,
    type_coerce,
)

from storage.database.tables import metadata
from storage.database.types import Utc

_DAY = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*"


def find_unreadable(connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield each table of SQLite with a value not of its type: broken JSON, no date, no time.

    PostgreSQL stores nothing else in such a column.
    """
    if connection.dialect.name != "sqlite":
        return
    for table in metadata.sorted_tables:
        found = map(_is_wrong, table.columns)
        wrong = [condition for condition in found if condition is not None]
        if wrong and connection.execute(select(literal(1)).where(or_(*wrong)).limit(1)).first():
            yield "rows_unreadable", str(table.name)


def _is_wrong(column: Column[Any]) -> ColumnElement[bool] | None:
    """Build the condition under which SQLite holds something that is not of the column's type."""
    plain = type_coerce(column, Text)
    if isinstance(column.type, JSON):
        return and_(column.is_not(None), func.json_valid(plain) == 0)
    if isinstance(column.type, Date):
        return func.date(plain).is_distinct_from(plain)
    if isinstance(column.type, Utc):
        # SQLite knows words for moments, too, such as `now`.
        return or_(
            func.glob(_DAY, plain) == 0, func.datetime(plain).is_(None) & column.is_not(None)
        )
    return None
