"""Repair Greek capitals that the model reads as Latin letters of the same shape."""

from __future__ import annotations

import re
from typing import Final

_LATIN: Final = "ABEZHIKMNOPTYX"
_GREEK: Final = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ"
_TO_GREEK: Final = str.maketrans(_LATIN, _GREEK)
_ONLY_GREEK: Final = re.compile("[ΓΔΘΛΞΠΣΦΨΩα-ωά-ώ]")
_WORD: Final = re.compile(r"[^\W\d_]+")
_ALIKE: Final = frozenset(_LATIN + _GREEK)


def repair_greek(text: str) -> str:
    """Replace Latin look-alikes by Greek letters in a text that holds a purely Greek letter."""
    if not _ONLY_GREEK.search(text):
        return text
    return _WORD.sub(_repaired, text)


def _repaired(match: re.Match[str]) -> str:
    word = match.group()
    if _ONLY_GREEK.search(word) or _ALIKE.issuperset(word):
        return word.translate(_TO_GREEK)
    return word
