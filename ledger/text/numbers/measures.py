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
def _measures() -> tuple[dict[str, Measure], frozenset[str], frozenset[str]]:
    """Return the measures by their folded words, and the words that lead one behind and before a price."""
    text = (files("ledger.text") / "data" / "measures.toml").read_text("utf-8")
    table = tomllib.loads(text)
    words = table.pop("words")
    lead, first = (frozenset(map(fold, split_words(words[key]))) for key in ("lead", "first"))
    known = {
        fold(word): Measure(kind, Fraction(size))
        for kind, sizes in table.items()
        for size, words in sizes.items()
        for word in split_words(words)
    }
    return known, lead, first


def measure_at(line: TextLine, at: int) -> Measure | None:
    """Return the measure that this token names."""
    return _measures()[0].get(line.key(at)) if line.is_word(at) else None


def measure_behind(line: TextLine, at: int) -> tuple[Measure, int] | None:
    """Return the measure of the price that ends here, and its tokens: `/kg`, `le kilo`, `a litre`."""
    known, lead, _ = _measures()
    slashed = line.is_sign(at, "/") and (line.touches(at) or line.touches(at + 1))
    led = slashed or (line.is_word(at) and line.key(at) in lead)
    if led and not line.owners[at] and (measure := measure_at(line, at + 1)):
        return measure, 2
    # l'heure and all'etto are one word.
    head, _, tail = line.key(at).partition("'")
    elided = known.get(tail) if line.is_word(at) and f"{head}'" in lead else None
    return (elided, 1) if elided else None


def measure_before(line: TextLine, at: int) -> Measure | None:
    """Return the measure of the price that begins here: `je Liter 1,75`, `每升7.8`."""
    led = line.is_word(at - 2) and line.key(at - 2) in _measures()[2]
    free = at >= 2 and not any(line.owners[at - 2 : at])
    return measure_at(line, at - 1) if led and free else None
