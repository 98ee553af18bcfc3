"""Read the period, category, tag or words that `/list` and `/find` are asked for."""

from __future__ import annotations

from collections.abc import Mapping

from ledger.period import Period, parse_period
from ledger.queries import EntryFilter
from ledger.scopes import categories_of, find_scope
from services.scope import Scope


def find_period(scope: Scope, words: str) -> Period | None:
    """Return the period that words name by the ledger's calendar and language."""
    settings = scope.settings
    return parse_period(words, scope.today, calendar=settings.calendar, language=settings.language)


def read_filter(scope: Scope, words: str, names: Mapping[str, str]) -> EntryFilter:
    """Return the entries that words ask for; `names` maps names of categories and groups to ids.

    Words that name a period or a category mean that; any other words are looked for in note, shop
    and tags.
    """
    if not words:
        return EntryFilter()
    if period := find_period(scope, words):
        return EntryFilter(period=period)
    own = scope.settings.categories
    if target := find_scope(words, names, own):
        return EntryFilter(categories=tuple(id_ for id_ in categories_of(target, own) if id_))
    return EntryFilter(words=words)
