"""Run statements that were built once, at module level, and compiled once.

`Connection.execute` looks up, checks and wraps on every call what never changes for such a
statement: 20-37 µs each on SQLite and 150 µs on PostgreSQL on a 2-core machine, with a dozen of
them in every typed text. Here they are compiled at first use and go straight to the driver, with
the same conversions of types (6-9 µs, 60 µs). For lists of unknown length (`expanding=True`)
SQLAlchemy executes as usual.

This stands on internals of SQLAlchemy, so a test pins its version, and `use_sqlalchemy` switches
all of it off. Rows have attributes by column name either way.
"""

from __future__ import annotations

import sqlite3
from collections import OrderedDict, namedtuple
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sqlalchemy import JSON, Connection, Date, Delete, Dialect, Insert, Select, Table, Update
from sqlalchemy.sql import visitors
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.selectable import TextualSelect
from sqlalchemy.types import TypeEngine

from storage.database.connections import riders
from storage.database.types import (
    AnyRow,
    StorableText,
    Utc,
    write_day,
    write_json,
    write_text,
    write_time,
)

Statement = Select[*tuple[Any, ...]] | Insert | Update | Delete | TextualSelect
Values = dict[str, Any]
Convert = Callable[[Any], Any]

PREPARED_MAX = 1000
"""Compiled statements that are kept; the program has some 200, so the bound only guards against
statements that are built per call."""

_SQLITE_WRITERS: tuple[tuple[type[TypeEngine[Any]], Convert], ...] = (
    (Utc, write_time),
    (StorableText, write_text),
    (JSON, write_json),
    (Date, write_day),
)
"""Converters of types in one call each, where SQLAlchemy's make two or three: a text writes forty
values."""

_NONE: Values = {}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A statement as a driver takes it."""

    sql: str
    pick: Callable[[Values], Sequence[Any]]
    """Returns the values in the order of the parameters; a constant has a name of its own."""
    constants: Values
    writes: tuple[tuple[int, Convert], ...]
    """Parameters that need a conversion."""
    row: Callable[..., Any]
    reads: tuple[tuple[int, Convert], ...]
    """Columns that need a conversion."""
    tables: frozenset[str]
    """Names of all tables in it."""
    is_sqlite: bool
    has_rows: bool

    def parameters(self, values: Values) -> list[Any]:
        """Return the values in the order of the parameters."""
        if self.constants:
            values = values | self.constants
        found = list(self.pick(values))
        for place, write in self.writes:
            found[place] = write(found[place])
        return found

    def made(self, row: Sequence[Any]) -> Any:  # noqa: ANN401  # a named tuple of this statement
        """Return the driver's row with names and types."""
        cells = list(row)
        for place, convert in self.reads:
            if cells[place] is not None:
                cells[place] = convert(cells[place])
        return self.row(*cells)


_prepared: OrderedDict[tuple[str, Statement, tuple[str, ...]], Prepared | None] = OrderedDict()
_switch = {"direct": True}


def use_sqlalchemy(*, always: bool) -> None:
    """Let SQLAlchemy execute everything, or (the default) only what cannot be prepared."""
    _switch["direct"] = not always


def fetch(
    connection: Connection, statement: Statement, values: Values = _NONE, *, alone: bool = False
) -> Sequence[AnyRow]:
    """Run a statement that answers with rows; return them all.

    One that is `alone` is the only statement of its transaction, which saves PostgreSQL two round trips.
    """
    prepared = _find(connection, statement, values)
    if prepared is None:
        return connection.execute(statement, values).all()
    rows, _ = _run(connection, prepared, values, alone=alone)
    return [prepared.made(row) for row in rows]


def fetch_one(
    connection: Connection, statement: Statement, values: Values = _NONE, *, alone: bool = False
) -> AnyRow | None:
    """Run a statement that answers with one row or none."""
    rows = fetch(connection, statement, values, alone=alone)
    assert len(rows) <= 1, "asked for at most one"
    return rows[0] if rows else None


def fetch_value(
    connection: Connection, statement: Statement, values: Values = _NONE, *, alone: bool = False
) -> Any:  # noqa: ANN401
    """Run a statement that answers with one value; None when there is no row."""
    row = fetch_one(connection, statement, values, alone=alone)
    return None if row is None else row[0]


def change(
    connection: Connection, statement: Statement, values: Values, *, alone: bool = False
) -> int:
    """Run a statement without an answer; return how many rows it touched."""
    prepared = _find(connection, statement, values)
    if prepared is None:
        return connection.execute(statement, values).rowcount
    return _run(connection, prepared, values, alone=alone)[1]


def change_later(
    connection: Connection, statement: Insert | Update | Delete, values: Values
) -> None:
    """Run a statement of which nobody needs the answer, before the next one that names its table.

    On SQLite at once. An error of it is raised by the statement with which it goes.
    """
    prepared = _find(connection, statement, values)
    if prepared is None or prepared.is_sqlite:
        change(connection, statement, values)
        return
    table = statement.table.name  # type: ignore[union-attr]  # of a table
    riders.ride(connection, riders.Rider(table, prepared.sql, prepared.parameters(values)))


def change_many(connection: Connection, statement: Statement, rows: Sequence[Values]) -> int:
    """Run a statement for several rows of the same names; -1 when the driver does not count."""
    if len(rows) == 1:
        return change(connection, statement, rows[0])
    prepared = _find(connection, statement, rows[0])
    if prepared is None or not prepared.is_sqlite:
        return connection.execute(statement, rows).rowcount
    parameters = [prepared.parameters(values) for values in rows]
    return _sqlite(connection).executemany(prepared.sql, parameters).rowcount


def has_riders(connection: Connection) -> bool:
    """Return whether statements of riders may be given to this connection."""
    return _switch["direct"] and connection.dialect.driver == "asyncpg"


def _run(
    connection: Connection, prepared: Prepared, values: Values, *, alone: bool
) -> tuple[Sequence[Sequence[Any]], int]:
    """Run on the driver; return rows and how many were touched."""
    parameters = prepared.parameters(values)
    if not prepared.is_sqlite:
        return riders.run(connection, prepared.sql, parameters, prepared.tables, alone=alone)
    cursor = _sqlite(connection).execute(prepared.sql, parameters)
    # A statement without columns has no rows, and asking for them is a step of its own.
    return cursor.fetchall() if prepared.has_rows else (), cursor.rowcount


def _sqlite(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.dbapi_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def _find(connection: Connection, statement: Statement, values: Values) -> Prepared | None:
    """Return the prepared form; None where SQLAlchemy is to execute."""
    if not _switch["direct"] or connection.dialect.driver == "aiosqlite":
        # Over aiosqlite only its own thread may use the driver.
        return None
    key = (connection.dialect.name, statement, tuple(values))
    try:
        return _prepared[key]
    except KeyError:
        prepared = _prepared[key] = _prepare(statement, key[2], connection.dialect)
        if len(_prepared) > PREPARED_MAX:
            _prepared.popitem(last=False)
        return prepared


def _prepare(statement: Statement, names: tuple[str, ...], dialect: Dialect) -> Prepared | None:
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    assert isinstance(compiled, SQLCompiler)
    if compiled.post_compile_params:
        return None
    placed, constants, writes = [], {}, []
    for place, name in enumerate(compiled.positiontup or ()):
        bind = compiled.binds[name]
        write = _conversion(bind.type, dialect, "bind_processor")
        if bind.key in names:
            placed.append(bind.key)
            writes += [(place, write)] if write else []
        else:
            constant = compiled.params[name]
            # No value has a name with a blank.
            placed.append(f"constant {place}")
            constants[placed[-1]] = write(constant) if write else constant
    columns = list(statement.exported_columns)
    reads = [(n, _conversion(c.type, dialect, "result_processor")) for n, c in enumerate(columns)]
    return Prepared(
        sql=str(compiled),
        pick=_picker(placed),
        constants=constants,
        writes=tuple(writes),
        row=namedtuple("Row", [str(column.key) for column in columns], rename=True),  # noqa: PYI024
        reads=tuple((place, read) for place, read in reads if read is not None),
        tables=frozenset(
            part.name for part in visitors.iterate(statement) if isinstance(part, Table)
        ),
        is_sqlite=dialect.name == "sqlite",
        has_rows=bool(columns),
    )


def _picker(names: Sequence[str]) -> Callable[[Values], Sequence[Any]]:
    """Return what takes the values of these names out of a dictionary."""
    if len(names) > 1:
        return itemgetter(*names)
    # An `itemgetter` of one name returns its value, and there is none of no name.
    return lambda values: [values[name] for name in names]


def _conversion(kind: TypeEngine[Any], dialect: Dialect, which: str) -> Convert | None:
    """Return how a type is written to or read from the driver, None when as it is."""
    implementation = kind.dialect_impl(dialect)
    if which == "bind_processor":
        if dialect.name == "sqlite":
            for written, write in _SQLITE_WRITERS:
                if isinstance(kind, written):
                    return write
        return implementation.bind_processor(dialect)
    return implementation.result_processor(dialect, None)
