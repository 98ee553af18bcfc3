"""Fold and cut the words of a question, and compare two that may be one typed wrong."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from ledger.text.lines.characters import MARKS, SPACELESS, fold

_ACCENTED_END = "\u0590"
"""Scripts before it lose their accents; in others a mark is a part of the letter."""
_LATIN_EXTRA = ("\u1e00", "\u1eff")
_LETTERS = str.maketrans({"ı": "i", "ł": "l", "đ": "d", "ø": "o", "æ": "ae", "ð": "d", "þ": "th"})
_SIGNS = str.maketrans({"ة": "ه", "ؤ": "و", "ئ": "ي", "\u093c": "", "ँ": "ं"})
PIECE = re.compile(
    rf"(?P<number>\d+(?:[.,'_٫]\d+)*)|(?P<spaceless>[{SPACELESS}]+)"
    rf"|(?P<tag>#[^\s#]+)|(?P<word>(?:[^\W\d_{SPACELESS}]|[{MARKS}])+\*?)|(?P<sign>[^\w\s])"
)
"""One piece of a text. An apostrophe parts words."""


@lru_cache(maxsize=8192)
def key_of(word: str) -> str:
    """Return the form under which words of questions are compared: no case, no accents."""
    folded = fold(word)
    if folded.isascii():
        return folded
    folded = folded.translate(_LETTERS).translate(_SIGNS)
    return "".join(_without_accent(char) for char in unicodedata.normalize("NFC", folded))


def _without_accent(char: str) -> str:
    if char < "\x80" or not (char < _ACCENTED_END or _LATIN_EXTRA[0] <= char <= _LATIN_EXTRA[1]):
        return char
    apart = unicodedata.normalize("NFD", char)
    return "".join(one for one in apart if not unicodedata.combining(one))


@lru_cache(maxsize=16384)
def pieces(phrase: str) -> tuple[str, ...]:
    """Cut a phrase of a pack, or a name of the chat, into the keys of its words."""
    found = (match.group() for match in PIECE.finditer(phrase) if match.lastgroup != "sign")
    return tuple(key_of(piece) for piece in found)


_CYRILLIC = ("\u0400", "\u04ff")
_IN_LATIN = dict(zip("абвгдеёзийклмнопрстуфъыьэіїєґ", "abvgdeeziiklmnoprstuf y eiieg", strict=True)) | {
    "ж": "zh", "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ю": "yu", "я": "ya", "ъ": "", "ь": "",
}  # fmt: skip


def is_cyrillic(word: str) -> bool:
    """Return whether a word is written in Cyrillic letters."""
    return bool(word) and _CYRILLIC[0] <= word[0] <= _CYRILLIC[1]


def in_latin(word: str) -> str:
    """Return a word of Cyrillic letters in Latin ones, as names of shops and people are written there."""
    return "".join(_IN_LATIN.get(char, char) for char in word)


def is_one_slip(typed: str, word: str) -> bool:
    """Return whether two words differ by one letter that is missing, added, wrong or swapped."""
    if abs(len(typed) - len(word)) > 1:
        return False
    start = 0
    while start < min(len(typed), len(word)) and typed[start] == word[start]:
        start += 1
    left, right = typed[start:], word[start:]
    same = left[1:] == right[1:] or left[1:] == right or left == right[1:]
    # The last case is two letters that changed places.
    return same or (left[2:] == right[2:] and left[:2] == right[1::-1])
