"""Turn a text into words and hashed pieces of words, the features of the bundled model.

Training and guessing share this file, so a change here needs new weights (`make train`).
Each character of Chinese and Japanese is a word, since no blanks separate them.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

BUCKETS_BITS = 18
BUCKETS = 1 << BUCKETS_BITS
WORDS_MAX = 40
"""Words that are read, which bounds the work of a guess; later ones rarely change the subject."""
TEXT_CHARACTERS_MAX = 400
SMALL_WORD_MAX = 4
SHAPE_PARTS_MAX = 5
_MASK = BUCKETS - 1

_CJK = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
# Letters with the vowel signs of Indic, Thai and Arabic script, which Python's \w leaves out.
_TOKEN = re.compile(
    rf"[{_CJK}]|(?:(?![{_CJK}\d_])[\w\u0300-\u036f\u064b-\u0652\u0900-\u0963\u0970-\u0e7f])+|\d+"
)
_LATIN_MARKS = re.compile("[\u0300-\u036f]")


def fold(text: str) -> str:
    """Return the text in lower case without accents, since people often leave them out."""
    text = text[:TEXT_CHARACTERS_MAX]
    # Most notes are plain letters, for which normalising would take most of a guess's time.
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", _LATIN_MARKS.sub("", decomposed))


def words_of(text: str) -> list[str]:
    """Split a text into folded words and numbers, also at apostrophes and hyphens."""
    return _TOKEN.findall(fold(text))[:WORDS_MAX]


def buckets_of(
    words: list[str], merchant: list[str] | None = None, language: str = ""
) -> list[int]:
    """Return the bucket numbers of a text's features, in no order and with repetitions.

    Features are each word, pairs of neighbours, the first and last word, the pieces of three to five
    characters of each word with its edges marked, and the shape of the text. Every number counts as
    the same word. Words of a merchant and words of a known language are features of their own kinds,
    since "pain" is bread in French.
    """
    plain = ["0" if word[0].isdigit() else word for word in words]
    found: list[int] = []
    for word in plain:
        found.extend(_pieces(word))
    found.extend(_bucket(f"{left} {right}") for left, right in pairwise(plain))
    named = [word for word in plain if word != "0"]
    if named:
        found.append(_bucket("^" + named[0]))
        found.append(_bucket("$" + named[-1]))
        found.append(_bucket("~" + " ".join(_shape(plain))))
    found.extend(_bucket("@" + word) for word in merchant or ())
    if language:
        found.extend(_bucket(f"{language}:{word}") for word in named)
    return found


def _shape(plain: list[str]) -> list[str]:
    """Return the small words of a text with `*` for the others, so "* to *" is a route."""
    shape: list[str] = []
    for word in plain:
        part = word if len(word) <= SMALL_WORD_MAX and word != "0" else "*"
        if part != "*" or shape[-1:] != ["*"]:
            shape.append(part)
    return shape[:SHAPE_PARTS_MAX]


@lru_cache(maxsize=8192)
def _pieces(word: str) -> tuple[int, ...]:
    if word == "0":
        return (_bucket("0"),)
    marked = f"<{word}>"
    pieces = [word]
    if len(word) > 1:
        for size in (3, 4, 5):
            pieces.extend(marked[at : at + size] for at in range(len(marked) - size + 1))
    return tuple(_bucket(piece) for piece in pieces)


def _bucket(feature: str) -> int:
    return crc32(feature.encode()) & _MASK
