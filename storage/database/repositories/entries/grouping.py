"""Sum the entries of a filter by shop, person, day or category, and find the middle amount."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, Text, and_, bindparam, case, cast, func, select

from ledger.entries.queries import EntryFilter, GroupColumn, GroupTotal, Total
from storage.database.connections.prepared import fetch
from storage.database.repositories.entries.filtering import CURRENCY, matching
from storage.database.tables import entries

_e = entries.c
_COLUMNS = {
    "category": _e.category,
    "merchant": _e.merchant,
    "member": _e.paid_by,
    "day": _e.spent_on,
    # Each database takes a list apart in its own way, so whole lists are summed up.
    "tag": cast(_e.tags, Text),
}
_COUNTS = and_(_e.base_minor.is_not(None), _e.base_currency == CURRENCY)
_MINOR = case((_COUNTS, _e.base_minor), else_=_e.amount_minor)
_APART = case((_COUNTS, None), else_=_e.currency)
_TYPED = (_e.type, _e.category, _e.currency)
_NAMED = (
    select(_e.merchant, _e.tags)
    .where(_e.ledger_id == bindparam("ledger"), _e.deleted_at.is_(None))
    .order_by(_e.spent_on.desc(), _e.id.desc())
    .limit(bindparam("rows"))
)


def named(connection: Connection, ledger_id: int, limit: int) -> tuple[list[str], list[str]]:
    """Return the merchants and the tags of the latest entries, each once."""
    merchants: dict[str, None] = {}
    tags: dict[str, None] = {}
    for merchant, listed in fetch(connection, _NAMED, {"ledger": ledger_id, "rows": limit}):
        if merchant:
            merchants[merchant] = None
        tags.update(dict.fromkeys(listed or ()))
    return list(merchants), list(tags)


def grouped(
    connection: Connection, ledger_id: int, which: EntryFilter, by: GroupColumn
) -> list[GroupTotal]:
    """Return sums by a column, type and category; amounts without a known rate by currency.

    An entry with several tags counts for each of them, so a tag may have several rows.
    """
    column = _COLUMNS[by]
    inner = matching(
        select(
            column.label("key"),
            _e.type.label("type"),
            _e.category.label("category"),
            _MINOR.label("minor"),
            _APART.label("apart"),
        ),
        which,
    ).subquery()
    keys = (inner.c.key, inner.c.type, inner.c.category, inner.c.apart)
    query = select(*keys, func.sum(inner.c.minor), func.count()).group_by(*keys)
    rows = connection.execute(query, {"ledger": ledger_id})
    return [
        GroupTotal(key, Total(category, kind, int(minor), count, apart))
        for found, kind, category, apart, minor, count in rows
        for key in (dict.fromkeys(json.loads(found)) if by == "tag" else (found,))
    ]


def typed(connection: Connection, ledger_id: int, which: EntryFilter) -> list[Total]:
    """Return the sums of amounts as they were typed, by type, category and currency."""
    query = matching(select(*_TYPED, func.sum(_e.amount_minor), func.count()), which)
    rows = connection.execute(query.group_by(*_TYPED), {"ledger": ledger_id})
    return [
        Total(category, kind, int(minor), count, currency)
        for kind, category, currency, minor, count in rows
    ]


def ranked(connection: Connection, ledger_id: int, which: EntryFilter, offset: int) -> int | None:
    """Return the base amount at a place from the smallest, in minor units of the ledger."""
    query: Any = matching(select(_e.base_minor), which).where(_e.base_currency == CURRENCY)
    query = query.order_by(_e.base_minor, _e.id).offset(offset).limit(1)
    found: int | None = connection.execute(query, {"ledger": ledger_id}).scalar()
    return found
