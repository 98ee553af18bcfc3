"""Find the words of a bank's line that name a merchant or a purpose.

A bank prints a terminal's words, numbers and a town around the name, as in
"POS DEBIT KROGER #442 CINCINNATI OH". Other texts are read whole, since "birthday card" is about a
card and "750 G" says that a receipt's line is food.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from itertools import pairwise

from ai.categories.features import TEXT_CHARACTERS_MAX, words_of

WORDS_MIN = 2
LETTERS_MIN = 6
"""Letters below which capitals do not show a bank's line."""
NUMBER_DIGITS_MIN = 3
"""Digits of a branch or reference number, which ends the name before it."""
MIXED_MIN = 6
"""Characters of a token with a digit that is taken for a reference."""
CAPITALS_MIN = 0.7

_STAR = re.compile(r"\b(\w{2,11}?)_?\s?\*", re.ASCII)
_TOKEN = re.compile(r"[^\s/,;|]+")
_MARKS = re.compile(r"[*#]\s?\w|//|\d{3}-\d{3}-?\d{4}|[xX*]{2,}\d{2}|\w/\w+/\w|\d{4}|\d\d/\d\d")
_NAME = re.compile(r"[^\W\d_]{4,}")
_HOST = re.compile(
    r"\.(?:com?|net|org|de|fr|es|it|nl|pl|uk|in|io|tv|gov|app)\b(?:\.\w\w\b)?", re.IGNORECASE
)


def merchant_words(text: str) -> list[str]:
    """Return the folded words of a text, of a bank's line only those that tell its category."""
    words = words_of(text)
    return read_statement(text, words) or words


def read_statement(text: str, words: list[str]) -> list[str] | None:
    """Return the folded words of a bank's line that tell its category; None for other texts.

    All its `words` are returned where none would be left.
    """
    if not is_statement(text, words):
        return None
    return _strip(text[:TEXT_CHARACTERS_MAX]) or words


def is_statement(text: str, words: list[str]) -> bool:
    """Return whether a bank or a terminal printed the text."""
    if len(words) < WORDS_MIN:
        return False
    lists = read_lists()
    if not lists["anywhere"].isdisjoint(words):
        return True
    if any(f"{one} {two}" in lists["phrases"] for one, two in pairwise(words)):
        return True
    marked = bool(_MARKS.search(text))
    banks = not lists["capitals"].isdisjoint(words)
    if marked and banks:
        return True
    ends_in_place = len(words) > WORDS_MIN and words[-1] in lists["ends"]
    return (marked or banks or ends_in_place) and _is_in_capitals(text)


def _is_in_capitals(text: str) -> bool:
    letters = [letter for letter in text[:TEXT_CHARACTERS_MAX] if letter.isalpha()]
    capitals = sum(letter.isupper() for letter in letters)
    return len(letters) >= LETTERS_MIN and capitals >= CAPITALS_MIN * len(letters)


@cache
def read_lists() -> Mapping[str, frozenset[str]]:
    """Read the words of `data/statements.txt` by section."""
    text = files(__package__).joinpath("data", "statements.txt").read_text(encoding="utf-8")
    lists: dict[str, list[str]] = {}
    section = ""
    for line in text.splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            found = line.split(",") if section == "phrases" else line.split()
            lists.setdefault(section, []).extend(word.strip() for word in found if word.strip())
    lists["noise"] = [*lists["anywhere"], *lists["capitals"], *lists["between"]]
    # "LA" ends a line of Louisiana and a French one.
    lists["ends"] = [place for place in lists["places"] if place not in lists["between"]]
    return {name: frozenset(words) for name, words in lists.items()}


def _strip(text: str) -> list[str]:
    """Drop a payment service, a terminal's words, numbers, and the town behind a number."""
    lists = read_lists()
    noise = lists["noise"]
    text = _STAR.sub(lambda star: " " if star[1].lower() in lists["services"] else star[0], text)
    # A number is between the name and the town, so nothing behind it is read.
    kept: list[str] = []
    for token in _TOKEN.findall(_HOST.sub(" ", text)):
        if _is_number(token):
            # A name may run into the number of its branch, as in "GRAETERS32".
            if name := _NAME.match(token):
                kept += [word for word in words_of(name[0]) if word not in noise]
            if kept:
                break
        elif not token.isdigit() and token.lower() not in noise:
            kept += [word for word in words_of(token) if word not in noise]
    while len(kept) > 1 and kept[-1] in lists["places"]:
        kept.pop()
    return kept


def _is_number(token: str) -> bool:
    """Return whether a token is a branch, a date, a telephone or a reference."""
    digits = sum(letter.isdigit() for letter in token)
    return digits >= NUMBER_DIGITS_MIN or (digits > 0 and len(token) >= MIXED_MIN)
