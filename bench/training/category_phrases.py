"""Draws training lines from the word lists in the forms that people write.

Each language has frames in `category_frames.txt`. `{}` is a phrase of one category, `{same}` another
of it, `{any}` a phrase of any category that the frame's own words overrule.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from zlib import crc32

from ai.categories.lexicon import LANGUAGES, read_phrases

COPIES = 4
"""Drawn lines per phrase of the list, besides the phrase itself."""
ROUTE_LINES = 6000
TYPO_SHARE = 0.05
EXCLUDED_SHARE = 0.8
"""Share of the judging lines about things that no list and no training line has."""

# A household's entries by category, of a hundred: our estimate of what people type.
TYPICAL = {
    "groceries": 28, "eating_out": 20, "transport": 13, "shopping": 8, "housing": 6,
    "utilities": 4, "health": 6, "personal_care": 4, "entertainment": 4, "subscriptions": 2,
    "fees_taxes_insurance": 3, "gifts_donations": 3, "kids_pets": 3, "travel": 2,
    "education": 3, "income": 2, "transfer": 2, "other": 2,
}  # fmt: skip

Included = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Line:
    """A training line with its accepted categories, of which the first is meant."""

    text: str
    categories: tuple[str, ...]
    language: str


@dataclass(slots=True)
class PhraseBook:
    """One language's phrases and frames."""

    language: str
    frames: dict[str, list[str]]
    by_category: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    meanings: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def line(self, phrase: str, chance: random.Random) -> Line | None:
        """Put a phrase into one of its category's frames, None where the language has none."""
        categories = self.meanings[phrase]
        usable = self.frames.get(categories[0], []) + self.frames.get("*", [])
        if not usable:
            return None
        frame = chance.choice(usable)
        kept = categories[:1] if "{same}" in frame else categories
        return Line(self._filled(frame, phrase, chance), kept, self.language)

    def route(self, chance: random.Random) -> Line:
        """Make up a ride from somewhere to somewhere."""
        frame = chance.choice(self.frames["=transport"])
        return Line(self._filled(frame, "", chance), ("transport",), self.language)

    def _filled(self, frame: str, phrase: str, chance: random.Random) -> str:
        text = frame.replace("{}", phrase)
        while "{same}" in text:
            same = chance.choice(self.by_category[self.meanings[phrase][0]])
            text = text.replace("{same}", same, 1)
        if "{any}" in text:
            text = text.replace("{any}", chance.choice(list(self.meanings)))
        while "<" in text:
            start, end = text.index("<"), text.index(">")
            slot = text[start + 1 : end]
            choices = self.frames.get(f"<{slot}>")
            value = chance.choice(choices) if choices else make_name(chance)
            text = text[:start] + value + text[end + 1 :]
        return text


def draw_lines(included: Included = lambda _: True, seed: int = 7) -> list[Line]:
    """Draw training lines of all languages from phrases that are `included`."""
    chance = random.Random(seed)
    frames = read_frames()
    lines: list[Line] = []
    for language in LANGUAGES:
        book = open_book(language, frames.get(language, {}), included)
        for phrase, categories in book.meanings.items():
            lines.append(Line(phrase, categories, language))
            drawn = (book.line(phrase, chance) for _ in range(COPIES))
            lines += [line for line in drawn if line is not None]
        if "=transport" in book.frames:
            lines += [book.route(chance) for _ in range(ROUTE_LINES)]
    return [_mistyped(line, chance) for line in lines]


def draw_judges(language: str, included: Included, count: int, seed: int) -> list[Line]:
    """Draw lines as a household would type them, some about what was never `included`."""
    chance = random.Random(seed)
    frames = read_frames()[language]
    known = open_book(language, frames, included)
    excluded = open_book(language, frames, lambda phrase: not included(phrase))
    wanted = chance.choices(list(TYPICAL), list(TYPICAL.values()), k=count)
    lines: list[Line] = []
    for category in wanted:
        book = excluded if chance.random() < EXCLUDED_SHARE else known
        line = book.line(chance.choice(book.by_category[category]), chance)
        if line is not None:
            lines.append(_mistyped(line, chance))
    return lines


def held_apart(fold: int, folds: int) -> Included:
    """Return which phrases training fold `fold` may hear: all but one in `folds`."""
    return lambda phrase: crc32(phrase.encode()) % folds != fold


def open_book(language: str, frames: dict[str, list[str]], included: Included) -> PhraseBook:
    """Gather a language's included phrases."""
    book = PhraseBook(language, frames)
    for category, written in read_phrases(language):
        phrase = written.lstrip("!")
        if included(phrase):
            book.by_category[category].append(phrase)
            book.meanings[phrase] = (*book.meanings.get(phrase, ()), category)
    return book


@lru_cache(maxsize=1)
def read_frames() -> dict[str, dict[str, list[str]]]:
    """Read the frames: language -> category, or `*` for every category -> frames."""
    frames: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    language = category = ""
    path = Path(__file__).parent / "category_frames.txt"
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            language, category = line.strip("[]").split()
        elif line.strip() and not line.startswith("#"):
            frames[language][category].append(line)
    return frames


def _mistyped(line: Line, chance: random.Random) -> Line:
    """Swap or drop a letter now and then, as thumbs do."""
    if chance.random() > TYPO_SHARE or len(line.text) < 6:
        return line
    at = chance.randrange(1, len(line.text) - 2)
    pair = line.text[at : at + 2]
    changed = chance.choice((pair[::-1], pair[0], pair[0] + pair))
    return Line(line.text[:at] + changed + line.text[at + 2 :], line.categories, line.language)


_ONSETS = [
    "b",
    "d",
    "g",
    "k",
    "l",
    "m",
    "n",
    "p",
    "r",
    "s",
    "t",
    "v",
    "ch",
    "sh",
    "br",
    "tr",
    "kh",
    "st",
    "w",
    "h",
    "j",
]
_VOWELS = ["a", "e", "i", "o", "u", "aa", "ai", "ee"]
_ENDS = ["", "", "n", "r", "s", "l", "ton", "pur", "ville", "field", "ham", "abad", "gate"]


def make_name(chance: random.Random) -> str:
    """Make up a place's name, so that the shape of the phrase is learned and not the places."""
    count = chance.choice((1, 2, 2))
    syllables = "".join(chance.choice(_ONSETS) + chance.choice(_VOWELS) for _ in range(count))
    return (syllables + chance.choice(_ENDS)).capitalize()
