"""Turn numbers in words into numbers, where they are plainly meant as such.

`twenty euros` is an amount in every chat, and so is what follows a currency: `fünf Euro zwanzig`. Without a
currency words are read only in a message to the bot, and `amounts.py` lets a person confirm them:
`lunch twelve fifty`, `five hundred for rent`. Any other number in words stays a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ledger.text.lines.tokens import CURRENCY, NUMBER, SIGN, WORD, Token
from ledger.text.numbers.currencies import find_word
from ledger.text.numbers.spelled_words import (
    Run,
    Spelling,
    find_run,
    parts_of,
    spelling_of,
    starts_number,
)
from ledger.text.vocabulary import Vocabulary

ALONE_MIN = 10
"""A smaller number in words without a currency counts things: two friends."""
CENTS = range(10, 100)
COUNTS = range(2, 21)
HOURS = 24
HUNDRED, THOUSAND = 100, 1000
PRICED_WORDS_MAX = 4
"""Words between a count in words and the word that names the price of one."""
_LETTERS_OF_ABBREVIATIONS = 2


@dataclass(slots=True)
class _Words:
    """The tokens of a line, with what is known of the language in which numbers are spelled."""

    tokens: Sequence[Token]
    keys: Sequence[str]
    vocabulary: Vocabulary
    language: str
    spelling: Spelling
    to_bot: bool

    def has_role(self, at: int, *roles: str) -> bool:
        """Return whether the chat's language knows a word in one of these roles."""
        if not 0 <= at < len(self.keys):
            return False
        known = self.vocabulary.tables.words.get(self.keys[at], ())
        own = (self.language, self.vocabulary.language, "")
        return any(m.role in roles and m.language in own for m in known)

    def has_digits(self) -> bool:
        """Return whether the line has a number in digits, which is the amount then."""
        return any(token.kind == NUMBER for token in self.tokens)

    def run(self, at: int) -> Run | None:
        """Return the number in words that begins here."""
        if at >= len(self.tokens) or self.tokens[at].kind != WORD:
            return None
        return find_run(self.keys, at, self.language)

    def currency(self, at: int) -> int | None:
        """Return the token of a currency's name or sign here, perhaps behind an `of`."""
        if 0 <= at < len(self.tokens) and self.tokens[at].kind == CURRENCY:
            return at
        if at < len(self.keys) and self.keys[at] in self.spelling.of:
            at += 1
        known = at < len(self.keys) and self.tokens[at].kind == WORD and find_word(self.keys[at])
        long = known and len(self.keys[at]) > _LETTERS_OF_ABBREVIATIONS
        return at if long and not self.has_role(at, "not_currency") else None


def join_spelled(tokens: list[Token], vocabulary: Vocabulary, *, to_bot: bool) -> list[Token]:
    """Return the tokens with every plain number in words as a number."""
    own = vocabulary.language
    for language in dict.fromkeys((own, "en")):
        spelling = spelling_of(language)
        if spelling and any(t.kind == WORD and starts_number(t.key, language) for t in tokens):
            keys = [token.key for token in tokens]
            tokens = _join(_Words(tokens, keys, vocabulary, language, spelling, to_bot))
    return tokens


def _join(words: _Words) -> list[Token]:
    joined: list[Token] = []
    at = 0
    while at < len(words.tokens):
        kind = words.tokens[at].kind
        found = _number_at(words, at) if kind == WORD else None
        found = _begun_in_digits(words, at) if kind == NUMBER else found
        if found is None:
            joined.append(words.tokens[at])
            at += 1
            continue
        key, end = found
        first, last = words.tokens[at], words.tokens[end - 1]
        joined.append(Token(NUMBER, key, first.start, last.end, first.space))
        at = end
    return joined


def _number_at(words: _Words, at: int) -> tuple[str, int] | None:
    """Return the digits of the number in words that begins here, and the token behind it."""
    led = words.keys[at] == "a" and words.language == "en"  # a hundred dollars
    run = None if _is_open(words, at) else words.run(at + led)
    if run is None or (led and run.value < 100):
        return None
    if (money := words.currency(run.end)) is not None:
        weighed = words.keys[run.end] in words.spelling.weights and words.has_role(money + 1, "of")
        return None if weighed else (str(run.value), money)
    if pair := _pair(words, at, run):
        return pair
    meant = (_is_behind_currency, _counts_what_is_priced, _stands_for_amount)
    return (str(run.value), run.end) if any(check(words, at, run) for check in meant) else None


def _begun_in_digits(words: _Words, at: int) -> tuple[str, int] | None:
    """Read `5 hundred`, `2 thousand five hundred`; a thousand alone is read with its digits later."""
    after = words.tokens[at + 1 : at + 2]
    if not after or after[0].kind != WORD or not after[0].space:
        return None
    first = parts_of(words.keys[at + 1], words.language)[:1]
    if not first or not first[0].times:
        return None
    run = find_run(words.keys, at, words.language)
    alone = run is None or (run.end == at + 2 and first[0].value != HUNDRED)
    return None if run is None or alone else (str(run.value), run.end)


def _is_open(words: _Words, at: int) -> bool:
    """Return whether what is in front has the number: 2 thousand euros, a couple hundred, half a grand."""
    numbered = at > 0 and words.tokens[at - 1].kind == NUMBER
    vague = words.spelling.vague & set(words.keys[max(0, at - 2) : at])
    return bool(vague) or numbered


def _pair(words: _Words, at: int, run: Run) -> tuple[str, int] | None:
    """Read units and hundredths: `zwölf fünfzig`, `doce con cincuenta`."""
    end = run.end
    linked = end < len(words.keys) and words.keys[end] in words.spelling.decimal
    cents = words.run(end + linked)
    if cents is None or cents.value not in CENTS or run.value >= 100 or cents.value == run.value:
        return None
    key = f"{run.value}.{cents.value}"
    if (money := words.currency(cents.end)) is not None:
        return key, money
    timed = words.has_role(at - 1, "time_before", "time_sure")
    if not words.to_bot or (timed and run.value <= HOURS) or words.has_digits():
        return None  # wake me at seven thirty; seven eleven snacks 8
    return (key, cents.end) if linked or not at or _ends(words, cents.end) else None


def _is_behind_currency(words: _Words, at: int, run: Run) -> bool:
    """Return whether hundredths follow a number with a currency, perhaps with an "and" between."""
    if run.value not in CENTS:
        return False
    linked = words.has_role(at - 1, "cents", "and")
    named = at - 1 - linked
    if named < 1 or words.currency(named) != named:
        return False
    before = words.tokens[named - 1]
    return before.kind == NUMBER or starts_number(before.key, words.language)


def _counts_what_is_priced(words: _Words, at: int, run: Run) -> bool:
    """Return whether this counts what has a price for one behind it: two beers at 5 euros."""
    first = at == 0 or words.tokens[at - 1].kind == SIGN
    if not first or run.value not in COUNTS:
        return False
    for price in range(run.end + 1, min(len(words.keys), run.end + 1 + PRICED_WORDS_MAX)):
        told = words.has_role(price, "price_word") or words.keys[price] == "@"
        follows = words.tokens[price + 1 : price + 2]
        if told and follows and follows[0].kind in (NUMBER, CURRENCY):
            return True
    return False


def _stands_for_amount(words: _Words, at: int, run: Run) -> bool:
    """Return whether this may be an amount that was told to the bot without a currency."""
    ends = _ends(words, run.end) or (words.spelling.thousands and run.value >= THOUSAND)
    if not words.to_bot or run.value < ALONE_MIN or not ends:
        return False
    led = words.has_role(at - 1, "connecting", "time_before", "time_sure", "with", "naming")
    led = led or (at > 0 and starts_number(words.keys[at - 1], words.language))  # fifty fifty
    other = any(
        token.kind == WORD and not (at <= i < run.end) for i, token in enumerate(words.tokens)
    )
    return other and not led and not words.has_digits()


def _ends(words: _Words, at: int) -> bool:
    """Return whether the line ends here, or goes on with what the money was for."""
    at_end = at >= len(words.tokens) or words.tokens[at].kind == SIGN
    return at_end or words.has_role(at, "connecting", "price_word")
