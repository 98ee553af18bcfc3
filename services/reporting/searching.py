"""Read what `/list`, `/find`, `/summary` and `/export` are asked for, by the names of the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from ledger.budgets.scopes import categories_of, find_known_scope, known_scopes, near_scopes
from ledger.chats import Member
from ledger.entries.queries import EntryFilter
from ledger.entries.searching import fold
from ledger.errors import InputError
from ledger.periods.period import Period, parse_period
from ledger.text import FilterContext, TextContext, parse_filter
from services.reporting.trips import calendar_with_trips
from services.scope import Scope

_INCOME = "income"


def find_period(scope: Scope, words: str) -> Period | None:
    """Return the period that words name by the ledger's calendar and language."""
    settings = scope.settings
    return parse_period(
        words, scope.today, calendar=calendar_with_trips(scope), language=settings.language
    )


def read_filter(scope: Scope, words: str, names: Mapping[str, str]) -> EntryFilter:
    """Return the entries that words ask for; `names` maps names of categories and groups to ids.

    Words that name nothing are looked for in note, shop and tags.

    Raises:
        InputError: an amount cannot be read (`filter_amount`, `filter_amounts`).
    """
    if not words:
        return EntryFilter()
    own = scope.settings.categories
    known = known_scopes(names, own)
    # Income is never budgeted, hence never a scope; here it means every income, whatever its category.
    known |= {fold(name): _INCOME for name, id_ in names.items() if id_ == _INCOME}
    context = FilterContext(
        TextContext("private", scope.settings.currency, scope.now, scope.settings.language),
        partial(find_period, scope),
        partial(find_known_scope, known=known),
        _people(scope.repositories.chats.members(scope.ledger.id)),
    )
    return _with_categories(scope, parse_filter(words, context))


def _with_categories(scope: Scope, which: EntryFilter) -> EntryFilter:
    """Return a filter with the categories of its scopes, and of those that are left out."""
    which = replace(which, without=tuple(_with_categories(scope, one) for one in which.without))
    if which.scopes == (_INCOME,):
        return replace(which, type="income")
    own = scope.settings.categories
    ids = [id_ for name in which.scopes for id_ in categories_of(name, own)]
    return replace(which, categories=tuple(dict.fromkeys(ids)))


def read_known_filter(scope: Scope, words: str, names: Mapping[str, str]) -> EntryFilter:
    """Return the entries to sum up or to export; words that no entry has are an error.

    Raises:
        InputError: as `read_filter`, and `filter_unknown`, with the categories of similar names.
    """
    which = read_filter(scope, words, names)
    entries = scope.repositories.entries
    for asked in (which.words, *(one.words for one in which.without)):
        if asked and not entries.page(scope.ledger.id, EntryFilter(words=asked), limit=1):
            near = tuple(near_scopes(asked, names, scope.settings.categories))
            raise InputError("filter_unknown", words=asked, near=near)
    return which


def _people(members: list[Member]) -> dict[str, int]:
    """Return the names by which members may be called; names that several share name nobody."""
    if len(members) < 2:  # noqa: PLR2004  # everything is paid by the only one
        return {}
    names = [(name, member.user_id) for member in members for name in set(_names(member))]
    shared = Counter(name for name, _ in names)
    return {name: user_id for name, user_id in names if name and shared[name] == 1}


def _names(member: Member) -> list[str]:
    name = " ".join(fold(member.name).split())
    return [name, name.partition(" ")[0], fold(member.username or "")]
