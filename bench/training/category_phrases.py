"""Phrases as people write them, drawn from the word lists: training lines that nobody wrote.

Each language has frames in `category_frames.txt`; `{}` is a phrase of one category, `{same}`
another of it, `{any}` a phrase of any category that the frame's head overrules.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from ai.categories.lexicon import LANGUAGES, read_phrases

COPIES = 4
"""Drawn lines per phrase of the list, besides the phrase itself."""
PLACE_LINES = 3000


@dataclass(frozen=True, slots=True)
class Line:
    """A training line: text, accepted categories (the first is meant), language."""

    text: str
    categories: tuple[str, ...]
    language: str


def draw_lines(seed: int = 7, languages: tuple[str, ...] = LANGUAGES) -> list[Line]:
    """Draw training lines of these languages; the same seed draws the same lines."""
    chance = random.Random(seed)
    frames = read_frames()
    lines: list[Line] = []
    for language in languages:
        lines += _lines_of(language, frames.get(language, {}), chance)
    return lines


def read_frames() -> dict[str, dict[str, list[str]]]:
    """Read the frames: language -> category, or `*` for every category -> frames."""
    frames: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    language = category = ""
    for line in (Path(__file__).parent / "category_frames.txt").read_text().splitlines():
        if line.startswith("["):
            language, category = line.strip("[]").split()
        elif line.strip() and not line.startswith("#"):
            frames[language][category].append(line)
    return frames


def _lines_of(language: str, frames: dict[str, list[str]], chance: random.Random) -> list[Line]:
    by_category: dict[str, list[str]] = defaultdict(list)
    meanings: dict[str, tuple[str, ...]] = {}
    for category, written in read_phrases(language):
        phrase = written.lstrip("!")
        by_category[category].append(phrase)
        meanings[phrase] = (*meanings.get(phrase, ()), category)
    everything = [phrase for phrases in by_category.values() for phrase in phrases]
    slots = {slot.strip("<>"): words for slot, words in frames.items() if slot.startswith("<")}
    lines = [Line(phrase, categories, language) for phrase, categories in meanings.items()]
    for phrase, categories in meanings.items():
        usable = frames.get(categories[0], []) + frames.get("*", [])
        for _ in range(COPIES if usable else 0):
            frame = chance.choice(usable)
            same = chance.choice(by_category[categories[0]])
            text = _fill(frame, phrase, same, chance.choice(everything), slots, chance)
            kept = categories if "{same}" not in frame else categories[:1]
            lines.append(Line(text, kept, language))
    for slot, categories in (("=transport", ("transport",)),):
        for _ in range(PLACE_LINES if frames.get(slot) else 0):
            text = _fill(chance.choice(frames[slot]), "", "", "", slots, chance)
            lines.append(Line(text, categories, language))
    return lines


def _fill(
    frame: str,
    phrase: str,
    same: str,
    other: str,
    slots: dict[str, list[str]],
    chance: random.Random,
) -> str:
    text = frame.replace("{}", phrase).replace("{same}", same).replace("{any}", other)
    while "<" in text:
        start = text.index("<")
        end = text.index(">", start)
        slot = text[start + 1 : end]
        value = _name(chance) if slot == "Name" else chance.choice(slots[slot])
        text = text[:start] + value + text[end + 1 :]
    return text


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


def _name(chance: random.Random) -> str:
    """Make up a place's name, so that the shape of the phrase is learned and not the places."""
    count = chance.choice((1, 2, 2))
    syllables = "".join(chance.choice(_ONSETS) + chance.choice(_VOWELS) for _ in range(count))
    return (syllables + chance.choice(_ENDS)).capitalize()
