"""Read the plainest messages, such as `coffee 4.50`, without the whole grammar.

Most messages are a few words that no pack knows, or knows as plain words of a purchase, and one
amount, in another currency with its code (`coffee 4.50 USD`). No rule of the grammar has a say about them, so they are read here in a tenth of the time.
Whatever could mean anything else is left to the grammar; `tests/ledger/text` compares both.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from ledger.money import MINOR_DIGITS, is_currency, minor_digits
from ledger.text.lines.annotations import category_names
from ledger.text.lines.characters import fold
from ledger.text.model import Parsed, ParsedEntry, TextContext
from ledger.text.numbers.currencies import (
    CurrencyWord,
    find_code,
    find_word,
    is_reserved,
    smallest_coin,
)
from ledger.text.vocabulary import vocabulary_of

WORDS_KEPT = 4096
"""Words of which is remembered whether they are plain."""

_IGNORED = frozenset({"plain", "counts"})
"""Roles without a say in front of an amount: `counts` is about a number that stands before it."""

_WORD = "[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u017f]{3,20}"
_LINE = re.compile(rf"({_WORD}(?: {_WORD}){{0,2}}) ([1-9]\d{{0,2}}(?:[.,]\d\d)?)(?: ([A-Z]{{3}}))?")


def read_plain_line(text: str, chat: TextContext) -> Parsed | None:
    """Return the entry of a plain message to a private chat; None leaves it to the grammar."""
    if chat.chat_kind != "private" or chat.command or not (match := _LINE.fullmatch(text)):
        return None
    note, typed, code = match.groups()
    currency = code or chat.currency
    digits = minor_digits(currency)
    if smallest_coin(currency) > 1 or not (typed.isdecimal() or digits == 2):  # hundredths
        return None
    if (code and not _is_plain_code(code)) or not _are_plain(note.split(" ")):
        return None
    amount = Decimal(typed.replace(",", ".")).quantize(Decimal(1).scaleb(-digits))
    category = category_names(chat.categories).get(fold(note))
    entry = ParsedEntry(
        "expense", amount, currency, note, chat.today, category, currency_given=bool(code)
    )
    return Parsed("entries", (entry,))


@lru_cache(maxsize=len(MINOR_DIGITS))
def _is_plain_code(code: str) -> bool:
    """Return whether a code of ISO 4217 means only that, unlike `TRY` or `CAD` (a word elsewhere)."""
    key = fold(code)
    roles = {meaning.role for meaning in vocabulary_of("en").tables.words.get(key, ())}
    # It ends the line, so no phrase begins with it.
    if roles - {"plain", "rate"} or key in _command_words() or is_reserved(code):
        return False
    word = find_word(key)
    return is_currency(code) and word in (None, CurrencyWord((code,)), find_code(key))


def _are_plain(words: list[str]) -> bool:
    """Return whether all words are plain, next to an "and" between two of them."""
    if len(words) == 3 and _joins(words[1], words[2]):  # tea and cake
        return _is_plain(words[0], words[1]) and _is_plain(words[2], "")
    return all(map(_is_plain, words, (*words[1:], "")))


@lru_cache(maxsize=WORDS_KEPT)
def _joins(word: str, following: str) -> bool:
    """Return whether a word is an "and" that begins no phrase here."""
    roles = {meaning.role for meaning in vocabulary_of("en").tables.words.get(fold(word), ())}
    return "and" in roles and roles <= {"and", "plain"} and not _begins_phrase(word, following)


@lru_cache(maxsize=WORDS_KEPT)
def _is_plain(word: str, following: str) -> bool:
    """Return whether no rule of the grammar looks at a word here, in whatever language.

    `following` is the next word, empty in front of the amount.
    """
    key = fold(word)
    tables = vocabulary_of("en").tables
    roles = {meaning.role for meaning in tables.words.get(key, ())}
    # A bus with a number is a route, and a bus with a ticket only a word.
    ignored = _IGNORED | {"route"} if following else _IGNORED
    if roles - ignored or key in _command_words() or _begins_phrase(word, following):
        return False
    if find_word(key) or find_code(key) or word.isupper():
        return False
    endings = (*tables.income_suffixes, *tables.street_suffixes)
    if not roles:
        endings += tuple(end for ends in tables.endings.values() for end in ends)
    return not key.endswith(endings)


def _begins_phrase(word: str, following: str) -> bool:
    phrases = vocabulary_of("en").tables.phrases.get(fold(word), ())
    return any(phrase.rest[0] == fold(following) for phrase in phrases)


@lru_cache(maxsize=1)
def _command_words() -> frozenset[str]:
    """Return the words of every command, correction, budget and period, in all languages."""
    sections = vocabulary_of("en").tables.commands.values()
    return frozenset(
        word
        for languages in sections
        for keys in languages.values()
        for phrases in keys.values()
        for phrase in phrases
        for word in phrase.split()
    )
