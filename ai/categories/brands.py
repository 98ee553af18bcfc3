"""The bundled brand list: which category a shop or service of that name belongs to.

`data/brands.txt` is written by `bench/training/brands.py` from OpenStreetMap's
name-suggestion-index (BSD-3-Clause; the notice stands in `data/NOTICE.txt`).
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

from ai.categories.features import words_of
from ledger.categories import IDS

NAME_WORDS_MAX = 6


@dataclass(frozen=True, slots=True)
class BrandHit:
    """A brand found in a text: index into `IDS`, how many words, whether it is the whole text."""

    category: int
    words: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Brands:
    """Names by their folded words, each with its category's index into `IDS`."""

    categories: dict[str, int]

    def find(self, words: list[str]) -> BrandHit | None:
        """Find the longest brand among the words, the leftmost of equals."""
        for size in range(min(NAME_WORDS_MAX, len(words)), 0, -1):
            for at in range(len(words) - size + 1):
                category = self.categories.get(" ".join(words[at : at + size]))
                if category is not None:
                    return BrandHit(category, size, size == len(words))
        return None


def brand_key(name: str) -> str:
    """Return a brand's name as it is looked up: folded words with single blanks."""
    return " ".join(words_of(name))


def open_brands() -> Brands:
    """Load the bundled list."""
    text = files(__package__).joinpath("data", "brands.txt").read_text(encoding="utf-8")
    categories: dict[str, int] = {}
    category = 0
    for line in text.splitlines():
        if line.startswith("["):
            category = IDS.index(line.strip("[]"))
        elif line and not line.startswith("#"):
            categories[line] = category
    return Brands(categories)
