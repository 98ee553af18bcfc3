"""Let words of a model through only where each of their numbers is one of the facts.

A number is compared as it is written, with the sign of percent or the currency next to it, so the model must
be given the facts in the words that a person would read. Where it rounds, adds up or writes a date in another way, its
text is refused, and the caller sends its own words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from ledger.money import is_currency

_NUMBER = re.compile(r"\d+(?:[.,'’٫٬\s]?\d+)*")
_BEFORE = re.compile(r"(\b[A-Z]{3}|\S)\s?[-+\u2212]?$")
_BEHIND = re.compile(r"\s?([A-Z]{3}\b|\S)")
_PERCENTS = frozenset("%٪﹪")
_ONE_SIGN = frozenset({"Nl", "No"})
"""Unicode categories of signs that are a number of their own, as ½ and ²."""
_IN_WORDS = re.compile(
    r"(?:ten|eleven|twelve|teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million"
    r"|zehn|elf|zwölf|zwanzig|dreißig|dreissig|vierzig|fünfzig|sechzig|siebzig|achtzig|neunzig|hundert|tausend"
    r"|double|twice|triple|half|doppelt|dreifach|halb|hälfte|drittel|viertel|third|quarter)\w*",
    re.IGNORECASE,
)
"""Numbers in words, in the languages whose sentences are whole; smaller ones are too common to tell."""


def holds(text: str, facts: str) -> bool:
    """Return whether every number of a text occurs in the facts, with the same unit."""
    if any(unicodedata.category(sign) in _ONE_SIGN for sign in text):
        return False
    in_words = {word.casefold() for word in _list_words(facts)}
    if any(word.casefold() not in in_words for word in _list_words(text)):
        return False
    return set(_list_numbers(text)) <= set(_list_numbers(facts))


def _list_words(text: str) -> Iterator[str]:
    for match in re.finditer(r"\w+", text):
        # A word begins or ends with the number: `fifty`, `zweihundert`, but not `often`.
        found = _IN_WORDS.match(match.group()) or re.search(
            r"(?:teen|hundred|hundert|tausend|zehn|zig)$", match.group(), re.IGNORECASE
        )
        if found:
            yield match.group()


def _list_numbers(text: str) -> Iterator[tuple[str, str]]:
    """Yield numbers as they are written, and their units."""
    for match in _NUMBER.finditer(text):
        before = _BEFORE.search(text[max(0, match.start() - 6) : match.start()])
        behind = _BEHIND.match(text, match.end())
        sides = [side.group(1) for side in (before, behind) if side]
        unit = next((found for side in sides if (found := _unit(side))), "")
        yield _as_digits(match.group()), unit


def _unit(sign: str) -> str:
    if sign in _PERCENTS:
        return "%"
    is_symbol = len(sign) == 1 and unicodedata.category(sign) == "Sc"
    return sign if is_symbol or is_currency(sign) else ""


def _as_digits(number: str) -> str:
    """Return a number in ASCII digits, with every kind of blank as one."""
    return "".join(
        str(unicodedata.decimal(sign)) if sign.isdecimal() else " " if sign.isspace() else sign
        for sign in number
    )
