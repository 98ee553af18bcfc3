"""Know numbers in words: what a word is worth, and what words in a row come to.

The words of each language are in `data/spelled.toml`. A number is read from its parts, each of which
must fit what is left open by those before it: `two hundred thirty` is one number, `two thirty` are two.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from ledger.text.lines.characters import fold, without_accents

WORDS_KEPT = 4096
"""Words of which is remembered what they are worth."""
LETTERS_MAX = 48
"""Longest number in one word that is taken apart."""
PHRASE_MAX = 3
DIGITS_MAX = 3
"""Digits that may begin a number which goes on in words: 2 thousand five hundred."""
_PIECES = re.compile(r"[^\s-]+|-")
_SIXTY, _EIGHTY = 60, 80
"""Tens to which French adds ten to nineteen."""


class Piece(NamedTuple):
    """A part of a number: its value, and whether it multiplies what is in front of it."""

    value: int
    times: bool = False
    is_and: bool = False


@dataclass(slots=True)
class Spelling:
    """The numbers of one language."""

    pieces: dict[str, Piece] = field(default_factory=dict)
    phrases: dict[tuple[str, ...], Piece] = field(default_factory=dict)
    decimal: frozenset[str] = frozenset()
    of: frozenset[str] = frozenset()
    vague: frozenset[str] = frozenset()
    weights: frozenset[str] = frozenset()
    backward: bool = False
    pairs: bool = False
    thousands: bool = False
    compound: re.Pattern[str] | None = None
    """A number in one word, where the language writes them so."""
    part: re.Pattern[str] | None = None


class Run(NamedTuple):
    """A number in words: its value, and the word behind it."""

    value: int
    end: int


@lru_cache(maxsize=1)
def _spellings() -> dict[str, Spelling]:
    text = (files("ledger.text") / "data" / "spelled.toml").read_text("utf-8")
    return {language: _build(table) for language, table in tomllib.loads(text).items()}


def _build(table: dict[str, object]) -> Spelling:
    spelling = Spelling()
    for key in ("backward", "pairs", "thousands"):
        setattr(spelling, key, bool(table.get(key)))
    for key, first, step in (("ones", 1, 1), ("tens", 20, 10), ("hundreds", 100, 100)):
        for place, names in enumerate(_listed(table.get(key))):
            for name in names.split("|"):
                _add(spelling, name, Piece(first + place * step))
    for key, times in (("others", False), ("times", True)):
        named = table.get(key, {})
        assert isinstance(named, dict)
        for name, value in named.items():
            _add(spelling, name, Piece(value, times=times))
    for name in _listed(table.get("and")):
        _add(spelling, name, Piece(0, is_and=True))
    for key in ("decimal", "of", "vague", "weights"):
        setattr(spelling, key, frozenset(map(fold, _listed(table.get(key)))))
    if table.get("glued"):
        parts = "|".join(sorted(map(re.escape, spelling.pieces), key=len, reverse=True))
        spelling.compound = re.compile(f"(?:{parts})+")
        spelling.part = re.compile(parts)
    return spelling


def _listed(text: object) -> list[str]:
    return [part.strip() for part in str(text or "").split(",") if part.strip()]


def _add(spelling: Spelling, name: str, piece: Piece) -> None:
    key = fold(name)
    for typed in {key, without_accents(key)}:
        words = tuple(_PIECES.findall(typed))
        if len(words) > 1:
            spelling.phrases[words] = piece
        else:
            spelling.pieces.setdefault(typed, piece)


def spelling_of(language: str) -> Spelling | None:
    """Return the numbers in words of a chat's language."""
    return _spellings().get(language)


@lru_cache(maxsize=WORDS_KEPT)
def parts_of(word: str, language: str) -> tuple[Piece, ...]:
    """Return the parts of a number that a folded word holds; nothing where it is another word."""
    spelling = _spellings().get(language)
    if spelling is None:
        return ()
    if word.isdecimal() and len(word) <= DIGITS_MAX:
        return (Piece(int(word)),)
    if piece := spelling.pieces.get(word):
        return (piece,)
    if not spelling.compound or not spelling.part or len(word) > LETTERS_MAX:
        return ()
    if not spelling.compound.fullmatch(word):
        return ()
    parts = tuple(spelling.pieces[part] for part in spelling.part.findall(word))
    return parts if read_run([parts], language) else ()


@lru_cache(maxsize=WORDS_KEPT)
def starts_number(word: str, language: str) -> bool:
    """Return whether a folded word may begin a number in words."""
    parts = parts_of(word, language)
    if parts and not parts[0].is_and:
        return True
    spelling = _spellings().get(language)
    return spelling is not None and any(words[0] == word for words in spelling.phrases)


def find_run(words: Sequence[str], at: int, language: str) -> Run | None:
    """Read the longest number in words that begins at a folded word."""
    spelling = _spellings()[language]
    known: list[tuple[Piece, ...]] = []
    ends: list[int] = []
    while at < len(words):
        if words[at] == "-" and known:
            at += 1  # thirty-five
            continue
        length, parts = _parts_at(words, at, spelling, language)
        if not parts:
            break
        known.append(parts)
        at += length
        ends.append(at)
    for count in range(len(known), 0, -1):
        if value := read_run(known[:count], language):
            return Run(value, ends[count - 1])
    return None


def _parts_at(
    words: Sequence[str], at: int, spelling: Spelling, language: str
) -> tuple[int, tuple[Piece, ...]]:
    for length in range(PHRASE_MAX, 1, -1):
        phrase = tuple(words[at : at + length])
        if piece := spelling.phrases.get(phrase):
            return len(phrase), (piece,)
    return 1, parts_of(words[at], language)


def read_run(words: Iterable[Sequence[Piece]], language: str) -> int:
    """Return what the parts of a number come to; 0 where they are not one number."""
    spelling = _spellings()[language]
    total = group = 0
    scale = 10**12
    joined = False
    for piece in (piece for parts in words for piece in parts):
        if piece.is_and:
            if joined or not (group or total):
                return 0
            joined = True
        elif not piece.times:
            if not _fits(group, piece.value, joined=joined, spelling=spelling, open_=total > 0):
                return 0
            group, joined = group + piece.value, False
        elif piece.value == 100:
            if group >= (100 if spelling.pairs else 10):
                return 0  # twelve hundred, but cinquante cents
            group, joined = (group or 1) * 100, False
        else:
            if piece.value >= scale:
                return 0
            scale = piece.value
            total, group, joined = total + (group or 1) * scale, 0, False
    return 0 if joined else total + group


def _fits(group: int, value: int, *, joined: bool, spelling: Spelling, open_: bool) -> bool:
    """Return whether a part may follow the hundreds, tens and units that are there."""
    below = group % 100
    if not group:
        return open_ or not joined
    if value >= 100:
        return False
    if spelling.backward and joined and value >= 20:
        return 0 < below < 10
    if value < 10:
        return below == 0 or (below >= 20 and below % 10 == 0)
    french = below in (_SIXTY, _EIGHTY) and value < 20 and "soixante" in spelling.pieces
    return below == 0 or french
