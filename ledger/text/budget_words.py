"""Read the words after /budget, in every language pack."""

from __future__ import annotations

import re
from datetime import date
from typing import get_args

from ledger.budgets.budget import Carry
from ledger.money import AMOUNT_MAX, from_minor, minor_digits
from ledger.periods.period import Period, RecurringKind
from ledger.settings import Per
from ledger.text.dates.periods import read_trip
from ledger.text.deciding.choice import choose
from ledger.text.lines.annotations import category_names
from ledger.text.lines.characters import clean, fold
from ledger.text.lines.line import TextLine
from ledger.text.lines.notes import build_note
from ledger.text.lines.reading import build_context, read_line
from ledger.text.model import BudgetWords, TextContext
from ledger.text.vocabulary import Vocabulary

TEXT_MAX = 200
_TRIP_WORDS_MAX = 8
"""Words behind "trip" among which its two dates are looked for."""

_MARKED = re.compile(r"(?<![\w#@])([#@])([\w-]*[^\W\d_][\w-]*)")
"""`#tag` or `@person`; a number of something is neither."""
_CARRIES: tuple[Carry, ...] = get_args(Carry)
_KINDS: tuple[RecurringKind, ...] = get_args(RecurringKind)


def parse_budget(text: str, chat: TextContext) -> BudgetWords | None:
    """Return a budget's scope, amount and period; None if the words cannot be a budget.

    `food 400`, `groceries 250 week`, `1500 trip 3.12.-14.12.`, `#work 500`, `@Mia 300`,
    `food 400 carry over`, `food off`, `food`. A negative amount, zero that carries nothing over,
    two amounts, or nothing at all is None.
    """
    words = " ".join(clean(text[:TEXT_MAX]).split())
    if not words:
        return None
    vocabulary = build_context(words, chat).vocabulary
    words, marked = _take_marked(words, chat)
    words, carry = _take_carry(words, vocabulary)
    words, per, trip = _take_trip(words, vocabulary, chat)
    words, off = _without(words, vocabulary, "off", at_start=False)
    if per is None:
        words, per = _take_period(words, vocabulary)
    if per and not off:
        # `food off week` as well as `food week off`.
        words, off = _without(words, vocabulary, "off", at_start=False)
    line = read_line(build_context(words, chat))
    if not line.amounts:
        scope = marked or _scope(words, chat, vocabulary)
        found = BudgetWords(scope, per=per, off=off, carry=carry, trip=trip)
        named = any(c.isalnum() for c in scope)
        return found if named or off or per or carry else None
    if len(line.amounts) > 1 or off:
        return None
    return _with_amount(line, BudgetWords(marked, per=per, carry=carry, trip=trip), chat)


def _with_amount(line: TextLine, found: BudgetWords, chat: TextContext) -> BudgetWords | None:
    choice = choose(line, (0, len(line.tokens)))
    if choice.candidate is None:
        return None
    amount = choice.candidate.entries[0][1].amount
    if amount.sign == "-":
        return None
    currency = amount.currency or chat.currency
    minor = round(amount.value * 10 ** minor_digits(currency))
    value = from_minor(max(0, minor), currency)
    least = 0 if found.carry in ("surplus", "both") else 1
    if minor < least or value > AMOUNT_MAX:
        return None
    # The period may be between scope and amount: `food weekly 50`.
    vocabulary = line.context.vocabulary
    rest, between = _take_period(_rest(line, amount.start, amount.end), vocabulary)
    scope = _scope(rest, chat, vocabulary)
    if found.scope and scope:
        return None
    return BudgetWords(
        found.scope or scope,
        value,
        amount.currency,
        found.per or between,
        carry=found.carry,
        trip=found.trip,
    )


def _rest(line: TextLine, start: int, end: int) -> str:
    return build_note(line, (0, len(line.tokens)), range(start, end))


def _scope(words: str, chat: TextContext, vocabulary: Vocabulary) -> str:
    scope = words.strip(" ,;:=-–#[]/")
    key = " ".join(fold(scope).split())
    if key in vocabulary.command_words("budgets", "all"):
        return ""
    # `travel` is a category's id and `Travel` a group's: what is typed to the letter stays.
    if scope in chat.categories:
        return scope
    return category_names(chat.categories).get(key, scope)


def _take_marked(words: str, chat: TextContext) -> tuple[str, str]:
    """Take `#tag` or `@person` out of the words; a tag that names a category is that category."""
    match = _MARKED.search(words)
    if match is None:
        return words, ""
    rest = f"{words[: match.start()]} {words[match.end() :]}"
    named = category_names(chat.categories).get(fold(match[2])) if match[1] == "#" else None
    return " ".join(rest.split()), named or match[0]


def _take_carry(words: str, vocabulary: Vocabulary) -> tuple[str, Carry | None]:
    """Take the words for carrying rests over out of the words, wherever they stand."""
    known = [
        (phrase, carry)
        for carry in _CARRIES
        for phrase in vocabulary.command_words("budgets", f"carry_{carry}")
    ]
    for phrase, carry in sorted(known, key=lambda pair: -len(pair[0])):
        if found := _find(phrase, words):
            return _cut(words, found), carry
    return words, None


def _take_trip(
    words: str, vocabulary: Vocabulary, chat: TextContext
) -> tuple[str, Per | None, Period | None]:
    """Take the word for a trip and its two dates out of the words."""
    for phrase in vocabulary.command_words("periods", "trip"):
        found = _find(phrase, words)
        if found is None:
            continue
        behind = words[found[1] :].split()
        rest, trip = _take_dates(behind, chat.today, chat.language)
        return " ".join((*words[: found[0]].split(), *rest)), "trip", trip
    return words, None, None


def _take_dates(words: list[str], today: date, language: str) -> tuple[list[str], Period | None]:
    """Take the longest run of words that gives two dates."""
    count = min(len(words), _TRIP_WORDS_MAX)
    for length in range(count, 0, -1):
        for start in range(count - length + 1):
            run = " ".join(words[start : start + length])
            if trip := read_trip(run, today, language):
                return words[:start] + words[start + length :], trip
    return words, None


def _take_period(words: str, vocabulary: Vocabulary) -> tuple[str, Per | None]:
    """Strip the words for the period off the end or the start; None where there are none."""
    for kind in _KINDS:
        for section in ("budgets", "periods"):
            rest, found = _without(words, vocabulary, kind, at_start=True, section=section)
            if found:
                return rest, kind
    return words, None


def _find(phrase: str, words: str) -> tuple[int, int] | None:
    """Return where a phrase stands in the words as a whole."""
    # Scripts without spaces join it to other words.
    bound = "" if ord(phrase[0]) > 0x2E80 else r"\b"
    match = re.search(f"{bound}{re.escape(phrase)}{bound}", _folded(words))
    return match.span() if match else None


def _cut(words: str, span: tuple[int, int]) -> str:
    kept = f"{words[: span[0]]} {words[span[1] :]}"
    return " ".join(kept.split()).strip(" ,;")


def _folded(words: str) -> str:
    """Fold words without changing their length."""
    folded = fold(words)
    if len(folded) == len(words):
        return folded
    return words.lower() if len(words.lower()) == len(words) else words


def _without(
    words: str, vocabulary: Vocabulary, key: str, *, at_start: bool, section: str = "budgets"
) -> tuple[str, bool]:
    """Take a phrase of a section off the end (or the start) of the words."""
    folded = _folded(words)
    for phrase in sorted(vocabulary.command_words(section, key), key=len, reverse=True):
        if folded == phrase and (key == "off" or at_start):
            return "", True
        spaceless = ord(phrase[0]) > 0x2E80
        if folded.endswith(phrase):
            rest = words[: -len(phrase)]
            if rest and (spaceless or phrase[0] == "/" or not rest[-1].isalpha()):
                return rest.strip(" /"), True
        if at_start and folded.startswith(phrase):
            rest = words[len(phrase) :]
            if rest and (spaceless or not rest[0].isalpha()):
                return rest.strip(" /:"), True
    return words, False
