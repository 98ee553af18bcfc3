"""Copy a whole database into an empty one, row by row, in a way that goes on after a kill.

Rows keep their ids, so nothing that refers to them changes. Each batch is a transaction of the
target together with a note of how far it came; the next attempt goes on there. Meanwhile the
target's schema is named `MOVING`, which every other command refuses. At the end both databases are
read whole and compared; only then the target becomes usable. Files of receipts stay where they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    literal,
    select,
    text,
    tuple_,
    update,
)

from ledger.errors import InputError
from storage.database.database import Database, open_database
from storage.database.tables import daily_rates, entries
from storage.database.types import AnyRow
from storage.database.upkeep.dump import (
    ROWS,
    TABLES,
    find_numbers,
    is_empty,
    parse_row,
    readers_of,
    reflect_tables,
    set_numbers,
)
from storage.migrations import HEAD, MOVING, find_schema, migrate

_progress = Table(
    "move_progress",
    MetaData(),
    Column("name", String(100), primary_key=True),
    Column("value", Text, nullable=False),
)
"""The last key of each table, and the fingerprint of the source under an empty name."""
_DONE = "done"
_SET_SCHEMA = text("UPDATE alembic_version SET version_num = :revision")
_DIGEST_BYTES = 8

Tell = Callable[[str, int], None]
"""Called with the name of each table that is copied, and its count of rows."""


@dataclass(frozen=True, slots=True)
class Digest:
    """Count and sum of the hashes of a table's rows, whatever their order."""

    rows: int
    hashes: int


Totals = dict[str, tuple[int, int]]
"""Count and sum of amounts in minor units of the live entries, by currency."""


async def move(source_url: str, target_url: str, tell: Tell) -> Totals:
    """Copy everything; safe to repeat after a kill. Nothing may write to either meanwhile.

    Returns:
        The totals, which are equal in both.

    Raises:
        InputError: the target holds other rows (`move_not_empty`), an unfinished move of other data
            (`move_other_source`), or differs in the end (`move_differs`).
        SettingsError: a database is of another version.
        UnavailableError: a database cannot be reached.
    """
    async with open_database(source_url, up_to_date=False) as source:
        fingerprint = await source.backend.read(_fingerprint)
        # Before anything is written, so that a foreign target stays as it is.
        await _prepare(target_url, fingerprint)
        async with open_database(target_url, up_to_date=False) as target:
            for table in TABLES:
                tell(str(table.name), await _copy(source, target, table))
            # After all are copied: a source that was written to meanwhile shows in any of them.
            for table in TABLES:
                await _compare(source, target, table)
            totals = await target.backend.read(sum_up)
            assert totals == await source.backend.read(sum_up), "the tables are equal"
            numbers = await source.backend.read(find_numbers)
            await target.backend.write(lambda connection: _finish(connection, numbers))
    return totals


async def _prepare(url: str, fingerprint: str) -> None:
    """Make the target's tables, or check that an unfinished move was of the same data."""
    is_unfinished = await find_schema(url) == MOVING
    if not is_unfinished:
        await migrate(url)
    async with open_database(url, up_to_date=False) as target:
        if is_unfinished:
            if await target.backend.read(lambda c: _note_of(c, "")) != fingerprint:
                raise InputError("move_other_source")
        elif not await target.backend.read(is_empty):
            raise InputError("move_not_empty")
        else:
            await target.backend.write(lambda connection: _begin(connection, fingerprint))


def _begin(connection: Connection, fingerprint: str) -> None:
    # A first start of the bot leaves published rates, and nothing else.
    connection.execute(delete(daily_rates))
    _progress.create(connection)
    connection.execute(insert(_progress).values(name="", value=fingerprint))
    connection.execute(_SET_SCHEMA, {"revision": MOVING})


def _finish(connection: Connection, numbers: dict[str, int]) -> None:
    set_numbers(connection, reflect_tables(connection), numbers)
    _progress.drop(connection)
    connection.execute(_SET_SCHEMA, {"revision": HEAD})


async def _copy(source: Database, target: Database, table: Table) -> int:
    """Copy a table from where the last attempt ended; return its count of rows."""
    name = str(table.name)
    note = await target.backend.read(lambda c: _note_of(c, name))
    last = parse_row(note.encode(), readers_of(table)) if note and note != _DONE else None
    while note != _DONE:
        rows = await source.backend.read(lambda c, last=last: _page(c, table, last))  # type: ignore[misc]  # a bound default
        last = _key_of(table, rows[-1]) if rows else last
        note = orjson.dumps(last).decode() if len(rows) == ROWS else _DONE
        batch = [dict(row._mapping) for row in rows]  # noqa: SLF001  # SQLAlchemy's public name
        await target.backend.write(lambda c, b=batch, n=note: _store(c, table, b, n))  # type: ignore[misc]  # as above
    return await target.backend.read(
        lambda c: c.execute(select(func.count()).select_from(table)).scalar_one()
    )


def _page(connection: Connection, table: Table, last: dict[str, Any] | None) -> Sequence[AnyRow]:
    """Read the rows after a key, in the order of keys."""
    keys = list(table.primary_key)
    query = select(table).order_by(*keys).limit(ROWS)
    if last is not None:
        after = tuple_(*(literal(last[str(key.name)], key.type) for key in keys))
        query = query.where(tuple_(*keys) > after)
    return connection.execute(query).all()


def _key_of(table: Table, row: AnyRow) -> dict[str, Any]:
    return {str(key.name): row._mapping[key] for key in table.primary_key}  # noqa: SLF001  # as above


def _store(connection: Connection, table: Table, rows: list[dict[str, Any]], note: str) -> None:
    if rows:
        connection.execute(insert(table).inline(), rows)
    name = str(table.name)
    if not connection.execute(
        update(_progress).where(_progress.c.name == name).values(value=note)
    ).rowcount:
        connection.execute(insert(_progress).values(name=name, value=note))


def _note_of(connection: Connection, name: str) -> str:
    query = select(_progress.c.value).where(_progress.c.name == name)
    return connection.execute(query).scalar() or ""


async def _compare(source: Database, target: Database, table: Table) -> None:
    """Raise `InputError` unless both hold the same rows."""
    found = [await each.backend.read(lambda c: digest_of(c, table)) for each in (source, target)]
    if found[0] != found[1]:
        raise InputError("move_differs", table=str(table.name))


def digest_of(connection: Connection, table: Table) -> Digest:
    """Read a table whole. JSON is compared by its values, since PostgreSQL orders its keys again."""
    rows = hashes = 0
    query = select(table).execution_options(yield_per=ROWS)
    for row in connection.execute(query):
        data = orjson.dumps(tuple(row), option=orjson.OPT_SORT_KEYS)
        found = hashlib.blake2b(data, digest_size=_DIGEST_BYTES).digest()
        hashes = (hashes + int.from_bytes(found, "big")) % (1 << 64)
        rows += 1
    return Digest(rows, hashes)


def sum_up(connection: Connection) -> Totals:
    """Return count and sum of the live entries of each currency."""
    query = (
        select(entries.c.currency, func.count(), func.sum(entries.c.amount_minor))
        .where(entries.c.deleted_at.is_(None))
        .group_by(entries.c.currency)
        .order_by(entries.c.currency)
    )
    return {row[0]: (row[1], int(row[2])) for row in connection.execute(query)}


def _fingerprint(connection: Connection) -> str:
    """Return a text that changes with nearly every work of a bot on the database."""
    found = [(str(table.name), *connection.execute(_ends_of(table)).one()) for table in TABLES]
    return hashlib.sha256(orjson.dumps(found)).hexdigest()


def _ends_of(table: Table) -> Any:  # noqa: ANN401 -- a select of as many types as there are keys
    return select(func.count(), *(func.max(key) for key in table.primary_key))
