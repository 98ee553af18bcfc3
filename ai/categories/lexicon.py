"""Find phrases of the word list, which is written by hand, with their categories.

Files are `data/lexicon/<language>.txt` (`mul` for words that are the same in every language) with
`[category]`, then phrases separated by commas. A phrase under two categories points to both; `!`
marks one that decides whatever is next to it ("dog insurance" is insurance). The longest phrase wins
over the shorter ones inside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ai.categories.blurring import list_numbers
from ai.categories.features import words_of
from ai.categories.phrase_index import PhraseIndex, build_index
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
    "cs",
    "tr",
    "zh",
    "ja",
    "hi",
    "ar",
    "ko",
    "id",
    "vi",
    "fa",
    "he",
)
BANK = "bank"
"""The list of words in bank lines, which elsewhere have other meanings."""
_SHORT_OWN = {"ko": 3, "id": 5, "vi": 4, "fa": 3, "he": 3}
"""Latin letters up to which one word of a language counts in its own chats alone: without accents,
Vietnamese "den" (lamp) and "mit" (jackfruit) are small words of other languages."""
PHRASE_WORDS_MAX = 6
_INDEX = {category: number for number, category in enumerate(IDS)}


@dataclass(frozen=True, slots=True)
class Meaning:
    """The categories of a phrase as indexes into `IDS`, and whether it decides alone."""

    categories: tuple[int, ...]
    decides: bool

    def joined(self, other: Meaning | None) -> Meaning:
        """Return the categories of either."""
        if other is None:
            return self
        together = tuple(sorted({*self.categories, *other.categories}))
        return intern_meaning(together, decides=self.decides or other.decides)


@cache
def intern_meaning(categories: tuple[int, ...], *, decides: bool) -> Meaning:
    """Return the one object of this meaning, since thirty thousand phrases share a few hundred."""
    return Meaning(categories, decides)


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found in a text, as its number of words and its meaning."""

    words: int
    meaning: Meaning


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Phrases of all languages, keyed by their folded words.

    `joined` finds the meaning of a phrase in all languages, as its place in `meanings`; `own` holds,
    per language, phrases that mean less there ("pan" is bread in Spanish and cookware in English),
    and under `BANK` the phrases of bank lines. `starts` are the first words of phrases of several
    words, `numbers` the long ones in any phrase (see `blurring`).
    """

    joined: PhraseIndex
    meanings: tuple[Meaning, ...]
    own: dict[str, dict[str, Meaning]]
    starts: PhraseIndex
    numbers: frozenset[str]

    def hits(self, words: list[str], language: str = "") -> list[Hit]:
        """Find phrases from left to right, the longest at each place, without overlaps."""
        own = self.own.get(language, {})
        found: list[Hit] = []
        at = 0
        while at < len(words):
            hit = self._longest(words, at, own)
            if hit is None:
                at += 1
            else:
                found.append(hit)
                at += hit.words
        return found

    def meaning(self, phrase: str, language: str = "") -> Meaning | None:
        """Return the meaning of folded words, in this language before all others."""
        return self.own.get(language, {}).get(phrase) or self._joined_meaning(phrase)

    def _joined_meaning(self, phrase: str) -> Meaning | None:
        place = self.joined.get(phrase)
        return None if place is None else self.meanings[place]

    def _longest(self, words: list[str], at: int, own: dict[str, Meaning]) -> Hit | None:
        longest = 1 if self.starts.get(words[at]) is None else PHRASE_WORDS_MAX
        for size in range(min(longest, len(words) - at), 0, -1):
            key = " ".join(words[at : at + size])
            meaning = own.get(key) or self._joined_meaning(key)
            if meaning is not None:
                return Hit(size, meaning)
        return None


def read_phrases(language: str) -> list[tuple[str, str]]:
    """Read one language's list as (category id, phrase as written, `!` kept)."""
    return list(_iterate_phrases(language))


def _iterate_phrases(language: str) -> Iterator[tuple[str, str]]:
    source = files(__package__).joinpath("data", "lexicon", f"{language}.txt")
    category = ""
    with source.open(encoding="utf-8") as lines:
        for line in map(str.strip, lines):
            if line.startswith("["):
                category = line.strip("[] ")
            elif not line.startswith("#"):
                yield from ((category, p.strip()) for p in line.split(",") if p.strip())


def open_lexicon(included: Callable[[str], bool] = lambda _: True) -> Lexicon:
    """Load the lists of all languages; training leaves out phrases that are not `included`."""
    by_language = {language: _read_meanings(language, included) for language in LANGUAGES}
    bank = _read_meanings(BANK, included)
    gathered: dict[str, Meaning] = {}
    for language, meanings in by_language.items():
        for key, meaning in meanings.items():
            # Everywhere else a short Latin word would be read as a word of another language.
            if not key.isascii() or len(key) > _SHORT_OWN.get(language, 0):
                gathered[key] = meaning.joined(gathered.get(key))
    own = {
        language: {k: meaning for k, meaning in meanings.items() if meaning != gathered.get(k)}
        for language, meanings in by_language.items()
    }
    keys = [key for meanings in (*by_language.values(), bank) for key in meanings]
    starts = dict.fromkeys((key.split(" ", 1)[0] for key in keys if " " in key), 0)
    distinct = tuple(dict.fromkeys(gathered.values()))
    places = {meaning: place for place, meaning in enumerate(distinct)}
    joined = build_index({key: places[meaning] for key, meaning in gathered.items()})
    own[BANK] = bank
    return Lexicon(joined, distinct, own, build_index(starts), list_numbers(keys))


def _read_meanings(language: str, included: Callable[[str], bool]) -> dict[str, Meaning]:
    meanings: dict[str, Meaning] = {}
    for category, phrase in _iterate_phrases(language):
        key = " ".join(words_of(phrase.lstrip("!")))
        if key and included(phrase.lstrip("!")):
            meaning = intern_meaning((_INDEX[category],), decides=phrase.startswith("!"))
            meanings[key] = meaning.joined(meanings.get(key))
    return meanings
