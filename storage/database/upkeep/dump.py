"""Dump rows as lines of JSON from one snapshot, and load them into an empty database.

The lines are the same for SQLite and PostgreSQL, so a dump of one can be loaded into the
other. Running numbers keep their values, and go on after the highest that was ever given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import (
    JSON,
    Connection,
    Date,
    DateTime,
    MetaData,
    Table,
    Text,
    func,
    insert,
    literal,
    select,
    text,
)

from storage.database.tables import metadata
from storage.database.types import Json, RowId, Utc

ROWS = 1000
"""Rows that are read or written at a time."""

TABLES: tuple[Table, ...] = tuple(metadata.sorted_tables)
"""Parents before their children."""

_TIME = re.compile(r"(^|_)at$|_until$")

Rewrite = Callable[[str, dict[str, Any]], dict[str, Any]]


def dump_tables(connection: Connection, folder: Path) -> dict[str, Any]:
    """Write `<table>.jsonl` for every table; return counts and the highest running numbers."""
    counts: dict[str, int] = {}
    for table in TABLES:
        rows = select(table).order_by(*table.primary_key).execution_options(yield_per=ROWS)
        names = [str(column.name) for column in table.columns]
        name = str(table.name)
        counts[name] = 0
        with (folder / f"{name}.jsonl").open("wb") as file:
            for row in connection.execute(rows):
                file.write(orjson.dumps(dict(zip(names, row, strict=True))) + b"\n")
                counts[name] += 1
    return {"rows": counts, "numbers": find_numbers(connection)}


def find_numbers(connection: Connection) -> dict[str, int]:
    """Return the highest running number that each table ever gave."""
    return {name: _last_number(connection, name) for name in _numbered()}


def reflect_tables(connection: Connection) -> Mapping[str, Table]:
    """Return the tables of whatever schema the database has, by name.

    SQLite keeps times as text, so their columns are known by their names: `at`, `…_at`, `…_until`.
    """
    found = MetaData()
    found.reflect(connection)
    tables = {name: table for name, table in found.tables.items() if name != "alembic_version"}
    for table in tables.values():
        for column in table.columns:
            if isinstance(column.type, JSON):
                column.type = Json
            elif isinstance(column.type, DateTime | Text) and _TIME.search(column.name):
                column.type = Utc()
    return tables


def is_empty(connection: Connection) -> bool:
    """Return whether no table holds a row; published rates are there since the first start."""
    tables = [table for name, table in reflect_tables(connection).items() if name != "daily_rates"]
    return not any(
        connection.execute(select(literal(1)).select_from(table).limit(1)).first()
        for table in tables
    )


def load_table(
    connection: Connection, table: Table, lines: Iterable[bytes], rewrite: Rewrite
) -> int:
    """Insert the rows of a table; return how many. `rewrite` may change a row before."""
    readers, name = readers_of(table), str(table.name)
    count = 0
    for rows in _batches(rewrite(name, parse_row(line, readers)) for line in lines):
        connection.execute(insert(table).inline(), rows)
        count += len(rows)
    return count


def set_numbers(
    connection: Connection, tables: Mapping[str, Table], numbers: dict[str, int]
) -> None:
    """Let running numbers go on after these."""
    for name, last in numbers.items():
        if name not in tables or not last:
            continue
        if connection.dialect.name == "sqlite":
            known = {"name": name, "last": last}
            connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), known)
            connection.execute(text("INSERT INTO sqlite_sequence VALUES (:name, :last)"), known)
        else:
            (column,) = tables[name].primary_key
            sequence = func.pg_get_serial_sequence(name, column.name)
            connection.execute(select(func.setval(sequence, last)))


def _numbered() -> dict[str, str]:
    """Return the tables with a running number, and its column."""
    return {
        str(table.name): str(column.name)
        for table in TABLES
        for column in table.primary_key
        if column.type is RowId and len(table.primary_key) == 1
    }


def _last_number(connection: Connection, name: str) -> int:
    if connection.dialect.name == "sqlite":
        query = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
        return connection.execute(query, {"name": name}).scalar() or 0
    sequence = func.pg_get_serial_sequence(name, _numbered()[name])
    return connection.execute(select(func.pg_sequence_last_value(sequence))).scalar() or 0


def readers_of(table: Table) -> dict[str, Callable[[str], Any]]:
    """Return what makes a column's value of its JSON, by name, where JSON has no such type."""
    found: dict[str, Callable[[str], Any]] = {}
    for column in table.columns:
        if isinstance(column.type, Utc):
            found[column.name] = datetime.fromisoformat
        elif isinstance(column.type, Date):
            found[column.name] = date.fromisoformat
    return found


def parse_row(line: bytes, readers: dict[str, Callable[[str], Any]]) -> dict[str, Any]:
    """Return the values of a line, by column."""
    row: dict[str, Any] = orjson.loads(line)
    for name, read in readers.items():
        if row.get(name) is not None:
            row[name] = read(row[name])
    return row


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == ROWS:
            yield batch
            batch = []
    if batch:
        yield batch
