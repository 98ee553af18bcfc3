"""The word list: phrases written by hand in fourteen languages, and what they speak for.

Files stand in `data/lexicon/<language>.txt` (`mul` reads the same in every language): `[category]`, then phrases parted by commas. A phrase
under two categories speaks for both; `!` marks one that decides whatever stands beside it ("dog
insurance" is insurance). The longest phrase wins over the shorter ones inside it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files

from ai.categories.features import words_of
from ledger.categories import IDS

LANGUAGES = (
    "mul",
    "en",
    "de",
    "es",
    "fr",
    "it",
    "pt",
    "ru",
    "uk",
    "pl",
    "tr",
    "zh",
    "ja",
    "hi",
    "ar",
)
PHRASE_WORDS_MAX = 6


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a phrase speaks for: indexes into `IDS`, and whether it decides alone."""

    categories: tuple[int, ...]
    decides: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found in a text: how many words it has and what it means."""

    words: int
    meaning: Meaning


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Phrases of all languages, keyed by their folded words."""

    meanings: dict[str, Meaning]
    starts: frozenset[str]

    def hits(self, tokens: list[str]) -> list[Hit]:
        """Find phrases from left to right, the longest at each place, none overlapping."""
        found: list[Hit] = []
        at = 0
        while at < len(tokens):
            hit = self._longest(tokens, at) if tokens[at] in self.starts else None
            if hit is None:
                at += 1
            else:
                found.append(hit)
                at += hit.words
        return found

    def _longest(self, tokens: list[str], at: int) -> Hit | None:
        for size in range(min(PHRASE_WORDS_MAX, len(tokens) - at), 0, -1):
            meaning = self.meanings.get(" ".join(tokens[at : at + size]))
            if meaning is not None:
                return Hit(size, meaning)
        return None


def read_phrases(language: str) -> list[tuple[str, str]]:
    """Read one language's list as (category id, phrase as written, `!` kept)."""
    source = files(__package__).joinpath("data", "lexicon", f"{language}.txt")
    pairs: list[tuple[str, str]] = []
    category = ""
    for line in source.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            category = line.strip("[] ")
        elif line and not line.startswith("#"):
            pairs.extend((category, phrase.strip()) for phrase in line.split(",") if phrase.strip())
    return pairs


def open_lexicon(heard: Callable[[str], bool] = lambda _: True) -> Lexicon:
    """Load the lists of all languages into one lexicon; training leaves out what is not `heard`."""
    index = {category: number for number, category in enumerate(IDS)}
    gathered: dict[str, tuple[set[int], bool]] = {}
    for language in LANGUAGES:
        for category, phrase in read_phrases(language):
            if not heard(phrase.lstrip("!")):
                continue
            key = " ".join(words_of(phrase.lstrip("!")))
            categories, decides = gathered.get(key, (set(), False))
            categories.add(index[category])
            gathered[key] = (categories, decides or phrase.startswith("!"))
    meanings = {key: Meaning(tuple(sorted(c)), d) for key, (c, d) in gathered.items() if key}
    return Lexicon(meanings, frozenset(key.split(" ", 1)[0] for key in meanings))
