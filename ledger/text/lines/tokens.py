"""Cut a line once into words, numbers and signs; readers never search the string again.

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
    """White space, or the line's edge, is before it."""


_SYMBOLS = "|".join(re.escape(symbol) for symbol in sorted(SYMBOLS, key=len, reverse=True))
_NUMERAL = (
    "(?<=[0-9一二两兩三四五六七八九十百千万萬][块塊])[一二三四五六七八九](?![0-9一二三四五六七八九十百千万萬个個])|"
    "(?<![0-9万萬千百十])[一二两兩三四五六七八九十百千万萬]+(?=(?:[块塊元円圆圓]|日元|人民币))"
    "|(?<![0-9万萬千百十一二两兩三四五六七八九第初])"
    "(?:[一二两兩三四五六七八九][百千万萬][一二三四五六七八九十百千万萬]*|[二三四五六七八九]十[一二三四五六七八九])"
    r"(?=\s*(?:[,，。;；!！]|$))"
)
"""A numeral of Chinese signs before a currency, or at the end with a unit: 房租三千五."""
_PIECE = re.compile(
    rf"""
    (?P<space>\s+)
  | (?P<numeral>{_NUMERAL})
  | (?P<link>(?:https?|ftp|file|tg)://\S+ | www\.\S+)
  | (?P<currency>{_SYMBOLS})
  | (?P<number>\d+(?:[.,'_٫]\d+)*)
  | (?P<spaceless>(?:(?!{_NUMERAL})[{SPACELESS}])+)
  | (?P<word>(?:[^\W\d_{SPACELESS}]|[{MARKS}])+
             (?:(?:'|(?<=[א-ת])["״](?=[א-ת]))(?:[^\W\d_{SPACELESS}]|[{MARKS}])+)*)
  | (?P<sign>.)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_KINDS = {
    "numeral": NUMBER,
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
            key = _spell(text) if name == "numeral" else key
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


_SIGNS = {sign: value for value, sign in enumerate("一二三四五六七八九", 1)} | {"两": 2, "兩": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_TEN_THOUSAND = "万萬"


def _spell(numeral: str) -> str:
    """Return the digits of a Chinese numeral: 十五 is 15, 三百五 is 350, 三万五千 is 35000."""
    total = part = digit = 0
    unit = 10
    for sign in numeral:
        if sign in _SIGNS:
            digit = _SIGNS[sign]
            continue
        if sign in _TEN_THOUSAND:
            total, part, digit, unit = (total + (part + digit or 1)) * 10_000, 0, 0, 10_000
            continue
        unit = _UNITS[sign]
        part, digit = part + (digit or 1) * unit, 0
    shortened = digit and unit > 10 and len(numeral) > 1 and numeral[-2] not in _SIGNS
    return str(total + part + (digit * unit // 10 if shortened else digit))
