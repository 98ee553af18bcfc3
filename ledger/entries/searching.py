"""Fold words for a search, and make the text of an entry that a search compares.

Case, accents, width and apostrophes do not matter: `cafe` finds `Café`, `е` finds `ё`, `i` finds
`İ`. Words are found anywhere in the text, so short ones and scripts without spaces work too.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from ledger.entries.entry import Entry

TEXT_BYTES_MAX = 2000
"""Bytes of an entry's text in UTF-8: PostgreSQL indexes rows of at most 2,700. A longer note is
cut, its shop and tags are kept."""
_PLAIN = str.maketrans({**dict.fromkeys("\u2018\u2019\u02bc\uff07\u00b4`", "'"), "ı": "i"})


def fold(words: str) -> str:
    """Fold case, accents, width and apostrophes."""
    if words.isascii():
        return words.lower()
    apart = unicodedata.normalize("NFKD", words.translate(_PLAIN)).casefold()
    plain = "".join(char for char in apart if not unicodedata.combining(char))
    return unicodedata.normalize("NFKC", plain)


def search_text(entry: Entry) -> str:
    """Return the text that a search compares; each tag is in it with its `#`."""
    return join_searched(entry.note, entry.merchant or "", entry.tags)


def join_searched(note: str, merchant: str, tags: Iterable[str]) -> str:
    """Return the text that a search compares of note, shop and tags."""
    behind = fold(" ".join((merchant, *(f"#{tag}" for tag in tags))))
    text = f"{fold(note)} {behind}"
    if len(text) * 4 <= TEXT_BYTES_MAX or len(text.encode("utf-8", "replace")) <= TEXT_BYTES_MAX:
        return text
    behind = _cut(behind, TEXT_BYTES_MAX // 2)
    return f"{_cut(fold(note), TEXT_BYTES_MAX - 1 - len(behind.encode()))} {behind}"


ENDINGS = ("", "s", "e", "n", "es", "en")
"""Endings of plurals that a whole word may have, in languages whose words a search can tell apart."""
BETWEEN_WORDS = ("#", ",", "-")
"""Signs that touch words and count as spaces."""


def has_words(text: str, words: str, *, whole: bool = False) -> bool:
    """Return whether a folded text has all of some words, as the database compares them.

    `whole` words stand alone, with one of `ENDINGS` at most.
    """
    if not whole:
        return all(word in text for word in fold(words).split())
    for sign in BETWEEN_WORDS:
        text = text.replace(sign, " ")
    text = f" {text} "
    return all(any(f" {word}{end} " in text for end in ENDINGS) for word in fold(words).split())


def _cut(text: str, size: int) -> str:
    """Cut to bytes of UTF-8 without tearing a character apart."""
    return text.encode("utf-8", "replace")[:size].decode("utf-8", "ignore")
