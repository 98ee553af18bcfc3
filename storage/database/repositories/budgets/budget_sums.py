"""Sum what budgets count (spending less what came back), by one statement each.

A budget in the ledger's currency reads the covering index alone. Budgets of a tag or a person, and
those in another currency, look at the rows of their period too.
PostgreSQL sums bigints as `numeric`, hence every `int`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
)

from ledger.categories import REFUNDED
from ledger.entries.queries import Coverage, Spending
from ledger.periods.period import Period
from storage.database.connections.prepared import fetch
from storage.database.repositories.entries.filtering import CURRENCY
from storage.database.tables import entries
from storage.database.types import AnyRow

LISTED_MAX = 8
"""Categories of a list that can be prepared: a group has five at most, `Other` some of the chat's."""

_Kind = Literal["all", "one", "few", "many", "tag", "person"]

_e = entries.c
_REFUNDED = or_(*(_e.category == category for category in REFUNDED))
_COUNTED = (
    _e.ledger_id == bindparam("ledger"),
    _e.spent_on >= bindparam("start"),
    _e.spent_on < bindparam("end"),
    _e.deleted_at.is_(None),
    # A refund is an income in a category of spending (`ledger.budgets.scopes.is_refund`).
    or_(_e.type == "expense", and_(_e.type == "income", _REFUNDED)),
)
_STATED = func.coalesce(_e.base_currency == CURRENCY, False)  # a literal of SQL
_LISTED = tuple(f"among_{number}" for number in range(LISTED_MAX))


def by_day(
    connection: Connection, ledger_id: int, coverage: Coverage, period: Period
) -> tuple[dict[date, int], bool]:
    """Return spending by day in minor units of the ledger's currency, and whether some is apart.

    What has no amount in that currency is in no sum (`apart` returns it).
    """
    rows = _fetch(connection, _by_day, ledger_id, coverage, period)
    return {row.spent_on: int(row.minor) for row in rows}, any(row.apart for row in rows)


def spent(
    connection: Connection, ledger_id: int, coverage: Coverage, period: Period
) -> tuple[int, bool]:
    """Return spending in minor units of the ledger's currency, and whether some is apart."""
    (row,) = _fetch(connection, _sum, ledger_id, coverage, period)
    return int(row.minor or 0), bool(row.apart)


def by_category(
    connection: Connection, ledger_id: int, period: Period
) -> dict[str, tuple[int, bool]]:
    """Return `spent` of every category with spending."""
    rows = _fetch(connection, _by_category, ledger_id, Coverage(), period)
    return {row.category: (int(row.minor), bool(row.apart)) for row in rows}


def typed(
    connection: Connection, ledger_id: int, coverage: Coverage, period: Period
) -> list[Spending]:
    """Return spending by day and currency, as it was typed."""
    return _spending(_fetch(connection, _typed, ledger_id, coverage, period))


def apart(
    connection: Connection, ledger_id: int, coverage: Coverage, period: Period
) -> list[Spending]:
    """Return spending without an amount in the ledger's currency, by day and currency."""
    return _spending(_fetch(connection, _apart, ledger_id, coverage, period))


def _spending(rows: Sequence[AnyRow]) -> list[Spending]:
    return [Spending(row.spent_on, row.currency, int(row.minor)) for row in rows]


def _fetch(
    connection: Connection,
    build: Any,  # noqa: ANN401  # a cached function of a kind
    ledger_id: int,
    coverage: Coverage,
    period: Period,
) -> Sequence[AnyRow]:
    kind, values = _narrowed(coverage)
    where = {"ledger": ledger_id, "start": period.start, "end": period.end, **values}
    return fetch(connection, build(kind), where)


def _narrowed(coverage: Coverage) -> tuple[_Kind, dict[str, Any]]:
    """Return the kind of statement that a coverage needs, and its values."""
    ids = coverage.categories
    if coverage.tag:
        escaped = coverage.tag.replace("/", "//").replace("%", "/%").replace("_", "/_")
        return "tag", {"tag": f"%#{escaped} %"}
    if coverage.paid_by is not None:
        return "person", {"person": coverage.paid_by}
    if not ids:
        return "all", {}
    if len(ids) == 1:
        return "one", {"among_0": ids[0]}
    if len(ids) <= LISTED_MAX:
        # Filled up with the last, because a list of unknown length cannot be prepared.
        filled = (*ids, *[ids[-1]] * (LISTED_MAX - len(ids)))
        return "few", dict(zip(_LISTED, filled, strict=True))
    return "many", {"categories": list(ids)}


def _condition(kind: _Kind) -> tuple[ColumnElement[bool], ...]:
    match kind:
        case "all":
            return ()
        case "one":
            return (_e.category == bindparam("among_0"),)
        case "few":
            return (or_(*(_e.category == bindparam(name) for name in _LISTED)),)
        case "many":
            return (_e.category.in_(bindparam("categories", expanding=True)),)
        case "tag":
            # A tag is followed by a space or the end, so `#work` does not find `#workshop`.
            return ((_e.search + " ").like(bindparam("tag"), escape="/"),)
        case "person":
            return (_e.paid_by == bindparam("person"),)


def _signed(minor: ColumnElement[int]) -> ColumnElement[int]:
    return case((_e.type == "income", -minor), else_=minor)


_BASE = func.sum(case((_STATED, _signed(_e.base_minor)), else_=0)).label("minor")
_APART = func.max(case((_STATED, 0), else_=1)).label("apart")


def _counted(query: Select[Any], kind: _Kind) -> Select[Any]:
    found = query.where(*_COUNTED, *_condition(kind))
    if kind == "tag":
        # Without statistics SQLite may choose an index that does not hold the searched text.
        found = found.with_hint(entries, "INDEXED BY ix_entries_search", "sqlite")
    return found


@cache
def _sum(kind: _Kind) -> Select[Any]:
    return _counted(select(_BASE, _APART), kind)


@cache
def _by_day(kind: _Kind) -> Select[Any]:
    return _counted(select(_e.spent_on, _BASE, _APART), kind).group_by(_e.spent_on)


@cache
def _by_category(kind: _Kind) -> Select[Any]:
    return _counted(select(_e.category, _BASE, _APART), kind).group_by(_e.category)


@cache
def _typed(kind: _Kind) -> Select[Any]:
    query = select(_e.spent_on, _e.currency, func.sum(_signed(_e.amount_minor)).label("minor"))
    return (
        _counted(query, kind).group_by(_e.spent_on, _e.currency).order_by(_e.spent_on, _e.currency)
    )


@cache
def _apart(kind: _Kind) -> Select[Any]:
    return _typed(kind).where(~_STATED)
