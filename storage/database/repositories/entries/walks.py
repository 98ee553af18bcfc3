"""Walk through the entries of a ledger in steps: for exports, and to convert amounts again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Select, bindparam, or_, select, text, tuple_

from ledger.entries.entry import Entry
from ledger.entries.queries import Cursor, EntryFilter
from storage.database.connections.prepared import fetch, fetch_value
from storage.database.repositories.entries.filtering import CURRENCY, matching
from storage.database.repositories.entries.rows import READ, stated, typed_day
from storage.database.tables import FOREIGN_CONDITION, entries
from storage.database.types import AnyRow

STREAM_ROWS = 2000
"""Rows that an export holds at a time."""
WALK_ROWS = 2000
"""Rows that a step of `without_base` looks at, at most, however few of them it returns."""

_e = entries.c

_WALK_END = (
    select(_e.source_key)
    .where(_e.ledger_id == bindparam("ledger"), _e.source_key > bindparam("after"))
    .order_by(_e.source_key)
    .offset(bindparam("skipped"))
    .limit(1)
)
# In the order of an index that begins with the ledger, whatever other ledgers hold.
_LAST_WITHOUT_BASE = (
    READ.where(
        _e.ledger_id == bindparam("ledger"),
        _e.source_key > bindparam("after"),
        or_(_e.base_currency.is_(None), _e.base_currency != CURRENCY),
    )
    .order_by(_e.source_key)
    .limit(bindparam("rows"))
    .with_for_update(of=entries)
)
_WITHOUT_BASE = _LAST_WITHOUT_BASE.where(_e.source_key <= bindparam("end"))

_OF_CURRENCY = (
    READ.where(
        _e.ledger_id == bindparam("ledger"),
        _e.currency == bindparam("code"),
        text(FOREIGN_CONDITION),
        tuple_(_e.spent_on, _e.id)
        > tuple_(bindparam("day", type_=_e.spent_on.type), bindparam("after")),
    )
    .order_by(_e.spent_on, _e.id)
    .limit(bindparam("rows"))
    .with_for_update(of=entries)
)

_FOREIGN = (
    select(_e.currency)
    .where(_e.ledger_id == bindparam("ledger"), text(FOREIGN_CONDITION))
    .distinct()
    .order_by(_e.currency)
)


def stream(
    connection: Connection, ledger_id: int, which: EntryFilter | None = None
) -> Iterator[Entry]:
    """Yield live entries oldest first, some thousand rows at a time."""
    query = matching(READ, which or EntryFilter()).order_by(_e.spent_on, _e.id).limit(STREAM_ROWS)
    where = {"ledger": ledger_id}
    chunk = connection.execute(query, where).all()
    while chunk:
        yield from map(stated, chunk)
        if len(chunk) < STREAM_ROWS:
            return
        chunk = connection.execute(_following(query, chunk[-1]), where).all()


def without_base(
    connection: Connection, ledger_id: int, after: str, limit: int
) -> tuple[list[Entry], str | None]:
    """Return and lock entries without a base amount, and the source key to go on from."""
    where: dict[str, Any] = {"ledger": ledger_id, "after": after}
    end: str | None = fetch_value(connection, _WALK_END, {**where, "skipped": WALK_ROWS - 1})
    where["rows"] = limit
    query = _LAST_WITHOUT_BASE
    if end is not None:
        query, where = _WITHOUT_BASE, {**where, "end": end}
    found = [stated(row) for row in fetch(connection, query, where)]
    return found, found[-1].source_key if len(found) == limit else end


def of_currency(
    connection: Connection, ledger_id: int, currency: str, after: Cursor, limit: int
) -> list[Entry]:
    """Return and lock entries of a foreign currency behind a cursor, deleted ones too."""
    place = {"day": after.spent_on, "after": after.entry_id}
    where = {"ledger": ledger_id, "code": currency, "rows": limit, **place}
    return [stated(row) for row in fetch(connection, _OF_CURRENCY, where)]


def foreign_currencies(connection: Connection, ledger_id: int) -> list[str]:
    """Return the other currencies than the ledger's in which entries were typed."""
    return [row.currency for row in fetch(connection, _FOREIGN, {"ledger": ledger_id})]


def _following(query: Select[Any], last: AnyRow) -> Select[Any]:
    place = tuple_(_e.spent_on, _e.id)
    return query.where(place > tuple_(typed_day(last.spent_on), last.id))
