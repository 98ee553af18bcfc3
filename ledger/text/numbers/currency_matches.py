"""Find the currency next to a number, and its meaning in this chat."""

from __future__ import annotations

from typing import NamedTuple

from ledger.text.lines.line import CURRENCY, SPACELESS_WORD, WORD, TextLine
from ledger.text.lines.tokens import NUMBER
from ledger.text.numbers.currencies import (
    CurrencyWord,
    choose,
    find_code,
    find_national,
    find_sign,
    find_word,
)


class CurrencyMatch(NamedTuple):
    """A currency read at a token."""

    code: str
    guessed: bool
    """A shared sign or word that is not the chat's own: the answer shows the choice."""
    hundredth: bool
    codes: tuple[str, ...]
    """Everything that it could have meant."""
    units: int = 1
    """The units of the currency that the word is worth."""


def currency_at(line: TextLine, at: int, *, before: bool) -> CurrencyMatch | None:
    """Return the currency that this token names next to a number; `before`: it leads the number."""
    if not 0 <= at < len(line.tokens) or line.owners[at]:
        return None
    token = line.tokens[at]
    if token.kind == CURRENCY:
        sign = find_sign(token.key)
        return _match_currency(line, sign) if sign else None
    if token.kind not in (WORD, SPACELESS_WORD):
        return None
    code = find_code(token.key)
    word = code or find_word(token.key)
    if word is None or (before and not word.before):
        return None
    return _match_currency(line, word) if _counts(line, at, word) else None


def _match_currency(line: TextLine, word: CurrencyWord) -> CurrencyMatch:
    context = line.context
    own = context.chat.currency
    code = choose(word, own, context.conventions.language, context.conventions.region)
    guessed = len(word.codes) > 1 and code != own
    return CurrencyMatch(code, guessed, word.hundredth, word.codes or (own,), word.units)


def find_adjective(line: TextLine, at: int, found: CurrencyMatch) -> CurrencyMatch | None:
    """Return the currency that a country's adjective at this token singles out: ليبي, Canadian."""
    word = CurrencyWord(found.codes)
    code = find_national(word, line.key(at)) if line.is_word(at) and len(found.codes) > 1 else None
    return found._replace(code=code, guessed=False, codes=(code,)) if code else None


def _counts(line: TextLine, at: int, word: CurrencyWord) -> bool:
    """Return whether a word that may be something else is a currency here.

    A word of a language counts in small letters only when it is the chat's own currency;
    a code in capitals always counts.
    """
    own = line.context.chat.currency
    if own in word.codes:
        return True
    if word.own_only_in == line.context.conventions.language:
        return False
    if word.own_only:
        return not word.codes and own == "GBP"
    if line.role(at, "not_currency"):
        typed = line.typed(at, at + 1)
        return len(typed) == 3 and typed.isascii() and typed.isupper()
    return True


# Signs that are written behind their number where a space could belong to either.
_TRAILING = frozenset("€₽₴₸₫₺")


def leads(line: TextLine, at: int) -> bool:
    """Return whether the currency at this token belongs to the number behind it."""
    token = line.tokens[at]
    after = at + 1
    if token.kind != CURRENCY or not token.space or after >= len(line.tokens):
        return False
    if line.tokens[after].kind != NUMBER:
        return False
    return line.touches(after) or token.key not in _TRAILING


def is_money(line: TextLine, at: int) -> bool:
    """Return whether a currency or a multiplier is next to this number."""
    after = at + 1
    if currency_at(line, after, before=False) or line.role(after, "times"):
        return True
    return currency_at(line, at - 1, before=True) is not None
