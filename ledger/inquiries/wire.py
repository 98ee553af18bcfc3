"""Write queries as JSON: for the command line, buttons, a model's answer, and the talk's memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, get_args

from ledger.categories import GROUPS
from ledger.inquiries.query import Compared, Grouping, Op, Query, QueryFilter, QueryType
from ledger.periods.period import Period, PeriodKind

EXCEPTED_MAX = 10
"""Filters of one query that leave something out."""
_DAY = timedelta(days=1)
_TEXTS = ("merchant", "words", "item", "tag", "member", "currency")


def query_fields(query: Query) -> dict[str, Any]:
    """Return the fields of a query; those that say nothing are left out. Both days of a period belong to it."""
    found: dict[str, Any] = {
        "op": query.op,
        "type": query.type,
        "filter": _filter_fields(query.filter),
        "by": query.by,
        "compare_to": query.compare_to,
        "other": _period_fields(query.other),
        "order": "asc" if query.ascending else None,
        "limit": query.limit,
        "rank": "count" if query.by_count else None,
    }
    return {name: value for name, value in found.items() if value is not None}


def _filter_fields(which: QueryFilter) -> dict[str, Any]:
    found: dict[str, Any] = {"period": _period_fields(which.period)}
    categories = [scope for scope in which.scopes if scope not in GROUPS]
    groups = [scope for scope in which.scopes if scope in GROUPS]
    for name, scopes in (("category", categories), ("group", groups)):
        found[name] = scopes[0] if len(scopes) == 1 else scopes
    found |= {name: getattr(which, name) for name in _TEXTS}
    found["min"] = None if which.least is None else f"{which.least:f}"
    found["max"] = None if which.most is None else f"{which.most:f}"
    found["except"] = [_filter_fields(one) for one in which.without]
    return {name: value for name, value in found.items() if value not in (None, "", [])}


def _period_fields(period: Period | None) -> dict[str, str] | None:
    if period is None:
        return None
    return {"from": period.start.isoformat(), "to": period.last.isoformat(), "kind": period.kind}


def load_query(fields: Mapping[str, Any]) -> Query:
    """Return the query that fields describe.

    Raises:
        ValueError: a value is none of those that its field may have.
    """
    try:
        return Query(
            op=_one_of(fields.get("op"), get_args(Op)),
            type=_one_of(fields.get("type") or "expense", get_args(QueryType)),
            filter=_load_filter(fields.get("filter") or {}),
            by=_optional(fields.get("by"), get_args(Grouping)),
            compare_to=_optional(fields.get("compare_to"), get_args(Compared)),
            other=_load_period(fields.get("other")),
            ascending=fields.get("order") == "asc",
            limit=_load_limit(fields.get("limit")),
            by_count=fields.get("rank") == "count",
        )
    except (TypeError, KeyError, AttributeError, InvalidOperation) as error:
        raise ValueError(str(error)) from error


def _load_filter(fields: Mapping[str, Any]) -> QueryFilter:
    scopes = (*_listed(fields.get("category")), *_listed(fields.get("group")))
    texts = {name: str(fields.get(name) or "") for name in _TEXTS}
    least, most = (
        None if fields.get(name) is None else Decimal(str(fields[name])) for name in ("min", "max")
    )
    return QueryFilter(
        _load_period(fields.get("period")),
        scopes,
        least=least,
        most=most,
        # What is left out leaves out nothing itself.
        without=tuple(replace(_load_filter(one), without=()) for one in _excepted(fields)),
        **texts,
    )


def _excepted(fields: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = fields.get("except") or []
    if not isinstance(found, list) or len(found) > EXCEPTED_MAX:
        message = "except is no list"
        raise ValueError(message)
    return found


def _load_period(fields: Mapping[str, Any] | None) -> Period | None:
    if not fields:
        return None
    start, last = date.fromisoformat(fields["from"]), date.fromisoformat(fields["to"])
    if last < start:
        message = f"{last} is before {start}"
        raise ValueError(message)
    return Period(start, last + _DAY, _one_of(fields.get("kind") or "custom", get_args(PeriodKind)))


def _load_limit(value: Any) -> int | None:  # noqa: ANN401
    return None if value is None else max(1, min(int(value), 50))


def _listed(value: Any) -> tuple[str, ...]:  # noqa: ANN401
    if not value:
        return ()
    return (value,) if isinstance(value, str) else tuple(map(str, value))


def _optional(value: Any, known: tuple[Any, ...]) -> Any:  # noqa: ANN401
    return None if value is None else _one_of(value, _flat(known))


def _one_of(value: Any, known: tuple[Any, ...]) -> Any:  # noqa: ANN401
    if value not in _flat(known):
        message = f"{value!r} is unknown"
        raise ValueError(message)
    return value


def _flat(known: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the values of nested literals."""
    return tuple(one for value in known for one in (_flat(get_args(value)) or (value,)))
