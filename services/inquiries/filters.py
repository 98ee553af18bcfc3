"""Turn the filter of a query into one that the database applies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ledger.budgets.scopes import categories_of
from ledger.entries.queries import AmountRange, EntryFilter
from ledger.entries.searching import fold
from ledger.inquiries.query import Query, QueryFilter
from ledger.money import to_minor
from services.scope import Scope

STEM_MIN = 3
"""Letters that must be left of a word which is looked for by its beginning."""
CUT_MAX = 3
"""Letters that an ending may have; a long word may be a compound and lose half of it."""
COMPOUND_MIN = 9
SHORT_MAX = 4
"""Letters up to which a word is first looked for as a whole one."""
_SPACELESS = "\u0e00"
"""Scripts from here on write words without spaces."""
# Arabic and Hebrew join the article to its noun.
_ARTICLES = ("ال", "ה")


def filter_of(scope: Scope, query: Query) -> EntryFilter:
    """Return the entries that a query is about; `both` types are left to the caller."""
    asked = query.filter
    own = scope.settings.categories
    ids = [id_ for name in asked.scopes for id_ in categories_of(name, own)]
    return EntryFilter(
        period=asked.period,
        type=None if query.type == "both" else query.type,
        categories=tuple(dict.fromkeys(ids)),
        scopes=asked.scopes,
        tags=(asked.tag,) if asked.tag else (),
        words=asked.words,
        merchant=asked.merchant,
        paid_by=_person(scope, asked.member),
        amounts=_amounts(scope, asked),
        whole_words=_is_short(asked.words),
        without=tuple(filter_of(scope, Query(query.op, "both", one)) for one in asked.without),
    )


def _is_short(words: str) -> bool:
    """Return whether words are so short that they stand within many others: tea in steak."""
    typed = fold(words).split()
    return bool(typed) and all(len(one) <= SHORT_MAX and one < _SPACELESS for one in typed)


def _person(scope: Scope, name: str) -> int | None:
    if not name:
        return None
    members = scope.repositories.chats.members(scope.ledger.id)
    return next((member.user_id for member in members if member.name == name), None)


def _amounts(scope: Scope, asked: QueryFilter) -> AmountRange | None:
    if asked.least is None and asked.most is None and not asked.currency:
        return None
    currency = asked.currency or scope.settings.currency
    least = None if asked.least is None else to_minor(asked.least, currency)
    most = None if asked.most is None else to_minor(asked.most, currency)
    return AmountRange(least, most, currency)


def loosen(scope: Scope, which: EntryFilter) -> EntryFilter:
    """Return a filter whose words are found, by their beginnings where no entry has them whole.

    `pharmacies` finds *pharmacie*; the answer says which words were found.
    """
    if which.without:
        which = replace(which, without=tuple(loosen(scope, one) for one in which.without))
    # Tried over all days, or a month without a match would change the words.
    if not which.words or _any(scope, which.words, whole_words=which.whole_words):
        return which
    if which.whole_words:
        return loosen(scope, replace(which, whole_words=False))
    found = [next(_found(scope, word), word) for word in which.words.split()]
    return replace(which, words=" ".join(found))


def list_unknown(scope: Scope, which: EntryFilter) -> tuple[str, ...]:
    """Return the words by which something was to be left out, and which no entry has."""
    asked = [one for one in which.without if one.words]
    return tuple(
        one.words for one in asked if not _any(scope, one.words, whole_words=one.whole_words)
    )


def _found(scope: Scope, word: str) -> Iterator[str]:
    yield from (variant for variant in _variants(fold(word)) if _any(scope, variant))


def _variants(word: str) -> Iterator[str]:
    yield word
    for article in _ARTICLES:
        if word.startswith(article) and len(word) - len(article) >= STEM_MIN - 1:
            yield word[len(article) :]
    most = len(word) // 2 if len(word) >= COMPOUND_MIN else CUT_MAX
    for cut in range(1, most + 1):
        if len(word) - cut >= STEM_MIN:
            yield word[:-cut]


def _any(scope: Scope, words: str, *, whole_words: bool = False) -> bool:
    which = EntryFilter(words=words, whole_words=whole_words)
    return bool(scope.repositories.entries.page(scope.ledger.id, which, limit=1))
