"""Look up the names that banks give their columns, and the words of their cells."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Literal, get_args

from ledger.statements.amounts import Side

Role = Literal[
    "date", "transaction_date", "value_date", "amount", "debit", "credit", "balance", "currency",
    "payee", "memo", "reference", "indicator", "fee", "state", "category", "foreign", "account",
]  # fmt: skip
ROLES: tuple[Role, ...] = get_args(Role)

_NO_SIGN = re.compile(r"[\W_]+")
_LATIN = re.compile(r"[a-z]")
_FOLDS = str.maketrans(
    {"ß": "ss", "ø": "o", "å": "a", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "ae"}
)


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """A name of a column within a header's cell."""

    role: Role
    length: int
    """Letters of the name; a longer name says more."""
    whole: bool
    """The cell holds nothing else but signs and codes."""
    english: bool


def fold_header(cell: str) -> str:
    """Return words as the table of names holds them, without case, accents and signs."""
    parts = unicodedata.normalize("NFKD", cell.casefold().translate(_FOLDS))
    plain = "".join(c for c in parts if not unicodedata.combining(c))
    return " ".join(_NO_SIGN.sub(" ", plain).split())


def match_header(cell: str) -> list[HeaderMatch]:
    """Return the longest names in a header's cell, one for each role that has one."""
    folded = fold_header(cell)
    best: dict[Role, HeaderMatch] = {}
    for name, meanings in _load().names.items():
        if name not in folded or not _stands_alone(name, folded):
            continue
        for role, english in meanings:
            match = HeaderMatch(role, len(name), name == folded, english)
            if role not in best or match.length > best[role].length:
                best[role] = match
    return sorted(best.values(), key=lambda match: (match.whole, match.length), reverse=True)


def find_side(cell: str) -> Side | None:
    """Return the side that a cell of an indicator column names."""
    return _load().sides.get(fold_header(cell) or cell.strip())


@lru_cache(maxsize=1 << 10)
def is_not_completed(cell: str) -> bool:
    """Return whether a cell says that a transaction moved no money, or not yet."""
    return fold_header(cell) in _load().not_completed


def is_summary(text: str) -> bool:
    """Return whether a row's words name a balance or a total."""
    folded = fold_header(text)
    return any(_stands_alone(word, folded) and word in folded for word in _load().summaries)


def is_card_payment(text: str) -> bool:
    """Return whether a row's words name the payment of a card's bill."""
    folded = fold_header(text)
    return any(word in folded for word in _load().card_payments)


def is_settlement(category: str) -> bool:
    """Return whether a category is that of a payment between two people."""
    return fold_header(category) in _load().settlements


@dataclass(frozen=True, slots=True)
class _Words:
    names: Mapping[str, list[tuple[Role, bool]]]
    sides: Mapping[str, Side]
    not_completed: frozenset[str]
    summaries: frozenset[str]
    card_payments: frozenset[str]
    settlements: frozenset[str]


@cache
def _load() -> _Words:
    text = resources.files(__package__).joinpath("headers.toml").read_text("utf-8")
    table: Mapping[str, Any] = tomllib.loads(text)
    names: dict[str, list[tuple[Role, bool]]] = defaultdict(list)
    for role in ROLES:
        for key in ("english", "words"):
            for word in table[role].get(key, ()):
                names[fold_header(word)].append((role, key == "english"))
    sides: dict[str, Side] = dict.fromkeys(table["values"]["out"], "out")
    sides |= dict.fromkeys(table["values"]["in"], "in")
    states = table["states"]
    return _Words(
        names,
        sides,
        *(
            frozenset(map(fold_header, states[key]))
            for key in ("not_completed", "summaries", "card_payments", "settlements")
        ),
    )


def _stands_alone(name: str, folded: str) -> bool:
    """Return whether a name's first and last letter end a word; other scripts write no blanks."""
    if not _LATIN.search(name):
        return name in folded
    return f" {name} " in f" {folded} "
