"""Turn the names, amounts and other words of a question into the conditions of its filter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from ledger.inquiries.characters import key_of
from ledger.inquiries.lexicon import PREPOSITION, Cue, Lexicon
from ledger.inquiries.names import Known, NameKind
from ledger.inquiries.query import Op, QueryFilter
from ledger.inquiries.sentence import Part, Sentence
from ledger.money import is_currency

WORDS_MAX = 6
"""Words that are looked for."""
LIMIT_MAX = 50
RANKED: tuple[Op, ...] = ("top", "largest", "smallest", "list")
"""Operations that may say how many are wanted."""
_ITEM_OPS: tuple[Op, ...] = ("price",)
_NEAR = 3
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


def read_filters(sentence: Sentence, op: Op, lexicon: Lexicon) -> Filters:
    """Return the conditions that the parts give which no period has taken."""
    filters = Filters()
    _read_bounds(sentence.parts, filters, op)
    for part in sentence.parts:
        if part.names and not part.taken and not (op == "recurring" and part.cue("recurring")):
            _take_name(part, filters, op)
    if not filters.filter.scopes and not filters.filter.merchant:
        _read_scopes(sentence, filters, op)
    _read_words(sentence, filters, op, lexicon)
    _doubt_person(sentence, filters, op)
    return filters


# --- amounts


def _read_bounds(parts: Sequence[Part], filters: Filters, op: Op) -> None:
    """Read `over 50`, `between 20 and 50 EUR`, and numbers that count."""
    for at, part in enumerate(parts):
        if part.amount is None or part.taken:
            continue
        role = _bound(parts, at)
        if role:
            part.taken = True
            _set_bound(filters, part, role)
        elif part.currency or not _counts(part.amount, op) or filters.number is not None:
            filters.loose_amount = True
        else:
            filters.number = int(part.amount)
    if filters.number is None:
        counted = next((p for p in parts if p.cue("number") and not p.taken), None)
        cue = counted.cue("number") if counted else None
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


def _bound(parts: Sequence[Part], at: int) -> str | None:
    """Return whether words in front of an amount, or behind it, make it a bound."""
    for step in (-1, 1):
        for near in range(at + step, at + step * _NEAR, step):
            if not 0 <= near < len(parts):
                break
            if cue := parts[near].cue("over", "under"):
                return cue.role
            if not (parts[near].is_filler or parts[near].cue("expense")):
                break
    return None


# --- names


def _take_name(part: Part, filters: Filters, op: Op) -> None:
    by_kind: dict[NameKind, Known] = {}
    for known in part.names:
        by_kind.setdefault(known.kind, known)
    if op in ("budget_left", "projection") and "category" in by_kind:
        by_kind = {"category": by_kind["category"]}
    if len(by_kind) > 1:
        filters.words = part.typed
        filters.alternatives = [_setter(known) for known in by_kind.values()]
        return
    (known,) = by_kind.values()
    filters.filter = _setter(known)(filters.filter)


def _setter(known: Known) -> Callable[[QueryFilter], QueryFilter]:
    def set_name(which: QueryFilter) -> QueryFilter:
        match known.kind:
            case "category":
                return replace(which, scopes=tuple(dict.fromkeys((*which.scopes, known.value))))
            case "merchant":
                return replace(which, merchant=known.value)
            case "member":
                # Two people are set against each other, so neither is the filter.
                return replace(which, member="" if which.member else known.value)
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


# --- words


def _read_words(sentence: Sentence, filters: Filters, op: Op, lexicon: Lexicon) -> None:
    """Take what no reader knows as words to look for; for a price as the item."""
    kept = []
    for part in sentence.parts:
        if part.taken or not part.is_free:
            continue
        if is_currency(part.typed):  # in capitals: a code is a word of some languages
            filters.filter = replace(filters.filter, currency=part.typed)
            continue
        kept.append(_bare(part.typed, lexicon))
    words = " ".join(kept[:WORDS_MAX]).casefold()
    if not words:
        return
    if op in _ITEM_OPS:
        filters.filter = replace(filters.filter, item=words)
    else:
        filters.filter = replace(filters.filter, words=words)


def _bare(typed: str, lexicon: Lexicon) -> str:
    """Return a word without the particle that its language joins to it."""
    key = key_of(typed)
    for suffix in lexicon.suffixes:
        if key.endswith(suffix) and len(key) - len(suffix) >= BARE_MIN and len(key) == len(typed):
            return typed[: -len(suffix)]
    return typed


def _doubt_person(sentence: Sentence, filters: Filters, op: Op) -> None:
    """Notice a name of nobody in the chat in the place of who paid."""
    if op not in ("total", "count", "average") or filters.filter.member or not filters.filter.words:
        return
    parts = sentence.parts
    pay = next((at for at, part in enumerate(parts) if part.cue("pay")), None)
    if pay is None or sentence.has("spend"):
        return
    free = [at for at, part in enumerate(parts) if part.is_free and not part.taken]
    if len(free) == 1 and _is_subject(parts, free[0], pay):
        filters.words = parts[free[0]].typed
        filters.unknown_person = True


def _is_subject(parts: Sequence[Part], at: int, pay: int) -> bool:
    """Return whether a word stands where the one who paid is named, with no preposition before it."""
    before = parts[at - 1] if at else None
    return at < pay and not (before and Cue("filler", PREPOSITION) in before.cues)
