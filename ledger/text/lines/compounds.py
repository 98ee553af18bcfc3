"""Split words that are written on a number or on each other.

`2만원이래` is 2, 만, 원 and 이래; `50ktg` is 50, k and tg; `5 وحليب` is 5, "and" and milk; `오천원` is 5000
and 원.
"""

from __future__ import annotations

import re
from itertools import pairwise

from ledger.text.lines.tokens import NUMBER, SPACELESS_WORD, WORD, Token
from ledger.text.numbers.currencies import find_code, find_word
from ledger.text.vocabulary import Vocabulary

PIECES_MAX = 4
"""Multipliers and currencies that one compound can hold."""
_HANGUL = re.compile("[가-힣]+")
_HANGUL_NUMERAL = re.compile("((?:[일이삼사오육칠팔구]?[십백천만])+[일이삼사오육칠팔구]?)(원.*)")
_HANGUL_DIGITS = {digit: value for value, digit in enumerate("일이삼사오육칠팔구", 1)}
_HANGUL_TENS = {"십": 10, "백": 100, "천": 1000}


def part_tokens(tokens: list[Token], vocabulary: Vocabulary) -> list[Token]:
    """Part every compound of a line."""
    parted: list[Token] = []
    tokens = _join_hyphens(tokens)
    for at, token in enumerate(tokens):
        behind = bool(parted) and parted[-1].kind == NUMBER and not token.space
        numeral = None if behind else _HANGUL_NUMERAL.fullmatch(token.key)
        if token.kind not in (WORD, SPACELESS_WORD) or len(token.key) < 2:
            parted.append(token)
        elif numeral:
            parted += _spell(token, numeral, vocabulary)
        elif behind:
            parted += _part_unit(token, vocabulary)
        elif token.kind == WORD and _has_prefix(tokens, at, vocabulary):
            parted += _cut(token, 1)
        else:
            parted.append(token)
    return parted


def _join_hyphens(tokens: list[Token]) -> list[Token]:
    """Let the hyphen between a Hebrew letter and its number go with the letter: ב-45."""
    joined: list[Token] = []
    for at, token in enumerate(tokens):
        before = joined[-1] if joined else None
        after = tokens[at + 1] if at + 1 < len(tokens) else None
        led = before is not None and len(before.key) == 1 and "א" <= before.key <= "ת"
        tight = after is not None and after.kind == NUMBER and not (token.space or after.space)
        if token.key == "-" and before and led and tight:
            joined[-1] = before._replace(end=token.end)
        else:
            joined.append(token)
    return joined


def _cut(token: Token, *ends: int) -> list[Token]:
    """Cut a token at these places of its folded word."""
    edges = [0, *ends, len(token.key)]
    return [
        Token(
            token.kind,
            token.key[a:b],
            token.start + a,
            token.end - len(token.key) + b,
            token.space and not a,
        )
        for a, b in pairwise(edges)
        if a < b
    ]


def _has_prefix(tokens: list[Token], at: int, vocabulary: Vocabulary) -> bool:
    """Return whether an Arabic "and" is written on a word behind a number."""
    token = tokens[at]
    near = tokens[max(0, at - 2) : at]
    return (
        len(token.key) > 2
        and any(t.kind == NUMBER for t in near)
        and vocabulary.has_role(token.key[:1], "and_prefix")
        and not vocabulary.meanings(tokens, at)
    )


def _part_unit(token: Token, vocabulary: Vocabulary) -> list[Token]:
    """Part the multipliers and the currency that are written on a number."""
    if len(token.key) != token.end - token.start or _is_unit(token.key, vocabulary):
        return [token]
    ends: list[int] = []
    at = 0
    while at < len(token.key) and len(ends) < PIECES_MAX:
        length = _longest(token.key[at:], vocabulary)
        if not length:
            break
        at += length
        ends.append(at)
    whole = at == len(token.key) or _HANGUL.fullmatch(token.key)
    return _cut(token, *ends) if ends and whole else [token]


def _longest(text: str, vocabulary: Vocabulary) -> int:
    """Return the length of the longest multiplier or currency at the start of a text."""
    lengths = range(len(text), 0, -1)
    return next((n for n in lengths if _is_unit(text[:n], vocabulary)), 0)


def _is_unit(key: str, vocabulary: Vocabulary) -> bool:
    named = find_word(key) or find_code(key)
    return vocabulary.has_role(key, "times") or named is not None


def _spell(token: Token, numeral: re.Match[str], vocabulary: Vocabulary) -> list[Token]:
    """Turn a Korean numeral before won into a number."""
    end = numeral.end(1)
    number, *rest = _cut(token, end)
    value = _hangul_value(numeral[1])
    parted = _part_unit(rest[0], vocabulary) if rest else []
    return [number._replace(kind=NUMBER, key=str(value)), *parted]


def _hangul_value(text: str) -> int:
    """Return the value of a Korean numeral up to ten thousands."""
    total = part = digit = 0
    for sign in text:
        if sign in _HANGUL_DIGITS:
            digit = _HANGUL_DIGITS[sign]
        elif sign == "만":
            total, part, digit = (total + (part + digit or 1)) * 10_000, 0, 0
        else:
            part, digit = part + (digit or 1) * _HANGUL_TENS[sign], 0
    return total + part + digit
