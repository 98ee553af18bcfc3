"""Know the measures in which things are sold, so that a price of one can be multiplied."""

from __future__ import annotations

import tomllib
from fractions import Fraction
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from ledger.text.lines.characters import fold
from ledger.text.lines.line import TextLine
from ledger.text.vocabulary import split_words


class Measure(NamedTuple):
    """A measure: what it measures, and how many of that kind's first measure it is."""

    kind: str
    size: Fraction


@lru_cache(maxsize=1)
def _measures() -> tuple[dict[str, Measure], frozenset[str]]:
    """Return the measures by their folded words, and the words that may lead one."""
    text = (files("ledger.text") / "data" / "measures.toml").read_text("utf-8")
    table = tomllib.loads(text)
    lead = frozenset(map(fold, split_words(table.pop("words")["lead"])))
    known = {
        fold(word): Measure(kind, Fraction(size))
        for kind, sizes in table.items()
        for size, words in sizes.items()
        for word in split_words(words)
    }
    return known, lead


def measure_at(line: TextLine, at: int) -> Measure | None:
    """Return the measure that this token names."""
    return _measures()[0].get(line.key(at)) if line.is_word(at) else None


def measure_behind(line: TextLine, at: int) -> tuple[Measure, int] | None:
    """Return the measure of the price that ends here, and its tokens: `/kg`, `le kilo`, `a litre`."""
    known, lead = _measures()
    slashed = line.is_sign(at, "/") and (line.touches(at) or line.touches(at + 1))
    led = slashed or (line.is_word(at) and line.key(at) in lead)
    if led and not line.owners[at] and (measure := measure_at(line, at + 1)):
        return measure, 2
    # l'heure and all'etto are one word.
    head, _, tail = line.key(at).partition("'")
    elided = known.get(tail) if line.is_word(at) and f"{head}'" in lead else None
    return (elided, 1) if elided else None
