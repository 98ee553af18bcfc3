"""Tokens: a line is cut once into words, numbers and signs, and never searched as a string again.

One regular expression without nested repetition does the cutting, so the time is linear in the
length of the line whatever somebody sends.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ledger.text.lines.characters import MARKS, SPACELESS, fold
from ledger.text.numbers.currencies import SYMBOLS
from ledger.text.vocabulary import Vocabulary

WORD, NUMBER, SIGN, CURRENCY, LINK, SPACELESS_WORD = range(6)


class Token(NamedTuple):
    """A piece of the line from `start` up to but not including `end`."""

    kind: int
    key: str
    """Folded word, plain number, or the sign itself."""
    start: int
    end: int
    space: bool
    """White space, or the line's edge, stands before it."""


_SYMBOLS = "|".join(re.escape(symbol) for symbol in sorted(SYMBOLS, key=len, reverse=True))
_PIECE = re.compile(
    rf"""
    (?P<space>\s+)
  | (?P<link>(?:https?|ftp|file|tg)://\S+ | www\.\S+)
  | (?P<currency>{_SYMBOLS})
  | (?P<number>\d+(?:[.,'_٫]\d+)*)
  | (?P<spaceless>[{SPACELESS}]+)
  | (?P<word>(?:[^\W\d_{SPACELESS}]|[{MARKS}])+
             (?:(?:'|(?<=[א-ת])["״](?=[א-ת]))(?:[^\W\d_{SPACELESS}]|[{MARKS}])+)*)
  | (?P<sign>.)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_KINDS = {
    "link": LINK,
    "currency": CURRENCY,
    "number": NUMBER,
    "spaceless": SPACELESS_WORD,
    "word": WORD,
    "sign": SIGN,
}


def tokenize(shaped: str, start: int, end: int, vocabulary: Vocabulary) -> list[Token]:
    """Cut `shaped[start:end]`, one line without its break, into tokens."""
    tokens: list[Token] = []
    space = True
    for match in _PIECE.finditer(shaped, start, end):
        name = match.lastgroup or "sign"
        if name == "space":
            space = True
            continue
        a, b = match.span()
        text = match.group()
        if name == "spaceless":
            tokens += _cut(text, a, space=space, vocabulary=vocabulary)
        else:
            kind = _KINDS[name]
            key = fold(text) if kind == WORD else text
            tokens.append(Token(kind, key, a, b, space))
        space = False
    return tokens


def _cut(run: str, start: int, *, space: bool, vocabulary: Vocabulary) -> list[Token]:
    """Cut a run of a script without spaces at the words that are known, longest first."""
    tokens: list[Token] = []
    rest = at = 0
    while at < len(run):
        length = vocabulary.known_length(run, at)
        if not length:
            at += 1
            continue
        if rest < at:
            tokens.append(Token(SPACELESS_WORD, run[rest:at], start + rest, start + at, space))
            space = False
        end = at + length
        tokens.append(Token(SPACELESS_WORD, run[at:end], start + at, start + end, space))
        space, rest, at = False, end, end
    if rest < len(run):
        tokens.append(Token(SPACELESS_WORD, run[rest:], start + rest, start + len(run), space))
    return tokens
