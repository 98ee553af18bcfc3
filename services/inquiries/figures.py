"""Sum up what a filter lets through: in the ledger's currency, and apart where no rate is known."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from datetime import date
from typing import TypeVar

from ledger.budgets.scopes import is_refund
from ledger.entries.queries import EntryFilter, GroupTotal, Total
from ledger.inquiries.answers import Figures, Group
from ledger.inquiries.query import Grouping, QueryType
from ledger.money import Money
from ledger.periods.period import Period, day_period
from services.scope import Scope

Key = TypeVar("Key", bound=Hashable)


def sum_up(scope: Scope, which: EntryFilter, kind: QueryType) -> Figures:
    """Return the figures of all entries that a filter lets through."""
    rows = scope.repositories.entries.grouped(scope.ledger.id, _any_type(which), "category")
    return figures_of((row.total for row in rows), kind, scope.settings.currency)


def sum_typed(scope: Scope, which: EntryFilter, kind: QueryType) -> tuple[Money, ...]:
    """Return the sums of all entries that a filter lets through in the currencies that were typed."""
    rows = scope.repositories.entries.typed(scope.ledger.id, _any_type(which))
    return figures_of(rows, kind, scope.settings.currency).apart


def group_by(scope: Scope, which: EntryFilter, kind: QueryType, by: Grouping) -> list[Group]:
    """Return the figures of each group, in no order; groups without an entry are left out."""
    match by:
        case "category" | "merchant" | "member" | "tag":
            rows = scope.repositories.entries.grouped(scope.ledger.id, _any_type(which), by)
            found = _grouped(scope, rows, kind, _key)
            return [Group(key, figures, _narrowed(which, by, key)) for key, figures in found]
        case "day" | "week" | "month" | "weekday":
            return _by_day(scope, which, kind, by)
        case "item":
            # Lines of receipts are summed up by `services.inquiries.lines`.
            return []


def _key(row: GroupTotal) -> str | int:
    assert not isinstance(row.key, date), "summed by another column"
    return row.key or ""


def _any_type(which: EntryFilter) -> EntryFilter:
    # What came back is an income, and lowers the spending of its category.
    return replace(which, type=None)


def _narrowed(which: EntryFilter, by: Grouping, key: str | int) -> EntryFilter | None:
    match by, key:
        case "category", str():
            return replace(which, categories=(key,), scopes=(key,))
        case "merchant", str() if key:
            return replace(which, merchant=key)
        case "member", int():
            return replace(which, paid_by=key)
        case "tag", str():
            return replace(which, tags=(*which.tags, key))
        case _:
            return None


def _by_day(scope: Scope, which: EntryFilter, kind: QueryType, by: Grouping) -> list[Group]:
    rows = scope.repositories.entries.grouped(scope.ledger.id, _any_type(which), "day")
    calendar = scope.settings.calendar

    def key(row: GroupTotal) -> int | Period:
        assert isinstance(row.key, date), "summed by day"
        if by == "weekday":
            return row.key.weekday()
        return calendar.of(by, row.key) if by in ("week", "month") else day_period(row.key)

    found = _grouped(scope, rows, kind, key)
    return [
        Group(one, figures, replace(which, period=_within(one, which.period)))
        if isinstance(one, Period)
        else Group(one, figures, None)
        for one, figures in found
    ]


def _within(one: Period, asked: Period | None) -> Period:
    """Return the part of a group's period that was asked for."""
    if asked is None or (asked.start <= one.start and one.end <= asked.end):
        return one
    return Period(max(one.start, asked.start), min(one.end, asked.end))


def _grouped(
    scope: Scope, rows: Iterable[GroupTotal], kind: QueryType, key: Callable[[GroupTotal], Key]
) -> list[tuple[Key, Figures]]:
    totals: dict[Key, list[Total]] = defaultdict(list)
    for row in rows:
        totals[key(row)].append(row.total)
    found = [
        (one, figures_of(listed, kind, scope.settings.currency)) for one, listed in totals.items()
    ]
    return [(one, figures) for one, figures in found if not figures.is_empty]


def figures_of(totals: Iterable[Total], kind: QueryType, currency: str) -> Figures:
    """Add sums up: spending less refunds, incomes, or incomes less spending for `both`."""
    minor = count = refunds = 0
    apart: Counter[str] = Counter()
    for total in totals:
        sign = _sign(total, kind)
        if not sign:
            continue
        if total.currency is None:
            minor += sign * total.minor
        else:
            apart[total.currency] += sign * total.minor
        if kind == "expense" and total.type == "income":
            refunds += total.count
        else:
            count += total.count
    monies = (Money.of_minor(n, code) for code, n in sorted(apart.items()) if n)
    return Figures(Money.of_minor(minor, currency), count, refunds, tuple(monies))


def add_up(found: Iterable[Figures]) -> Figures:
    """Return the figures of several filters as one; of at least one, all in one currency."""
    first, *others = found
    total, apart = first.total.minor, Counter({one.currency: one.minor for one in first.apart})
    for other in others:
        total += other.total.minor
        for money in other.apart:
            apart[money.currency] += money.minor
    monies = (Money.of_minor(n, code) for code, n in sorted(apart.items()) if n)
    return Figures(
        Money.of_minor(total, first.total.currency),
        first.count + sum(one.count for one in others),
        first.refunds + sum(one.refunds for one in others),
        tuple(monies),
    )


def _sign(total: Total, kind: QueryType) -> int:
    """Return how an amount counts: 1, -1, or not at all."""
    if total.type == "transfer":
        return 0
    refund = is_refund(total.type, total.category)
    match kind:
        case "expense":
            return 1 if total.type == "expense" else -1 if refund else 0
        case "income":
            return 1 if total.type == "income" and not refund else 0
        case "both":
            return 1 if total.type == "income" else -1
