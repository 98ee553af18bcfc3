"""Greek capitals that the model takes for the Latin letters they look like."""

from __future__ import annotations

import re
from typing import Final

_LATIN: Final = "ABEZHIKMNOPTYX"
_GREEK: Final = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ"
_TO_GREEK: Final = str.maketrans(_LATIN, _GREEK)
_ONLY_GREEK: Final = re.compile("[ΓΔΘΛΞΠΣΦΨΩα-ωά-ώ]")
_WORD: Final = re.compile(r"[^\W\d_]+")
_ALIKE: Final = frozenset(_LATIN + _GREEK)


def mend_greek(text: str) -> str:
    """Write in Greek what may be Greek, where a letter that is Greek alone stands in the text."""
    if not _ONLY_GREEK.search(text):
        return text
    return _WORD.sub(_mended, text)


def _mended(match: re.Match[str]) -> str:
    word = match.group()
    if _ONLY_GREEK.search(word) or _ALIKE.issuperset(word):
        return word.translate(_TO_GREEK)
    return word
