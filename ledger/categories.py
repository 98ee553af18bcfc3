"""Define the default categories, their fixed groups, and the keys of remembered notes.

A category id is a stable lower-case word; names are in the catalogues and a chat may rename them or
add its own, whose id is then the chat's own name. Groups are fixed, because budgets are set by
them. `income` is not spending; `transfer` exists for the system and never counts.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

Group = Literal["Food", "Travel", "Shopping", "Bills", "Entertainment", "Health", "Other"]

GROUPS: tuple[Group, ...] = (
    "Food",
    "Travel",
    "Shopping",
    "Bills",
    "Entertainment",
    "Health",
    "Other",
)


@dataclass(frozen=True, slots=True)
class Category:
    """One default category; `group` is None where nothing is spent (income, transfer)."""

    id: str
    emoji: str
    group: Group | None


CATEGORIES: tuple[Category, ...] = (
    Category("groceries", "🛒", "Food"),
    Category("eating_out", "🍽️", "Food"),
    Category("transport", "🚌", "Travel"),
    Category("travel", "✈️", "Travel"),
    Category("housing", "🏠", "Bills"),
    Category("utilities", "💡", "Bills"),
    Category("subscriptions", "🔁", "Bills"),
    Category("fees_taxes_insurance", "🏛️", "Bills"),
    Category("education", "🎓", "Bills"),
    Category("shopping", "🛍️", "Shopping"),
    Category("kids_pets", "🧸", "Shopping"),
    Category("entertainment", "🎬", "Entertainment"),
    Category("health", "🩺", "Health"),
    Category("personal_care", "💇", "Health"),
    Category("gifts_donations", "🎁", "Other"),
    Category("other", "📦", "Other"),
    Category("income", "💰", None),
    Category("transfer", "🔀", None),
)
"""Every default category in the order in which they are offered."""

IDS: tuple[str, ...] = tuple(category.id for category in CATEGORIES)

SPENDING: tuple[str, ...] = tuple(c.id for c in CATEGORIES if c.group is not None)
"""The categories of expenses, which are all but income and transfer."""

REFUNDED: tuple[str, ...] = tuple(one for one in SPENDING if one != "other")
"""The categories in which an income is a refund. One in `other` or in a category of the chat's own
may be anything, a salary too."""

SYSTEM: frozenset[str] = frozenset({"transfer"})
"""Never offered to a person, never a budget, never counted as spending."""

_KEYS_REMEMBERED = 2048
"""Keys of notes and merchants that are kept; each entry asks for its own several times."""
_BY_ID = {category.id: category for category in CATEGORIES}

_SPACES = re.compile(r"\s+")
_BRANCH = re.compile(r"[#№*]\s*\d+|\b\d{3,}\b")
_NOT_WORD = re.compile(r"[^\w&+]+|_")


def find_category(category_id: str) -> Category | None:
    """Return the default category of this id, None for a chat's own."""
    return _BY_ID.get(category_id)


def group_of(category_id: str) -> Group | None:
    """Return the fixed group: `Other` for a chat's own category, None for income and transfer."""
    found = _BY_ID.get(category_id)
    return found.group if found else "Other"


@cache
def members_of(group: Group) -> tuple[str, ...]:
    """List the category ids of a group in their order of offering."""
    return tuple(c.id for c in CATEGORIES if c.group == group)


@lru_cache(_KEYS_REMEMBERED)
def note_key(text: str) -> str:
    """Return the key under which a note is remembered, whatever its case and spacing.

    Figures stay: "2 tickets to Rome" and "1 ticket to Rome" may have different categories.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    return _SPACES.sub(" ", plain).strip(" .,;:!?-–—")


@lru_cache(_KEYS_REMEMBERED)
def merchant_key(name: str) -> str:
    """Return the key under which a merchant is remembered; branch numbers and marks are dropped.

    "REWE #0123" and "Rewe 4711" are one merchant. A name of nothing but figures keeps them.
    """
    plain = unicodedata.normalize("NFKC", name).casefold()
    bare = _NOT_WORD.sub(" ", _BRANCH.sub(" ", plain)).strip()
    return _SPACES.sub(" ", bare) or note_key(name)
