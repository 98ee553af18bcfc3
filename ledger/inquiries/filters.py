"""Turn the names, amounts and other words of a question into the conditions of its filter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from ledger.inquiries.characters import key_of
from ledger.inquiries.lexicon import PREPOSITION, SUBJECT, Cue, Lexicon
from ledger.inquiries.names import Known, NameKind
from ledger.inquiries.query import Op, QueryFilter
from ledger.inquiries.sentence import Part, Sentence
from ledger.money import is_currency
from ledger.text.lines.characters import fold
from ledger.text.numbers.currencies import choose, find_word
from ledger.text.vocabulary import vocabulary_of

WORDS_MAX = 6
"""Words that are looked for."""
LIMIT_MAX = 50
RANKED: tuple[Op, ...] = ("top", "largest", "smallest", "list")
"""Operations that may say how many are wanted."""
_ITEM_OPS: tuple[Op, ...] = ("price",)
_NEAR = 3
_CODES = frozenset(
    [
        "usd",
        "eur",
        "gbp",
        "jpy",
        "chf",
        "rub",
        "pln",
        "uah",
        "czk",
        "sek",
        "nok",
        "dkk",
        "huf",
        "inr",
        "cny",
        "krw",
        "thb",
        "vnd",
        "idr",
        "cad",
        "aud",
        "brl",
        "mxn",
    ]
)
"""Codes of currencies that mean nothing else; others count in capitals alone."""
TRAVEL = "travel"
"""The category of trips."""
BARE_MIN = 2
"""Letters that a word keeps without its particle."""


@dataclass(slots=True)
class Filters:
    """The conditions of a question, and what stays open."""

    filter: QueryFilter = field(default_factory=QueryFilter)
    number: int | None = None
    """A number that counts: the five largest."""
    loose_amount: bool = False
    """An amount of money that bounds nothing, as in an entry."""
    alternatives: list[Callable[[QueryFilter], QueryFilter]] = field(default_factory=list)
    words: str = ""
    """The words that may mean several things."""
    unknown_person: bool = False


def read_bounds(parts: Sequence[Part]) -> Filters:
    """Take `over 50` and `between 20 and 50 EUR`, before a period takes their numbers."""
    filters = Filters()
    for at, part in enumerate(parts):
        bound = _bound(parts, at) if part.amount is not None else None
        if bound is not None:
            part.taken = bound.taken = True
            role = "over" if bound.cue("over") else "under"
            _set_bound(filters, part, role)
    return filters


def read_filters(sentence: Sentence, op: Op, lexicon: Lexicon, bounds: Filters) -> Filters:
    """Return the bounds with the conditions of every other part that no period has taken."""
    filters = bounds
    _read_numbers(sentence.parts, filters, op)
    for part in sentence.parts:
        if part.names and not part.taken and not (op == "recurring" and part.cue("recurring")):
            _take_name(part, filters, op)
    _doubt_names(sentence, filters, op)
    if not filters.filter.scopes and not filters.filter.merchant:
        _read_scopes(sentence, filters, op)
    _read_words(sentence, filters, op, lexicon)
    _read_journey(sentence, filters)
    _doubt_person(sentence, filters, op)
    return filters


# --- amounts


def _read_numbers(parts: Sequence[Part], filters: Filters, op: Op) -> None:
    """Read a number that counts; another one may be the amount of an entry."""
    for part in parts:
        if part.amount is None or part.taken:
            continue
        if part.currency or not _counts(part.amount, op) or filters.number is not None:
            filters.loose_amount = True
        else:
            filters.number = int(part.amount)
    if filters.number is None:
        counted = next((p for p in parts if p.cue("number") and not p.taken), None)
        cue = counted.cue("number") if counted else None
        # As a word, one is an article in many languages and counts nothing.
        filters.number = int(cue.value) if cue and int(cue.value) > 1 else None


def _counts(number: Decimal, op: Op) -> bool:
    """Return whether a number may say how many: the five largest."""
    return op in RANKED and number == number.to_integral() and 0 < number <= LIMIT_MAX


def _set_bound(filters: Filters, part: Part, role: str) -> None:
    currency = part.currency or filters.filter.currency
    if role == "over":
        filters.filter = replace(filters.filter, least=part.amount, currency=currency)
    else:
        filters.filter = replace(filters.filter, most=part.amount, currency=currency)


def _bound(parts: Sequence[Part], at: int) -> Part | None:
    """Return the words in front of an amount, or behind it, that make it a bound."""
    behind = parts[at + 1] if at + 1 < len(parts) else None
    if behind and behind.cue("unit", "month"):
        return None  # more than 30 days
    for step in (-1, 1):
        for near in range(at + step, at + step * _NEAR, step):
            if not 0 <= near < len(parts):
                break
            cue = parts[near].cue("over", "under")
            if cue and (parts[at].currency or not parts[near].cue(*_TIMED)):
                return parts[near]
            if not (parts[near].is_filler or parts[near].cue("expense")):
                break
    return None


_TIMED = ("since", "from", "to", "until")
"""In some languages the same words lead a time: `od 1` is from the first on."""


# --- names


def _take_name(part: Part, filters: Filters, op: Op) -> None:
    by_kind: dict[NameKind, Known] = {}
    for known in part.names:
        by_kind.setdefault(known.kind, known)
    # Budgets belong to categories, so a shop of the same name is not meant.
    if op in ("budget_left", "projection") and "category" in by_kind:
        by_kind = {"category": by_kind["category"]}
    if len(by_kind) > 1:
        filters.words = part.typed
        filters.alternatives = [setter_of(known) for known in by_kind.values()]
        return
    (known,) = by_kind.values()
    filters.filter = setter_of(known)(filters.filter)


def setter_of(known: Known) -> Callable[[QueryFilter], QueryFilter]:
    """Return the function that puts a name of the chat into a filter."""

    def set_name(which: QueryFilter) -> QueryFilter:
        match known.kind:
            case "category":
                return replace(which, scopes=tuple(dict.fromkeys((*which.scopes, known.value))))
            case "merchant":
                return replace(which, merchant=known.value)
            case "member":
                return replace(which, member=known.value)
            case _:
                return replace(which, tag=known.value)

    return set_name


def _read_scopes(sentence: Sentence, filters: Filters, op: Op) -> None:
    """Take the words of the language for categories and groups."""
    for part in sentence.parts:
        cue = part.cue("scope")
        if cue is None or part.taken or part.names:
            continue
        if op == "recurring" and part.cue("recurring"):
            continue
        if part.cue("expense", "buy", "income", "salary", "filler") and not _stands_as_name(
            sentence, part
        ):
            continue
        scopes = tuple(dict.fromkeys((*filters.filter.scopes, str(cue.value))))
        filters.filter = replace(filters.filter, scopes=scopes)


def _stands_as_name(sentence: Sentence, part: Part) -> bool:
    """Return whether a word that says little by itself is all that a question is about."""
    others = [p for p in sentence.parts if p is not part and p.cue("spend", "budget", "how_much")]
    return bool(others) and not part.cue("filler")


def _doubt_names(sentence: Sentence, filters: Filters, op: Op) -> None:
    """Ask which is meant where two shops, people or tags are named, and nothing compares them."""
    named = [known for p in sentence.parts if len(p.names) == 1 for known in p.names]
    for kind in ("merchant", "member", "tag"):
        values = {known.value: known for known in named if known.kind == kind}
        if len(values) > 1 and op != "compare":
            filters.words = ", ".join(values)
            filters.alternatives = [setter_of(known) for known in values.values()]


# --- words


def _read_words(sentence: Sentence, filters: Filters, op: Op, lexicon: Lexicon) -> None:
    """Take what no reader knows as words to look for; for a price as the item."""
    kept = []
    for part in sentence.parts:
        told = part.is_free or (all(cue.role == "salary" for cue in part.cues) and part.cues)
        # A word for money says nothing, unless it is of another country: in euros, in a Swiss chat.
        of_money = part.cues and all(cue.role == "filler" for cue in part.cues)
        if part.taken or part.names or not (told or of_money):
            continue
        code = currency_of(part.typed, sentence)
        if code and (told or code != sentence.currency):
            filters.filter = replace(filters.filter, currency=code)
        elif told:
            kept.append(part)
    words = bare_words(kept, lexicon)
    if not words:
        return
    if op not in (*_ITEM_OPS, "compare") and (apart := _joined_by_and(sentence.parts, kept)):
        # No entry is likely to have both words, and nobody meant such a one.
        filters.words = words
        filters.alternatives = [_words_setter(bare_words(one, lexicon)) for one in apart]
        return
    if op in _ITEM_OPS:
        filters.filter = replace(filters.filter, item=words)
    else:
        filters.filter = replace(filters.filter, words=words)


def _joined_by_and(parts: Sequence[Part], kept: Sequence[Part]) -> list[list[Part]]:
    """Cut unknown words in two where nothing but a word for `and` stands between them: strom und gas."""
    known = {id(part) for part in kept}
    for at, part in enumerate(parts):
        inside = 0 < at < len(parts) - 1 and part.cue("and") is not None
        if inside and id(parts[at - 1]) in known and id(parts[at + 1]) in known:
            before = [one for one in parts[:at] if id(one) in known]
            return [before, [one for one in parts[at + 1 :] if id(one) in known]]
    return []


def _words_setter(words: str) -> Callable[[QueryFilter], QueryFilter]:
    """Return the function that puts words into a filter."""
    return lambda which: replace(which, words=words)


def _read_journey(sentence: Sentence, filters: Filters) -> None:
    """Take a word for a trip as travel, where nothing else says what is asked about."""
    which = filters.filter
    named = which.words or which.item or which.merchant or which.tag or which.scopes
    told = any(part.cue("journey") and not part.taken for part in sentence.parts)
    if told and not named and not filters.alternatives:
        filters.filter = replace(which, scopes=(TRAVEL,))


def currency_of(typed: str, sentence: Sentence) -> str:
    """Return the currency that a word names, as `yen` and `JPY` do; empty for any other word."""
    if is_currency(typed) or typed.casefold() in _CODES:
        return typed.upper()
    key, language = fold(typed), sentence.language
    word = find_word(key)
    if word is None or word.own_only or word.hundredth or word.units > 1:
        return ""
    known = vocabulary_of(language).tables.words.get(key, ())
    if any(one.role == "not_currency" and one.language == language for one in known):
        return ""
    return choose(word, sentence.currency, language, None)


def bare_words(parts: Sequence[Part], lexicon: Lexicon) -> str:
    """Return words to look for, folded, each without the particle that its language joins to it."""
    return " ".join(_bare(one.typed, lexicon) for one in parts[:WORDS_MAX]).casefold()


def _bare(typed: str, lexicon: Lexicon) -> str:
    """Return a word without the particle that its language joins to it."""
    key = key_of(typed)
    for suffix in lexicon.suffixes:
        # A key of another length cannot tell how much of the typed word to cut.
        if key.endswith(suffix) and len(key) - len(suffix) >= BARE_MIN and len(key) == len(typed):
            return typed[: -len(suffix)]
    return typed


def _doubt_person(sentence: Sentence, filters: Filters, op: Op) -> None:
    """Notice a name of nobody in the chat in the place of who paid."""
    if op not in ("total", "count", "average") or filters.filter.member or not filters.filter.words:
        return
    parts = sentence.parts
    pay = next((at for at, part in enumerate(parts) if part.cue("pay")), None)
    if pay is None or sentence.has("spend") or _has_pronoun_beside(parts, pay):
        return
    free = [at for at, part in enumerate(parts) if part.is_free and not part.taken]
    if len(free) == 1 and _is_subject(parts, free[0], pay):
        filters.words = parts[free[0]].typed
        filters.unknown_person = True


def _has_pronoun_beside(parts: Sequence[Part], pay: int) -> bool:
    """Return whether a pronoun says who pays, so that another word is what is paid: rent we pay."""
    beside = parts[max(pay - 1, 0) : pay + 2]
    return any(Cue("filler", SUBJECT) in part.cues for part in beside)


def _is_subject(parts: Sequence[Part], at: int, pay: int) -> bool:
    """Return whether a word stands where the one who paid is named, with no preposition before it."""
    before = parts[at - 1] if at else None
    return at < pay and not (before and Cue("filler", PREPOSITION) in before.cues)
