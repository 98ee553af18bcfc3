"""Turn a filter of entries into conditions of SQL, for pages, counts, sums and streams alike."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select, true

from ledger.entries.queries import AmountRange, EntryFilter
from ledger.entries.searching import BETWEEN_WORDS, ENDINGS, fold
from storage.database.tables import entries, ledgers

SEARCH_WORDS_MAX = 8
"""Words of a search that are looked for; further ones are passed over."""

Query = TypeVar("Query", bound=Select[Any])
_e = entries.c

CURRENCY = select(ledgers.c.currency).where(ledgers.c.id == bindparam("ledger")).scalar_subquery()
"""The currency of the ledger `ledger`, looked up once a statement."""


def matching(query: Query, which: EntryFilter) -> Query:
    """Return a query of `entries` for those of the ledger `ledger` that a filter lets through."""
    found = query.where(_e.ledger_id == bindparam("ledger"), *_conditions(which))
    if any(one.words or one.tags for one in (which, *which.without)):
        # Without statistics SQLite may choose an index that does not hold the searched text.
        found = found.with_hint(entries, "INDEXED BY ix_entries_search", "sqlite")
    return found


def _conditions(which: EntryFilter) -> list[ColumnElement[bool]]:
    left_out = (and_(*_stated(one)) for one in which.without)
    # `NOT` would leave out an entry without a shop too, since nothing is known of its shop.
    kept = (one.is_not(true()) for one in left_out)
    return [_e.deleted_at.is_(None), *_stated(which), *kept]


def _stated(which: EntryFilter) -> list[ColumnElement[bool]]:
    """Build the conditions that an entry must meet."""
    found: list[ColumnElement[bool]] = []
    if which.period is not None:
        found += [_e.spent_on >= which.period.start, _e.spent_on < which.period.end]
    if which.type is not None:
        found.append(_e.type == which.type)
    if which.categories:
        found.append(_e.category.in_(which.categories))
    if which.merchant:
        found.append(_e.merchant == which.merchant)
    if which.paid_by is not None:
        found.append(_e.paid_by == which.paid_by)
    if which.amounts is not None:
        found.append(_within(which.amounts))
    return found + _searched(which)


def _searched(which: EntryFilter) -> list[ColumnElement[bool]]:
    """Build the conditions on the searched text; `autoescape` makes `%` and `_` plain characters."""
    # A tag is followed by a space or the end, so `#work` does not find `#workshop`.
    closed = _e.search + " "
    tags = [closed.contains(f"#{fold(tag)} ", autoescape=True) for tag in which.tags]
    words = fold(which.words).split()[:SEARCH_WORDS_MAX]
    if which.whole_words:
        return tags + [_stands_alone(word) for word in words if word]
    return tags + [_e.search.contains(word, autoescape=True) for word in words if word]


def _stands_alone(word: str) -> ColumnElement[bool]:
    """Compare whole words; signs that touch them in notes count as spaces."""
    text = " " + _e.search + " "
    for sign in BETWEEN_WORDS:
        text = func.replace(text, sign, " ")
    return or_(*(text.contains(f" {word}{end} ", autoescape=True) for end in ENDINGS))


def _within(amounts: AmountRange) -> ColumnElement[bool]:
    """Compare the amount in the ledger's currency or the one typed, whichever is in the range's."""
    # A base amount in a former currency of the ledger is as good as none.
    stated = (_e.base_currency == CURRENCY, _e.base_currency == amounts.currency)
    kinds = ((stated, _e.base_minor), ((_e.currency == amounts.currency,), _e.amount_minor))
    found = []
    for conditions, minor in kinds:
        both = [*conditions]
        if amounts.least_minor is not None:
            both.append(minor >= amounts.least_minor)
        if amounts.most_minor is not None:
            both.append(minor <= amounts.most_minor)
        found.append(and_(*both))
    return or_(*found)
