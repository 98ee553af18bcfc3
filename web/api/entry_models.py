"""Turn entries into expenses, and filters of queries into filters of entries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from ledger.budgets.scopes import categories_of, find_scope
from ledger.entries.entry import Entry
from ledger.entries.queries import EntryFilter
from ledger.errors import InputError
from ledger.formats.program_fields import EntryNames
from ledger.periods.days import utc
from ledger.periods.period import Period
from replies.names import list_category_names, list_scope_names
from services.entries.direct import find_category_named, find_member_named
from services.entries.naming import list_names
from services.scope import Scope
from web.api.models.expenses import Expense, FilterQuery

_BEFORE_ALL, _AFTER_ALL = date(1, 1, 1), date(9999, 12, 31)


def write_instant(at: datetime) -> str:
    """Return a moment in UTC, as the CSV writes it."""
    return utc(at).isoformat().removesuffix("+00:00") + "Z"


def show_expense(names: EntryNames, entry: Entry) -> Expense:
    """Return an entry as the API shows it."""
    return Expense.model_validate(names.fields(entry))


def expense_of(scope: Scope, entry: Entry) -> Expense:
    """Return one entry as the API shows it."""
    return show_expense(list_names(scope), entry)


def expenses_of(scope: Scope, entries: Sequence[Entry]) -> tuple[Expense, ...]:
    """Return entries as the API shows them."""
    names = list_names(scope)
    return tuple(show_expense(names, entry) for entry in entries)


def filter_of(scope: Scope, query: FilterQuery) -> EntryFilter:
    """Return the filter of a query.

    Raises:
        InputError: `category_unknown`, `payer_unknown`.
    """
    return EntryFilter(
        period=_period(query),
        type=query.type,
        categories=_categories(scope, query.category) if query.category else (),
        tags=(query.tag.removeprefix("#"),) if query.tag else (),
        words=query.q or "",
        merchant=query.merchant or "",
        paid_by=find_member_named(scope, query.member) if query.member else None,
    )


def _period(query: FilterQuery) -> Period | None:
    if query.first is None and query.last is None:
        return None
    end = query.last + timedelta(days=1) if query.last else _AFTER_ALL
    return Period(query.first or _BEFORE_ALL, end)


def _categories(scope: Scope, words: str) -> tuple[str, ...]:
    try:
        return (find_category_named(scope, words, list_category_names(scope.settings)),)
    except InputError:
        group = find_scope(words, list_scope_names(scope.settings), scope.settings.categories)
        if not group:
            raise
        return categories_of(group, scope.settings.categories)
