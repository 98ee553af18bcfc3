"""Lines that differ in a reference number alone get one and the same guess."""

from __future__ import annotations

import random

from ai.categories.blurring import blur, list_numbers
from ai.categories.brands import read_brands
from ai.categories.local import known_of
from ai.categories.model import open_bundled

FRAMES = (
    "POS DEBIT {name} #{number} CITY",
    "{name} {number}",
    "VISA {name} {number}//BERLIN/DE 12/04",
    "{number} {name} {number} g",
    "{name} {number} l",
    "Rent {number}-{number} {name}",
)


def test_a_blurred_line_is_known_for_the_same() -> None:
    seed = random.randrange(1 << 30)
    print(f"seed {seed}")
    chance, model = random.Random(seed), open_bundled()
    brands = list(read_brands())
    names = model.knowledge.brands.numbers | model.knowledge.lexicon.numbers
    blurred = 0
    for _ in range(300):
        number = chance.randrange(100, 10 ** chance.randrange(3, 10))
        text = chance.choice(FRAMES).format(name=chance.choice(brands), number=number)
        same = blur(text, names)
        blurred += same != text
        assert known_of(model, same, None, "en") == known_of(model, text, None, "en"), text
    assert blurred > 200


def test_numbers_that_name_a_shop_stay() -> None:
    names = list_numbers(["4711", "365 cafe", "7 eleven"])
    assert blur("4711 House 12345 365 990 12", names) == "4711 House 99999 365 990 12"
