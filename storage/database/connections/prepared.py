"""Runs statements that were built once, at module level, and compiled once.

`Connection.execute` looks up, checks and wraps on every call what never changes for such a
statement: 20-37 µs each on a 2-core machine, with eleven of them in every typed text. On SQLite
they are compiled at first use and go straight to the driver, with the same conversions of types
(6-9 µs). On PostgreSQL, where the network decides, and for lists of unknown length
(`expanding=True`) SQLAlchemy executes as usual.

Rows have attributes by column name either way. Statements that are put together per call belong to
`Connection.execute`; here each would be kept for ever.
"""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Delete, Dialect, Insert, Select, Update
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from storage.database.types import AnyRow

Statement = Select[*tuple[Any, ...]] | Insert | Update | Delete
Values = dict[str, Any]
Convert = Callable[[Any], Any]

_NONE: Values = {}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A statement as SQLite takes it."""

    sql: str
    slots: tuple[tuple[str | None, Any], ...]
    """Per `?`: the name of its value and how it is written, or None and a constant."""
    row: Callable[..., Any]
    reads: tuple[tuple[int, Convert], ...]
    """Columns that need a conversion."""

    def parameters(self, values: Values) -> list[Any]:
        """Return the values in the order of their `?`."""
        return [
            extra if name is None else extra(values[name]) if extra else values[name]
            for name, extra in self.slots
        ]

    def made(self, row: tuple[Any, ...]) -> Any:  # noqa: ANN401  # a named tuple of this statement
        """Return the driver's row with names and types."""
        cells = list(row)
        for place, convert in self.reads:
            if cells[place] is not None:
                cells[place] = convert(cells[place])
        return self.row(*cells)


_prepared: dict[tuple[Statement, tuple[str, ...]], Prepared | None] = {}


def fetch(connection: Connection, statement: Statement, values: Values = _NONE) -> Sequence[AnyRow]:
    """Run a statement that answers with rows; return them all."""
    prepared = _find(connection, statement, values)
    if prepared is None:
        return connection.execute(statement, values).all()
    cursor = _driver(connection).execute(prepared.sql, prepared.parameters(values))
    return [prepared.made(row) for row in cursor.fetchall()]


def fetch_one(
    connection: Connection, statement: Statement, values: Values = _NONE
) -> AnyRow | None:
    """Run a statement that answers with one row or none."""
    rows = fetch(connection, statement, values)
    assert len(rows) <= 1, "asked for at most one"
    return rows[0] if rows else None


def fetch_value(connection: Connection, statement: Statement, values: Values = _NONE) -> Any:  # noqa: ANN401
    """Run a statement that answers with one value; None when there is no row."""
    row = fetch_one(connection, statement, values)
    return None if row is None else row[0]


def change(connection: Connection, statement: Statement, values: Values) -> int:
    """Run a statement without an answer; return how many rows it touched."""
    prepared = _find(connection, statement, values)
    if prepared is None:
        return connection.execute(statement, values).rowcount
    return _driver(connection).execute(prepared.sql, prepared.parameters(values)).rowcount


def change_many(connection: Connection, statement: Statement, rows: Sequence[Values]) -> int:
    """Run a statement for several rows of the same names; -1 when the driver does not count."""
    prepared = _find(connection, statement, rows[0])
    if prepared is None:
        return connection.execute(statement, rows).rowcount
    parameters = [prepared.parameters(values) for values in rows]
    return _driver(connection).executemany(prepared.sql, parameters).rowcount


def _driver(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.dbapi_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def _find(connection: Connection, statement: Statement, values: Values) -> Prepared | None:
    """Return the prepared form; None where SQLAlchemy is to execute."""
    if connection.dialect.name != "sqlite":
        return None
    key = (statement, tuple(values))
    try:
        return _prepared[key]
    except KeyError:
        prepared = _prepared[key] = _prepare(statement, key[1], connection.dialect)
        return prepared


def _prepare(statement: Statement, names: tuple[str, ...], dialect: Dialect) -> Prepared | None:
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    assert isinstance(compiled, SQLCompiler)
    if compiled.post_compile_params:
        return None
    slots: list[tuple[str | None, Any]] = []
    for name in compiled.positiontup or ():
        bind = compiled.binds[name]
        write = _conversion(bind.type, dialect, "bind_processor")
        if bind.key in names:
            slots.append((bind.key, write))
        else:
            constant = compiled.params[name]
            slots.append((None, write(constant) if write else constant))
    columns = list(statement.exported_columns)
    reads = [(n, _conversion(c.type, dialect, "result_processor")) for n, c in enumerate(columns)]
    return Prepared(
        sql=str(compiled),
        slots=tuple(slots),
        row=namedtuple("Row", [str(column.key) for column in columns], rename=True),  # noqa: PYI024
        reads=tuple((place, read) for place, read in reads if read is not None),
    )


def _conversion(kind: TypeEngine[Any], dialect: Dialect, which: str) -> Convert | None:
    """Return how a type is written to or read from the driver, None when as it is."""
    implementation = kind.dialect_impl(dialect)
    if which == "bind_processor":
        return implementation.bind_processor(dialect)
    return implementation.result_processor(dialect, None)
