"""Draws lines of bank statements and of receipts, which nobody publishes with a category.

A bank prints a name in capitals, often cut off, and a number and a town behind it. The names are
the brands of the list and shops that are made up of a trade and a proper name.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from bench.training.category_phrases import Line, make_name, read_frames

CITIES = Path(__file__).parent / "category_cities.txt"
NAME_CHARACTERS = (18, 22, 25)
"""Widths at which banks cut a name off."""
UPPER_SHARE = 0.75
CUT_SHARE = 0.5
SHORTEN_SHARE = 0.6
ABBREVIATION_MIN = 3
NAME_SHARE = 0.3
MEAL = "eating_out"
GOODS = ("groceries", "personal_care", "housing", "health", "shopping", "kids_pets")
"""Categories whose phrases are printed on receipts."""


def draw_statement(name: str, chance: random.Random) -> str:
    """Write a merchant's name as banks and terminals do."""
    frames = read_frames()["bank"]
    if chance.random() < UPPER_SHARE:
        name = name.upper()
    if chance.random() < CUT_SHARE:
        name = name[: chance.choice(NAME_CHARACTERS)].strip()
    text = chance.choice(frames["*"]).replace("{}", name)
    return _fill(text, chance)


def draw_shop(line: Line, chance: random.Random) -> Line:
    """Make up a shop or an office of a trade, as a bank prints it."""
    frames = read_frames()["shop"]
    usable = frames.get(line.language, []) + frames["*"]
    name = _fill(chance.choice(usable).replace("{}", line.text), chance)
    return Line(draw_statement(name, chance), line.categories, line.language)


def draw_receipt_line(line: Line, chance: random.Random) -> Line:
    """Print goods as a till does, with words cut short and a quantity.

    What is eaten out is food of a shop where a weight is printed behind it.
    """
    is_meal = line.categories[0] == MEAL
    words = line.text.split()
    if chance.random() < SHORTEN_SHARE:
        words = [_shorten(word, chance) for word in words]
    if chance.random() < NAME_SHARE:
        words.insert(chance.choice((0, len(words))), make_name(chance))
    frames = read_frames()["receipt"]
    frame = chance.choice(frames["packed"] if is_meal else frames["*"])
    text = _fill(frame.replace("{}", " ".join(words)), chance)
    categories = ("groceries", MEAL) if is_meal else line.categories
    return Line(text.upper() if chance.random() < UPPER_SHARE else text, categories, line.language)


def draw_goods(lines: Sequence[Line], chance: random.Random) -> list[Line]:
    """Print every line about goods or food as a till does."""
    goods = (*GOODS, MEAL)
    return [draw_receipt_line(line, chance) for line in lines if line.categories[0] in goods]


def _shorten(word: str, chance: random.Random) -> str:
    """Cut a word short or leave out its vowels."""
    if len(word) <= ABBREVIATION_MIN + 1 or chance.random() < 0.5:
        return word
    if chance.random() < 0.3:
        bare = word[0] + "".join(letter for letter in word[1:] if letter.lower() not in "aeiouy")
        return bare if len(bare) >= ABBREVIATION_MIN else word
    end = chance.randrange(ABBREVIATION_MIN, len(word))
    return word[:end] + chance.choice(("", "."))


def _fill(text: str, chance: random.Random) -> str:
    """Fill the slots of a frame."""
    frames = read_frames()["bank"]
    while "<" in text:
        start, end = text.index("<"), text.index(">")
        slot = text[start + 1 : end]
        if slot == "City":
            value = chance.choice(read_cities()).upper()
        elif slot == "Name":
            value = make_name(chance)
        elif slot == "digits":
            value = str(chance.randrange(10 ** chance.choice((2, 3, 4, 5, 8))))
        else:
            value = chance.choice(frames[f"<{slot}>"])
        text = text[:start] + value + text[end + 1 :]
    return text


@lru_cache(maxsize=1)
def read_cities() -> tuple[str, ...]:
    """Read towns with their country's or state's code."""
    towns: list[str] = []
    country = ""
    for row in CITIES.read_text(encoding="utf-8").splitlines():
        if row.startswith("["):
            country = row.strip("[]")
        elif not row.startswith("#"):
            towns += [t if country == "US" else f"{t} {country}" for t in row.split(", ")]
    return tuple(towns)
