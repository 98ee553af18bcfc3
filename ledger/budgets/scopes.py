"""Define the scope of a budget: everything, a fixed group, a category, a tag, or a person.

A scope is `""` (all spending), a group id (`Food`), a category id (`groceries`, or the id of one of
the chat's own categories), `#` and a folded tag, or `@` and a user id. Group ids are capitalised,
default category ids are not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from ledger.budgets.budget import TOTAL, Budget
from ledger.categories import GROUPS, REFUNDED, SPENDING, Group, group_of, members_of
from ledger.entries.entry import Entry, EntryType
from ledger.entries.queries import Coverage
from ledger.entries.searching import fold
from ledger.settings import OwnCategory, Per

TAG, PERSON = "#", "@"
"""The first characters of the scopes of a tag and of a person."""

_NEAR_MAX = 3
_NEAR_CUTOFF = 0.72
_ALL = frozenset({"all", "total", "everything", "*"})
_WIDTHS = {"category": 0, "other": 1, "group": 2, "total": 3}
_LENGTHS: tuple[Per, ...] = ("day", "week", "fortnight", "trip", "month", "quarter", "year")
_GROUP_NAMES: dict[str, str] = {group.casefold(): group for group in GROUPS}


def covers(scope: str, category: str) -> bool:
    """Return whether spending in a category counts in a scope; without one it is `Other`.

    A tag and a person cover no category.
    """
    if scope == TOTAL:
        return True
    if scope in GROUPS:
        return group_of(category) == scope
    return category == scope


def counts(scope: str, entry: Entry) -> bool:
    """Return whether an entry counts in a scope, as spending or as money that came back."""
    if not (entry.type == "expense" or is_refund(entry.type, entry.category)):
        return False
    if scope.startswith(TAG):
        return scope[1:] in map(tag_key, entry.tags)
    if scope.startswith(PERSON):
        return scope[1:] == str(entry.paid_by)
    return covers(scope, entry.category)


def is_refund(entry_type: EntryType, category: str) -> bool:
    """Return whether an amount lowers its category, as an income in a category of spending does."""
    return entry_type == "income" and category in REFUNDED


def tag_key(tag: str) -> str:
    """Return the key under which a tag counts, whatever its case and accents."""
    return fold(tag.lstrip(TAG))


def coverage_of(scope: str, own: Iterable[OwnCategory] = ()) -> Coverage:
    """Return the conditions by which the spending of a scope is summed up."""
    if scope.startswith(TAG):
        return Coverage(tag=scope[1:])
    if scope.startswith(PERSON):
        return Coverage(paid_by=int(scope[1:]))
    return Coverage(categories=categories_of(scope, own))


def categories_of(scope: str, own: Iterable[OwnCategory] = ()) -> tuple[str, ...]:
    """List the category ids that a scope counts; none for the total (it counts all of them)."""
    if scope == TOTAL:
        return ()
    if scope not in GROUPS:
        return (scope,)
    group: Group = next(g for g in GROUPS if g == scope)
    if group != "Other":
        return members_of(group)
    return (*members_of(group), *(c.id for c in own if c.id not in SPENDING), "")


def width(budget: Budget) -> tuple[int, int]:
    """Return a sort key: the narrowest scope first, then the shorter period."""
    if budget.scope.startswith((TAG, PERSON)):
        kind = "other"
    else:
        kind = (
            "total" if budget.scope == TOTAL else "group" if budget.scope in GROUPS else "category"
        )
    return _WIDTHS[kind], _LENGTHS.index(budget.per)


def find_scope(words: str, names: Mapping[str, str], own: Iterable[OwnCategory]) -> str | None:
    """Return the scope that a person names, or None when nothing is called so.

    An id means itself, to the letter, because buttons send ids. Else case does not matter, and
    `names` maps names in the chat's language to ids. A word that is a category as well as a group
    (`travel`, `shopping`, `health`, `entertainment`, `other`) means the category, the narrower
    reading; `Travel` and `all travel` are the group.
    """
    return find_known_scope(words, known_scopes(names, own))


def find_known_scope(words: str, known: Mapping[str, str]) -> str | None:
    """Return the scope that a person names, by the names of `known_scopes`."""
    if words in GROUPS or words in SPENDING:
        return words
    said = _plain(words)
    if said in _ALL:
        return TOTAL
    first, _, rest = said.partition(" ")
    if first in _ALL and rest in _GROUP_NAMES:
        return _GROUP_NAMES[rest]
    return known.get(said)


def near_scopes(words: str, names: Mapping[str, str], own: Iterable[OwnCategory]) -> list[str]:
    """Return up to three scopes whose names resemble the typed one, the best first."""
    known = known_scopes(names, own)
    close = get_close_matches(_plain(words), known, n=2 * _NEAR_MAX, cutoff=_NEAR_CUTOFF)
    return list(dict.fromkeys(known[name] for name in close))[:_NEAR_MAX]


def known_scopes(names: Mapping[str, str], own: Iterable[OwnCategory]) -> dict[str, str]:
    """Map every folded name to its scope; of equal names the category is the one that stays."""
    known = dict(_GROUP_NAMES)
    known |= {_plain(name): scope for name, scope in names.items() if _may_be_budgeted(scope)}
    known |= {_plain(category): category for category in SPENDING}
    for category in own:
        if _may_be_budgeted(category.id):
            known |= {_plain(category.id): category.id, _plain(category.name): category.id}
    known.pop("", None)
    return known


def _may_be_budgeted(scope: str) -> bool:
    return scope in GROUPS or group_of(scope) is not None


def _plain(words: str) -> str:
    return " ".join(fold(words).replace("_", " ").split())
