"""Find names of shops and services in a text, with their categories.

`data/brands.txt` is written by `bench/training/brands.py` from OpenStreetMap's
name-suggestion-index (BSD-3-Clause; see `data/NOTICE.txt`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ai.categories.blurring import list_numbers
from ai.categories.features import words_of
from ai.categories.phrase_index import PhraseIndex, build_index
from ledger.categories import IDS
from ledger.receipt.reading.labels import fold_text

NAME_WORDS_MAX = 6


@dataclass(frozen=True, slots=True)
class BrandHit:
    """A brand found in a text, with its category as an index into `IDS`.

    `whole` if only figures and a bank's own words stand around it, `leads` if it comes first.
    """

    name: str
    category: int
    words: int
    whole: bool
    leads: bool


@dataclass(frozen=True, slots=True)
class Brands:
    """Categories (indexes into `IDS`) of folded names.

    `bank_words` are the words that banks and tills print around a name.
    """

    categories: PhraseIndex
    bank_words: frozenset[str]
    numbers: frozenset[str]
    """The long numbers in any name (see `blurring`)."""

    def find(self, words: list[str]) -> BrandHit | None:
        """Find the longest brand among the words, the leftmost of equals."""
        name = " ".join(words)
        whole = self.categories.get(name)
        if whole is not None:
            return BrandHit(name, whole, len(words), whole=True, leads=True)
        named = [word for word in words if word not in self.bank_words and not word.isdigit()]
        # "Lidl Plus" before "Lidl": a longer name is more exact than a word of it.
        for size in range(min(NAME_WORDS_MAX, len(named)), 0, -1):
            for at in range(len(named) - size + 1):
                name = " ".join(named[at : at + size])
                category = self.categories.get(name)
                if category is not None:
                    return BrandHit(name, category, size, whole=size == len(named), leads=at == 0)
        return None


def brand_key(name: str) -> str:
    """Return the key of a brand, its folded words with single blanks."""
    return " ".join(words_of(name))


@cache
def known_merchants() -> Mapping[str, str]:
    """Return the names for `ReceiptContext.brands`, whose spelling on signs is not known."""
    return {fold_text(name): "" for name in read_brands()}


def open_brands() -> Brands:
    """Load the bundled list."""
    text = files(__package__).joinpath("data", "bank_words.txt").read_text(encoding="utf-8")
    rows = (row for row in text.splitlines() if not row.startswith("#"))
    bank_words = frozenset(word for row in rows for word in row.split())
    categories = read_brands()
    return Brands(build_index(categories), bank_words, list_numbers(categories))


def read_brands() -> dict[str, int]:
    """Read the folded names of the bundled list with their categories."""
    categories: dict[str, int] = {}
    category = 0
    with files(__package__).joinpath("data", "brands.txt").open(encoding="utf-8") as lines:
        for line in map(str.strip, lines):
            if line.startswith("["):
                category = IDS.index(line.strip("[]"))
            elif line and not line.startswith("#"):
                categories[line] = category
    return categories
