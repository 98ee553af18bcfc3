"""Read the words after /budget, in every language pack."""

from __future__ import annotations

from typing import Literal

from ledger.money import AMOUNT_MAX, from_minor, minor_digits
from ledger.text.deciding.choice import choose
from ledger.text.lines.annotations import category_names
from ledger.text.lines.characters import clean, fold
from ledger.text.lines.line import TextLine
from ledger.text.lines.notes import build_note
from ledger.text.lines.reading import build_context, read_line
from ledger.text.model import BudgetWords, TextContext
from ledger.text.vocabulary import Vocabulary

TEXT_MAX = 200


def parse_budget(text: str, chat: TextContext) -> BudgetWords | None:
    """Return a budget's scope, amount and period; None if the words cannot be a budget.

    `food 400`, `groceries 250 week`, `1500 month`, `food off`, `food`. A negative or zero amount, two
    amounts, or nothing at all is None.
    """
    words = " ".join(clean(text[:TEXT_MAX]).split())
    if not words:
        return None
    context = build_context(words, chat)
    words, off = _without(words, context.vocabulary, "off", at_start=False)
    words, per = _without_period(words, context.vocabulary)
    line = read_line(build_context(words, chat))
    whole = (0, len(line.tokens))
    if not line.amounts:
        scope = _scope(words, chat, context.vocabulary)
        named = any(c.isalnum() for c in scope)
        return BudgetWords(scope, per=per, off=off) if named or off else None
    choice = choose(line, whole)
    if choice.candidate is None or len(line.amounts) > 1 or off:
        return None
    amount = choice.candidate.entries[0][1].amount
    if amount.sign == "-":
        return None
    currency = amount.currency or chat.currency
    minor = round(amount.value * 10 ** minor_digits(currency))
    value = from_minor(max(0, minor), currency)
    if not 0 < value <= AMOUNT_MAX:
        return None
    # The period may be between scope and amount: `food weekly 50`.
    rest, between = _without_period(_rest(line, amount.start, amount.end), context.vocabulary)
    scope = _scope(rest, chat, context.vocabulary)
    return BudgetWords(scope, value, amount.currency, "week" if between == "week" else per)


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


def _without_period(words: str, vocabulary: Vocabulary) -> tuple[str, Literal["week", "month"]]:
    """Strip the words for the period, which is a month by default."""
    rest, weekly = _without(words, vocabulary, "week", at_start=True)
    if weekly:
        return rest, "week"
    return _without(words, vocabulary, "month", at_start=True)[0], "month"


def _without(words: str, vocabulary: Vocabulary, key: str, *, at_start: bool) -> tuple[str, bool]:
    """Take a phrase of the budget's section off the end (or the start) of the words."""
    folded = fold(words)
    if len(folded) != len(words):
        folded = words.lower() if len(words.lower()) == len(words) else words
    for phrase in sorted(vocabulary.command_words("budgets", key), key=len, reverse=True):
        if folded == phrase and key == "off":
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
