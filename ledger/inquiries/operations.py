"""Choose the operation of a question and its type by the cues that it holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ledger.inquiries.groupings import DIMENSIONS, find_dimension, find_grouping
from ledger.inquiries.query import Op, QueryType
from ledger.inquiries.sentence import Part, Sentence

_RANKS = ("big", "small", "most", "least")
FEW = 2
"""Words that may be all of a question: `/ask coffee`."""
ASKING = ("how_much", "how_many", "how_often", "what", "what_on", "which", "who", "where", "when")
_ABOUT_MONEY = (
    "spend", "pay", "buy", "earn", "income", "left", "budget", "expense", "total", "average",
    "median", "big", "small", "most", "least", "share", "compare", "trend", "rise", "price", "recurring",
    "forecast", "owe", "balance", "last_time", "cost", "salary", "scope",
)  # fmt: skip


def choose_op(sentence: Sentence, periods: int, *, lenient: bool) -> Op | None:
    """Return the operation, None where the words ask for none.

    Args:
        sentence: The parts, with those of periods taken.
        periods: The number of periods that were found.
        lenient: The words follow `/ask`, so a name or a period alone asks for its total.
    """
    for op, holds in _RULES:
        if holds(sentence, periods):
            return op
    ranked = _rank(sentence)
    if ranked:
        return ranked
    for op, holds in _LATER_RULES:
        if holds(sentence, periods):
            return op
    named = any(part.names or part.cue("scope") for part in sentence.parts)
    few = sum(part.is_free for part in sentence.parts) <= FEW
    asks = sentence.has(*ASKING)  # for something else than money
    return "total" if lenient and not asks and (periods > 0 or named or few) else None


def _owed(sentence: Sentence, _: int) -> bool:
    return sentence.has("owe")


def _projection(sentence: Sentence, _: int) -> bool:
    asks = sentence.has("how_much", "what", "budget", "spend") or sentence.asks
    asks = asks or sum(part.cue("will") is not None for part in sentence.parts) > 1
    return sentence.has("forecast") or (sentence.has("will") and asks)


def _budget_left(sentence: Sentence, _: int) -> bool:
    if sentence.has("balance", "share") or (sentence.has("compare") and not sentence.has("left")):
        return False
    asks = sentence.has("left", "how_much", "what", "show", "which", "over") or sentence.asks
    if sentence.has("budget"):
        return asks or not sentence.has("spend", "total")
    return sentence.has("left") and sentence.has("how_much", "what") and not sentence.has("spend")


def _last_time(sentence: Sentence, _: int) -> bool:
    if _asks_whether(sentence):
        return True
    cue = next((p for p in sentence.parts if p.cue("last_time") and not p.taken), None)
    if cue is None:
        return False
    # `last` alone means the last time only where a moment is asked for.
    return not cue.cue("last", "past") or sentence.has("when")


def _asks_whether(sentence: Sentence) -> bool:
    """Return whether somebody asks if something was paid already: did I pay rent yet?"""
    already = sentence.has("already") and sentence.has("pay", "buy", "earn")
    return already and not sentence.has(*ASKING, *_RANKS, "total", "show", "share", "average", "by")


def _price(sentence: Sentence, _: int) -> bool:
    if sentence.has("left", "budget", "spend", "pay", "total", "average", *_RANKS):
        return False
    if find_grouping(sentence) or any(p.cue("unit") and not p.taken for p in sentence.parts):
        return False  # so much a month: an average of what was paid
    asked = sentence.has("price") or (sentence.has("how_much", "what") and sentence.has("cost"))
    return asked and any(
        part.is_free or any(one.kind == "merchant" for one in part.names) for part in sentence.parts
    )


def _recurring(sentence: Sentence, periods: int) -> bool:
    if sentence.has("when") and sentence.has("due") and not sentence.has("last_time", "buy"):
        return True
    if sentence.has("how_much", "total", "average", "compare", "share", "trend", "spend", *_RANKS):
        return False
    asks = sentence.has("which", "what", "due", "next", "named", "show") or periods == 0
    ahead = sentence.has("due") and sentence.has("next") and sentence.has("which", "what")
    return (sentence.has("recurring") and asks) or (ahead and not sentence.has("expense", "buy"))


def _compare(sentence: Sentence, periods: int) -> bool:
    two = periods > 1 and sentence.has("more", "most", "big") and sentence.has("versus", "than")
    more_than = periods == 1 and _sets_period_against(sentence)
    compares = sentence.has("compare") and (periods > 0 or not sentence.has("big"))
    than_usual = sentence.has("more") and sentence.has("usual")
    return two or more_than or compares or than_usual or _sets_names_against(sentence)


def _sets_names_against(sentence: Sentence) -> bool:
    """Return whether two people, shops or tags are set against each other: Mia or Jonas."""
    named = {(one.kind, one.value) for part in sentence.parts for one in part.names}
    kinds = [kind for kind, _ in named if kind != "category"]
    # As a phrase, `more than` has one meaning, by which it bounds amounts.
    phrase = any(
        part.cue("over") and " " in part.typed and not part.taken for part in sentence.parts
    )
    against = phrase or (sentence.has("more", "most") and sentence.has("versus"))
    return len(kinds) > len(set(kinds)) and against


def _sets_period_against(sentence: Sentence) -> bool:
    """Return whether a period, or `the last one`, stands behind `more than`."""
    # As a phrase of several words it is read like `more than 50`, which bounds an amount.
    phrase = any(p.cue("over") and " " in p.typed and not p.taken for p in sentence.parts)
    ellipsis = any(part.cue("last") and not part.taken for part in sentence.parts)
    if phrase and (ellipsis or leads_period(sentence, "over")):
        return True
    than = leads_period(sentence, "than") or (sentence.has("than") and ellipsis)
    return sentence.has("more") and than


def leads_period(sentence: Sentence, *roles: str) -> bool:
    """Return whether a word with one of these roles stands right in front of a period."""
    parts = sentence.parts
    for at, part in enumerate(parts):
        if part.taken and "than" in roles and _is_left_behind(parts, at):
            return True
        if not (part.taken and at and not parts[at - 1].taken):
            continue
        before = at - 1
        while before > 0 and _is_passed_over(parts[before]) and not parts[before].cue(*roles):
            before -= 1
        if parts[before].cue(*roles) and not parts[before].taken:
            return True
    return False


def _is_passed_over(part: Part) -> bool:
    return part.is_filler or part.cue("of_period") is not None


def _is_left_behind(parts: Sequence[Part], at: int) -> bool:
    """Return whether a period's own ending, or the word behind it, means `than`."""
    behind = parts[at + 1] if at + 1 < len(parts) else None
    ending = parts[at].cue("than") and parts[at].cue("unit")
    return bool(ending or (behind and behind.cue("than_after")))


def _count(sentence: Sentence, _: int) -> bool:
    if sentence.has("how_often"):
        return True
    # `how many euros did we spend` asks for a sum.
    return sentence.has("how_many") and not sentence.has("spend", "earn")


_Rule = tuple[Op, Callable[[Sentence, int], bool]]
# The first that holds wins: what names its operation plainly stands before what many questions hold.
_RULES: tuple[_Rule, ...] = (
    ("owed", _owed),
    ("projection", _projection),
    ("budget_left", _budget_left),
    ("last_time", _last_time),
    ("recurring", _recurring),
    ("total", lambda sentence, _: _sets_against(sentence)),
    ("share", lambda sentence, _: sentence.has("share")),
    ("compare", _compare),
    ("trend", lambda sentence, _: sentence.has("trend", "rise") and not sentence.has("price")),
    ("count", _count),
    ("median", lambda sentence, _: sentence.has("median")),
    ("average", lambda sentence, _: sentence.has("average")),
)


def _is_of_expenses(sentence: Sentence, part: Part) -> bool:
    """Return whether a superlative's noun is an expense, so that a unit only says when: dépense de la semaine."""
    nouns = ("expense", "unit", *DIMENSIONS)
    behind = sentence.parts[sentence.parts.index(part) + 1 :]
    noun = next((p for p in behind if p.cue(*nouns) and not p.taken), None)
    return noun is not None and noun.cue("expense") is not None


def _rank(sentence: Sentence) -> Op | None:
    """Return the operation of a superlative: one entry, or the first of several groups."""
    # In Arabic one phrase means `most since`, and is taken by the period.
    ranks = (p for p in sentence.parts if p.cue(*_RANKS) and (not p.taken or p.cue("since")))
    part = next(ranks, None)
    if part is None:
        # What money goes on is a ranking without saying so.
        return "top" if sentence.has("what_on") and not sentence.has("how_much") else None
    narrow = part.cue("big", "small") and _is_of_expenses(sentence, part)
    if sentence.has("who", "what_on", "where") or find_dimension(sentence, units=not narrow):
        return "top"
    grown = part.cue("most", "least") and not sentence.has("expense")
    if grown and (sentence.has("spend", "pay", "what") or not part.cue("big", "small")):
        return "top" if sentence.has("what", "which", "spend", "pay") or sentence.asks else None
    return "smallest" if part.cue("small", "least") else "largest"


def _list(sentence: Sentence, _: int) -> bool:
    if sentence.has("how_much", "total"):
        return False
    bought = sentence.has("what", "which") and sentence.has("buy")
    bought = bought or (sentence.has("which") and sentence.has("expense"))
    if sentence.has("cost_past"):
        return False
    return sentence.has("show") or bought


def _is_latest(sentence: Sentence) -> Part | None:
    """Return `last` next to a noun for entries: the last purchase, the last 10 purchases."""
    if sentence.has("how_much", "total", "compare"):
        return None
    last = (p for p in sentence.parts if p.cue("last", "past", "last_time") and not p.taken)
    return next(last, None) if sentence.has("expense") else None


def _latest_list(sentence: Sentence, _: int) -> bool:
    counted = any(
        (part.amount is not None or part.cue("number")) and not part.taken
        for part in sentence.parts
    )
    return _is_latest(sentence) is not None and counted


def _total(sentence: Sentence, periods: int) -> bool:
    if sentence.has("how_much", "total", "income", "salary", "price"):
        return True
    if sentence.has("who") and sentence.has("spend", "pay"):
        return True
    if sentence.has("what") and sentence.has("cost_past", "spend", "pay"):
        return True
    if sentence.has("what", "which") and sentence.has("earn") and not sentence.has("buy"):
        return True
    told = sentence.has("expense", "balance") or (sentence.asks and sentence.has("spend", "pay"))
    return told and (periods > 0 or sentence.has("by", "balance") or sentence.asks)


# Behind the rankings, because `how much` and `show` lead those as well.
_LATER_RULES: tuple[_Rule, ...] = (
    ("list", _latest_list),
    ("last_time", lambda sentence, _: _is_latest(sentence) is not None),
    ("price", _price),
    ("list", lambda sentence, _: _list(sentence, 0) and not _grouped(sentence)),
    ("total", _total),
    ("list", _list),
)


def _grouped(sentence: Sentence) -> bool:
    return sentence.has("by") and find_grouping(sentence) is not None


def find_type(sentence: Sentence) -> QueryType:
    """Return the kind of entries that are asked for."""
    if sentence.has("balance") or _sets_against(sentence):
        return "both"
    if sentence.has("income", "salary"):
        return "income"
    return (
        "income" if sentence.has("earn") and not sentence.has("spend", "pay", "buy") else "expense"
    )


def _sets_against(sentence: Sentence) -> bool:
    """Return whether incomes and expenses are set against each other."""
    if sentence.has("share") and sentence.has("income") and sentence.has("spend", "expense"):
        return True
    return sentence.has("income") and sentence.has("expense") and sentence.has("compare")


def is_plain(sentence: Sentence, op: Op, periods: int) -> bool:
    """Return whether the words can be nothing but a question, even without a question mark."""
    asks = sentence.has(*ASKING) or sentence.asks
    if asks and sentence.has(*_ABOUT_MONEY):
        return True
    first = next((part for part in sentence.parts if not part.is_filler), None)
    if sentence.has("how_much", "how_often") and (periods > 0 or sentence.asks):
        return True
    if first is not None and first.cue(*_FIRST) and _is_narrow(sentence, periods):
        return True
    narrow = periods > 0 or find_grouping(sentence) is not None
    match op:
        case "largest" | "smallest":
            plain = sentence.has("expense")
        case "top":
            plain = find_dimension(sentence) is not None or sentence.has("what_on")
        case "compare":
            plain = periods > 0
        case "list":
            plain = sentence.has("show") and sentence.has(*_LISTED)
        case "total":
            plain = narrow and sentence.has("total", "expense", "income", "spend")
        case "projection" | "recurring" | "price":
            plain = True
        case _:
            plain = narrow and op in _NOUNS
    return plain


_FIRST = (
    "how_much", "how_many", "how_often", "show", "average", "median", "share", "compare", "forecast",
)  # fmt: skip
"""Cues with which an entry does not begin."""


def _is_narrow(sentence: Sentence, periods: int) -> bool:
    """Return whether something of the ledger is named: a time, a name, a category, an expense."""
    named = any(part.names for part in sentence.parts)
    return periods > 0 or named or sentence.has("scope", "expense", "how_much")


_LISTED = ("expense", "over", "under", "spend", "pay", "buy")
_NOUNS: tuple[Op, ...] = ("average", "median", "trend", "budget_left", "share")
"""Operations that a noun names: the average of this month."""
