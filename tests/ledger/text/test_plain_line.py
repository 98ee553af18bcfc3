"""The short way of plain messages says what the whole grammar says."""

from __future__ import annotations

import random

import pytest

from ledger.money import MINOR_DIGITS
from ledger.text import parse_message
from ledger.text.lines.characters import clean
from ledger.text.message import read_message
from ledger.text.plain_line import read_plain_line
from ledger.text.vocabulary import vocabulary_of
from tests.ledger.text.conftest import CHATS, context

pytestmark = pytest.mark.slow

LINES = 4000
CATEGORIES = ("Groceries", "Eating out", "Taxi")
LETTERS = "abcdefghijklmnopqrstuvwxyzäéøł"
CODES = (*MINOR_DIGITS, "XAU", "DEM", "BTC", "ABC")
_AND = ("and", "und", "et", "y", "i", "e", "og", "och", "en", "ja")


@pytest.mark.parametrize(
    "text",
    ["coffee 4.50", "Lidl 23,40", "Bäckerei 3", "tea and cake 12.80", "coffee 4.50 USD"],
)
def test_a_plain_line_takes_the_short_way(text: str) -> None:
    chat = context(categories=CATEGORIES)
    found = read_plain_line(text, chat)
    assert found is not None
    assert found == read_message(text, chat)


@pytest.mark.parametrize(
    "text",
    [
        "bus 42",  # a route
        "coffee yesterday 4.50",
        "salary 900",
        "room 101",
        "coffee 007",
        "coffee 4.50 eur",
        "coffee 4.50 TRY",
        "coffee 4.50 XAU",
        "coffee 4.50 ABC",
        "budget 500",
        "delete coffee 4",
        "not 30",
        "IBAN 12",
    ],
)
def test_a_line_that_may_mean_something_else_is_left_to_the_grammar(text: str) -> None:
    assert read_plain_line(text, context(categories=CATEGORIES)) is None


def test_both_ways_agree_on_random_lines() -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    rng = random.Random(seed)
    known = [word for word in vocabulary_of("en").tables.words if word.isalpha()]
    taken = 0
    for _ in range(LINES):
        chat = context(rng.choice(sorted(CHATS)), categories=CATEGORIES)
        text = clean(_line(rng, known))
        short = read_plain_line(text, chat)
        taken += short is not None
        assert parse_message(text, chat) == read_message(text, chat), (text, chat.language)
    assert taken > LINES // 10


def _line(rng: random.Random, known: list[str]) -> str:
    words = [_word(rng, known) for _ in range(rng.randint(1, 3))]
    if len(words) == 3 and rng.random() < 0.5:
        words[1] = rng.choice(_AND)
    if rng.random() < 0.2:
        words[-1] = rng.choice(CATEGORIES)
    units, cents = rng.choice((rng.randint(0, 31), rng.randint(0, 2099))), rng.randint(0, 99)
    amount = rng.choice((f"{units}", f"{units}.{cents:02}", f"{units},{cents:02}"))
    code = rng.choice(("", "", f" {rng.choice(CODES)}"))
    return f"{' '.join(words)} {amount}{code}"


def _word(rng: random.Random, known: list[str]) -> str:
    word = "".join(rng.choices(LETTERS, k=rng.randint(3, 12)))
    return rng.choice((word, word.capitalize(), rng.choice(known)))
