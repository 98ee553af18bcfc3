"""Sum entries in SQL over the covering index, never over rows.

Rows are grouped by the currency of their base amount, and only those in the ledger's count. After a
change of that currency the others are former amounts, as good as none. Amounts without a base are
summed apart, per currency, by a second walk, made only where the first has seen one.
PostgreSQL sums bigints as `numeric`, hence every `int`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, func, or_, select

from ledger.budgets.scopes import is_refund
from ledger.categories import REFUNDED
from ledger.entries.entry import EntryType
from ledger.entries.queries import DaySum, EntryFilter, Total
from ledger.periods.period import Period
from storage.database.connections.prepared import fetch, fetch_one
from storage.database.repositories.entries.filtering import CURRENCY, matching
from storage.database.tables import entries
from storage.database.types import AnyRow

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
_DAY_KEYS = (_e.spent_on, _e.type, _e.category, _e.base_currency)
_DAY_SUMS = (func.sum(_e.base_minor).label("minor"), func.count().label("rows"))
_COUNTS = (_e.base_currency == CURRENCY).label("counts")
_BY_DAY = select(*_DAY_KEYS, *_DAY_SUMS).where(*_IN_PERIOD).group_by(*_DAY_KEYS)
_DAILY = _BY_DAY.subquery()
_BY_DAY_ROWS = _BY_DAY.add_columns(_COUNTS).order_by(_e.spent_on, _e.type, _e.category)
_TOTALS = select(
    _DAILY.c.category,
    _DAILY.c.type,
    func.sum(_DAILY.c.minor),
    func.sum(_DAILY.c.rows),
    (_DAILY.c.base_currency == CURRENCY).label("counts"),
).group_by(_DAILY.c.category, _DAILY.c.type, _DAILY.c.base_currency)
_APART_KEYS = (_e.category, _e.type, _e.currency)
_APART = select(*_APART_KEYS, func.sum(_e.amount_minor), func.count())
_UNCONVERTED = _APART.where(*_IN_PERIOD).group_by(*_APART_KEYS)
_WITHOUT_BASE = _UNCONVERTED.where(_e.base_minor.is_(None))
_FORMER_BASE = _UNCONVERTED.where(_e.base_currency != CURRENCY)
_IS_EXPENSE = _e.type == "expense"
# A refund is an income in a category of spending (`ledger.budgets.scopes.is_refund`).
_IS_REFUND = and_(_e.type == "income", or_(*(_e.category == one for one in REFUNDED)))
_SPENT = func.sum(case((_IS_EXPENSE, _e.base_minor), else_=-_e.base_minor))
_IS_SPENT = (*_IN_PERIOD, or_(_IS_EXPENSE, _IS_REFUND), _e.base_currency == CURRENCY)
_DAYS = select(_e.spent_on, _SPENT).where(*_IS_SPENT).group_by(_e.spent_on).order_by(_e.spent_on)
# The only sum that looks at rows, as no index holds who paid; a month of a busy ledger has thousands.
_BY_PAYER = select(_e.paid_by, _SPENT).where(*_IS_SPENT).group_by(_e.paid_by)
_INCOME = select(_e.id).where(*_IN_PERIOD, _e.type == "income").limit(1)


def totals(connection: Connection, ledger_id: int, period: Period) -> list[Total]:
    """Return sums by category and type, unconverted ones per currency."""
    where = _bounds(ledger_id, period)
    rows = fetch(connection, _TOTALS, where)
    found = [Total(row[0], row[1], int(row[2]), int(row[3])) for row in rows if row.counts]
    return found + _unconverted(connection, where, [row.counts for row in rows])


def days(connection: Connection, ledger_id: int, period: Period) -> list[tuple[date, int]]:
    """Return spending per day in minor units of the ledger's currency, days in order."""
    rows = fetch(connection, _DAYS, _bounds(ledger_id, period))
    return [(day, int(minor)) for day, minor in rows]


def daily(connection: Connection, ledger_id: int, period: Period) -> list[DaySum]:
    """Return spending per day and category in minor units of the ledger's currency, days in order."""
    rows = fetch(connection, _BY_DAY_ROWS, _bounds(ledger_id, period))
    return [
        DaySum(day, category, int(minor) if kind == "expense" else -int(minor))
        for day, kind, category, _, minor, _, counts in rows
        if counts and (kind == "expense" or is_refund(kind, category))
    ]


def by_payer(connection: Connection, ledger_id: int, period: Period) -> dict[int, int]:
    """Return spending by who paid, in minor units of the ledger's currency."""
    rows = fetch(connection, _BY_PAYER, _bounds(ledger_id, period))
    return {paid_by: int(minor) for paid_by, minor in rows}


def both(
    connection: Connection, ledger_id: int, period: Period
) -> tuple[list[Total], list[tuple[date, int]]]:
    """Return totals and days; of short periods by one walk over the index."""
    if (period.end - period.start).days > ONE_WALK_DAYS:
        return totals(connection, ledger_id, period), days(connection, ledger_id, period)
    where = _bounds(ledger_id, period)
    found, spending, kinds = _added(fetch(connection, _BY_DAY_ROWS, where))
    return found + _unconverted(connection, where, kinds), spending


def filtered(
    connection: Connection, ledger_id: int, which: EntryFilter
) -> tuple[list[Total], list[tuple[date, int]]]:
    """Return totals and days of the entries that a filter lets through."""
    where = {"ledger": ledger_id}
    by_day = matching(select(*_DAY_KEYS, *_DAY_SUMS, _COUNTS), which).group_by(*_DAY_KEYS)
    found, spending, kinds = _added(connection.execute(by_day.order_by(*_DAY_KEYS[:3]), where))
    if not all(kinds):
        apart = matching(_APART, which).group_by(*_APART_KEYS)
        apart = apart.where(_e.base_currency.is_distinct_from(CURRENCY))
        found += _listed(connection.execute(apart, where))
    return found, spending


def _added(
    rows: Iterable[AnyRow],
) -> tuple[list[Total], list[tuple[date, int]], list[bool | None]]:
    """Add the sums of days up; return totals, spending by day, and the kinds of base amounts."""
    sums: dict[tuple[str, EntryType], tuple[int, int]] = {}
    spending: dict[date, int] = {}
    kinds: list[bool | None] = []
    for day, kind, category, _, minor, count, counts in rows:
        kinds.append(counts)
        if not counts:
            continue
        total, before = sums.get((category, kind), (0, 0))
        sums[category, kind] = total + int(minor), before + count
        if kind == "expense" or is_refund(kind, category):
            sign = 1 if kind == "expense" else -1
            spending[day] = spending.get(day, 0) + sign * int(minor)
    found = [Total(*key, minor, count) for key, (minor, count) in sorted(sums.items())]
    return found, list(spending.items()), kinds


def has_income(connection: Connection, ledger_id: int, period: Period) -> bool:
    """Return whether a period has a live income."""
    return fetch_one(connection, _INCOME, _bounds(ledger_id, period)) is not None


def _unconverted(
    connection: Connection, where: dict[str, Any], seen: Sequence[bool | None]
) -> list[Total]:
    """Sum apart what a walk has `seen`: base amounts in a former currency (False), and none."""
    queries = ((_WITHOUT_BASE, None), (_FORMER_BASE, False))
    return _listed(
        row for query, kind in queries if kind in seen for row in fetch(connection, query, where)
    )


def _listed(rows: Iterable[AnyRow]) -> list[Total]:
    """Add the sums of unconverted amounts up, by category, type and currency."""
    found: dict[tuple[str, EntryType, str], tuple[int, int]] = {}
    for category, type_, currency, minor, count in rows:
        total, before = found.get((category, type_, currency), (0, 0))
        found[category, type_, currency] = total + int(minor), before + count
    return [
        Total(category, type_, minor, count, currency)
        for (category, type_, currency), (minor, count) in found.items()
    ]


def _bounds(ledger_id: int, period: Period) -> dict[str, Any]:
    return {"ledger": ledger_id, "start": period.start, "end": period.end}
