"""Decide which amounts in words without a currency a person must confirm."""

from __future__ import annotations

from dataclasses import replace

from ledger.text.lines.line import NUMBER, Amount, TextLine
from ledger.text.numbers.clock import HOURS
from ledger.text.numbers.currencies import smallest_coin
from ledger.text.numbers.spelled_words import spelling_of, starts_number

SMALL_UNIT = 10
"""Smallest coin from which on thousands in words are plainly money."""
_SPACELESS_MIN = "\u2e80"
"""First of the signs of scripts whose numerals are written like digits."""


def mark_told(line: TextLine) -> None:
    """Mark every amount in words that may mean something else."""
    line.amounts = [_marked(line, amount) for amount in line.amounts]


def _marked(line: TextLine, amount: Amount) -> Amount:
    told = line.tokens[amount.start]
    word = line.context.shaped[told.start : told.end]
    named = told.kind == NUMBER and word[:1].isalpha() and word < _SPACELESS_MIN
    if not named or amount.hint:
        return amount
    if amount.decimals and _may_be_hundreds(line, word):
        return replace(amount, hint="spoken", otherwise=amount.value * 100)
    return amount if amount.currency or _is_plain(line, amount) else replace(amount, hint="spoken")


def _may_be_hundreds(line: TextLine, word: str) -> bool:
    """Return whether two numbers in a row may be hundreds as well: two fifty."""
    own = line.context.vocabulary.language
    first = word.split(maxsplit=1)[0].casefold()
    spelling = spelling_of(own if starts_number(first, own) else "en")
    return spelling is not None and spelling.pairs


def _is_plain(line: TextLine, amount: Amount) -> bool:
    """Return whether the words around leave no doubt that money is meant."""
    if any(line.role(i, "paid") for i in range(len(line.tokens))):
        return True
    chat = line.context.chat
    if amount.value >= 1000 and smallest_coin(chat.currency) >= SMALL_UNIT:
        return True
    if amount.value <= HOURS and not amount.decimals:
        return False  # dinner twelve
    words = (line.typed(0, amount.start), line.typed(amount.end, len(line.tokens)))
    return any(chat.is_known_note(note.strip()) for note in words if note.strip())
