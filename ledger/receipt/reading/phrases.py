"""Whether a head line breaks off inside a phrase and so goes on in the next ("BISTROT DES").

The words are data (`phrases.toml`), of all languages at once: what names of one language break off
at hardly ends a name of another.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib import resources

_WORD = re.compile(r"[^\W\d_]+['’]?|[&+]")


def is_broken_between(text: str, next_text: str) -> bool:
    """Say whether a phrase that begins in one line of a name ends in the next."""
    words, next_words = _WORD.findall(text), _WORD.findall(next_text)
    if not words or not next_words:
        return False
    breaks_off, joins_on = _table()
    first = _plain(next_words[0])
    # "De Molen" is a name; "de la Gare" goes on with one.
    is_small = next_words[0].islower() and first in breaks_off
    return _plain(words[-1]) in breaks_off or first in joins_on or is_small


def _plain(word: str) -> str:
    letters = unicodedata.normalize("NFKD", word.casefold().replace("’", "'"))
    return "".join(char for char in letters if not unicodedata.combining(char))


@cache
def _table() -> tuple[frozenset[str], frozenset[str]]:
    """The words that break off, and those that join on."""
    text = resources.files(__package__).joinpath("phrases.toml").read_text("utf-8")
    table = tomllib.loads(text)
    breaks_off, joins_on = (
        frozenset(_plain(word) for words in table[name].values() for word in words)
        for name in ("breaks_off", "joins_on")
    )
    return breaks_off, joins_on
