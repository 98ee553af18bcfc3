"""Tell whether a head line breaks off inside a phrase ("BISTROT DES") and goes on in the next.

The words are data (`phrases.toml`), of all languages at once, since a word at which names of one
language break off hardly ends a name of another.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib import resources

_WORD = re.compile(r"[^\W\d_]+['’]?|[&+]")


def is_broken_between(text: str, next_text: str) -> bool:
    """Return whether a phrase that begins in one line of a name ends in the next."""
    words, next_words = _WORD.findall(text), _WORD.findall(next_text)
    if not words or not next_words:
        return False
    breaks_off, joins_on = _load_table()
    first = _strip_accents(next_words[0])
    # "De Molen" is a name; "de la Gare" goes on with one.
    is_small = next_words[0].islower() and first in breaks_off
    return _strip_accents(words[-1]) in breaks_off or first in joins_on or is_small


def _strip_accents(word: str) -> str:
    letters = unicodedata.normalize("NFKD", word.casefold().replace("’", "'"))
    return "".join(char for char in letters if not unicodedata.combining(char))


@cache
def _load_table() -> tuple[frozenset[str], frozenset[str]]:
    """The words that break off, and those that join on."""
    text = resources.files(__package__).joinpath("phrases.toml").read_text("utf-8")
    table = tomllib.loads(text)
    breaks_off, joins_on = (
        frozenset(_strip_accents(word) for words in table[name].values() for word in words)
        for name in ("breaks_off", "joins_on")
    )
    return breaks_off, joins_on
