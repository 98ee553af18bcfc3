"""Sums of entries, made in SQL over the covering index, never over rows.

Amounts without a known rate are summed apart, per currency: they are never part of a total. That is
a second walk, made only where the first has seen one.
PostgreSQL sums bigints as `numeric`, hence every `int`.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from ledger.entry import EntryType
from ledger.period import Period
from ledger.queries import Total
from storage.database.connections.prepared import fetch, fetch_one, fetch_value
from storage.database.tables import entries

ONE_WALK_DAYS = 92
"""Up to a quarter, adding the sums of days up here is cheaper than a second walk."""

_e = entries.c
_IN_PERIOD = (
    _e.ledger_id == bindparam("ledger"),
    _e.spent_on >= bindparam("start"),
    _e.spent_on < bindparam("end"),
    _e.deleted_at.is_(None),
)
# Summed in the order of the index first: half the time of grouping by category at once.
_BY_DAY = (
    select(
        _e.category,
        _e.type,
        func.sum(_e.base_minor).label("minor"),
        func.count(_e.base_minor).label("entries"),
        func.count().label("rows"),
    )
    .where(*_IN_PERIOD)
    .group_by(_e.spent_on, _e.type, _e.category)
    .subquery()
)
_BY_DAY_ROWS = (
    select(
        _e.spent_on,
        _e.type,
        _e.category,
        func.sum(_e.base_minor).label("minor"),
        func.count(_e.base_minor).label("entries"),
        func.count().label("rows"),
    )
    .where(*_IN_PERIOD)
    .group_by(_e.spent_on, _e.type, _e.category)
    .order_by(_e.spent_on, _e.type, _e.category)
)
_TOTALS = select(
    _BY_DAY.c.category,
    _BY_DAY.c.type,
    func.sum(_BY_DAY.c.minor),
    func.sum(_BY_DAY.c.entries),
    func.sum(_BY_DAY.c.rows),
).group_by(_BY_DAY.c.category, _BY_DAY.c.type)
_UNCONVERTED = (
    select(_e.category, _e.type, func.sum(_e.amount_minor), func.count(), _e.currency)
    .where(*_IN_PERIOD, _e.base_minor.is_(None))
    .group_by(_e.category, _e.type, _e.currency)
)
_DAYS = (
    select(_e.spent_on, func.sum(_e.base_minor))
    .where(*_IN_PERIOD, _e.type == "expense", _e.base_minor.is_not(None))
    .group_by(_e.spent_on)
    .order_by(_e.spent_on)
)
_SPENT = select(func.sum(_e.base_minor)).where(*_IN_PERIOD, _e.type == "expense")
_SPENT_ON = _SPENT.where(_e.category == bindparam("category_"))
_SPENT_IN = _SPENT.where(_e.category.in_(bindparam("categories", expanding=True)))

_INCOME = select(_e.id).where(*_IN_PERIOD, _e.type == "income").limit(1)

_TYPED = select(func.sum(_e.amount_minor)).where(
    *_IN_PERIOD, _e.type == "expense", _e.currency == bindparam("code")
)
_TYPED_IN = _TYPED.where(_e.category.in_(bindparam("categories", expanding=True)))


def totals(connection: Connection, ledger_id: int, period: Period) -> list[Total]:
    """Return sums by category and type, unconverted ones per currency."""
    where = _bounds(ledger_id, period)
    rows = fetch(connection, _TOTALS, where)
    found = [Total(row[0], row[1], int(row[2]), int(row[3])) for row in rows if row[3]]
    if all(row[3] == row[4] for row in rows):
        return found
    return found + _unconverted(connection, where)


def days(connection: Connection, ledger_id: int, period: Period) -> list[tuple[date, int]]:
    """Return spending per day in minor units of the ledger's currency, days in order."""
    rows = fetch(connection, _DAYS, _bounds(ledger_id, period))
    return [(day, int(minor)) for day, minor in rows]


def both(
    connection: Connection, ledger_id: int, period: Period
) -> tuple[list[Total], list[tuple[date, int]]]:
    """Return totals and days; of short periods by one walk over the index."""
    if (period.end - period.start).days > ONE_WALK_DAYS:
        return totals(connection, ledger_id, period), days(connection, ledger_id, period)
    where = _bounds(ledger_id, period)
    sums: dict[tuple[str, EntryType], tuple[int, int]] = {}
    spending: dict[date, int] = {}
    apart = False
    for day, kind, category, minor, count, every in fetch(connection, _BY_DAY_ROWS, where):
        apart |= count < every
        if not count:
            continue
        total, before = sums.get((category, kind), (0, 0))
        sums[category, kind] = total + int(minor), before + count
        if kind == "expense":
            spending[day] = spending.get(day, 0) + int(minor)
    found = [Total(*key, minor, count) for key, (minor, count) in sorted(sums.items())]
    if apart:
        found += _unconverted(connection, where)
    return found, list(spending.items())


def spent(
    connection: Connection, ledger_id: int, categories: tuple[str, ...], period: Period
) -> int:
    """Return spending in minor units of the ledger's currency; no categories: all of them."""
    where = _bounds(ledger_id, period)
    if len(categories) == 1:
        # Most budgets; a list cannot be prepared.
        query, where = _SPENT_ON, {**where, "category_": categories[0]}
    elif categories:
        query, where = _SPENT_IN, {**where, "categories": list(categories)}
    else:
        query = _SPENT
    return int(fetch_value(connection, query, where) or 0)


def has_income(connection: Connection, ledger_id: int, period: Period) -> bool:
    """Return whether a period has a live income."""
    return fetch_one(connection, _INCOME, _bounds(ledger_id, period)) is not None


def typed(
    connection: Connection,
    ledger_id: int,
    categories: tuple[str, ...],
    period: Period,
    currency: str,
) -> int:
    """Return spending typed in a currency, in its minor units; no categories: all of them."""
    where = {**_bounds(ledger_id, period), "code": currency}
    query = _TYPED
    if categories:
        query, where = _TYPED_IN, {**where, "categories": list(categories)}
    return int(fetch_value(connection, query, where) or 0)


def _unconverted(connection: Connection, where: dict[str, Any]) -> list[Total]:
    return [
        Total(category, kind, int(minor), count, currency)
        for category, kind, minor, count, currency in fetch(connection, _UNCONVERTED, where)
    ]


def _bounds(ledger_id: int, period: Period) -> dict[str, Any]:
    return {"ledger": ledger_id, "start": period.start, "end": period.end}
