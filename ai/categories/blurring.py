"""Blur the reference numbers of a text, so that lines which differ in them alone are looked up once.

A bank prints another number on each line, and no number of three digits or more tells a category,
but for those that a shop's name or a phrase holds ("4711", "365"). Lengths stay, and whether a number
ends in zero, since statements and packages are told by them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_NUMBER = re.compile(r"[0-9]{3,}", re.ASCII)


def list_numbers(phrases: Iterable[str]) -> frozenset[str]:
    """Return the numbers that phrases hold as words."""
    return frozenset(_NUMBER.findall("\n".join(phrases)))


def blur(text: str, names: frozenset[str]) -> str:
    """Return the text with every other number as nines."""

    def nines(number: re.Match[str]) -> str:
        digits = number[0]
        if digits in names:
            return digits
        return "9" * (len(digits) - 1) + ("0" if digits[-1] == "0" else "9")

    return _NUMBER.sub(nines, text)
