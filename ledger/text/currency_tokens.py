"""Currencies beside a number: which token is one, and what it means in this chat."""

from __future__ import annotations

from typing import NamedTuple

from ledger.text.currencies import CurrencyWord, choose, find_code, find_sign, find_word
from ledger.text.line import CURRENCY, SPACELESS_WORD, WORD, Line
from ledger.text.tokens import NUMBER


class Coin(NamedTuple):
    """A currency read at a token."""

    code: str
    guessed: bool
    """A shared sign or word that is not the chat's own: the answer shows the choice."""
    hundredth: bool
    codes: tuple[str, ...]
    """Everything that it could have meant."""


def currency_at(line: Line, at: int, *, before: bool) -> Coin | None:
    """Return the currency that this token names beside a number; `before`: it leads the number."""
    if not 0 <= at < len(line.tokens) or line.owners[at]:
        return None
    token = line.tokens[at]
    if token.kind == CURRENCY:
        sign = find_sign(token.key)
        return _coin(line, sign) if sign else None
    if token.kind not in (WORD, SPACELESS_WORD):
        return None
    code = find_code(token.key)
    word = code or find_word(token.key)
    if word is None or (before and not word.before):
        return None
    return _coin(line, word) if _counts(line, at, word) else None


def _coin(line: Line, word: CurrencyWord) -> Coin:
    scene = line.scene
    own = scene.context.currency
    code = choose(word, own, scene.customs.language, scene.customs.region)
    guessed = len(word.codes) > 1 and code != own
    return Coin(code, guessed, word.hundredth, word.codes or (own,))


def _counts(line: Line, at: int, word: CurrencyWord) -> bool:
    """Say whether a word that may be something else is a currency here.

    A word of a language counts in small letters only when it is the chat's own currency;
    a code in capitals always counts.
    """
    own = line.scene.context.currency
    if own in word.codes:
        return True
    if word.own_only_in == line.scene.customs.language:
        return False
    if word.own_only:
        return not word.codes and own == "GBP"
    if line.role(at, "not_currency"):
        typed = line.typed(at, at + 1)
        return len(typed) == 3 and typed.isascii() and typed.isupper()
    return True


# Signs that are written behind their number where a space could belong to either.
_TRAILING = frozenset("€₽₴₸₫₺")


def leads(line: Line, at: int) -> bool:
    """Say whether the currency at this token belongs to the number behind it."""
    token = line.tokens[at]
    after = at + 1
    if token.kind != CURRENCY or not token.space or after >= len(line.tokens):
        return False
    if line.tokens[after].kind != NUMBER:
        return False
    return line.touches(after) or token.key not in _TRAILING


def is_money(line: Line, at: int) -> bool:
    """Say whether a currency or a multiplier stands beside this number."""
    after = at + 1
    if currency_at(line, after, before=False) or line.role(after, "times"):
        return True
    return currency_at(line, at - 1, before=True) is not None
