"""Choice: which number of an entry is its amount, or the question that decides it.

In this order: the one with a currency or a sign; the only one with decimals, a multiplier or
arithmetic; the one at the very end; the one at the very start. Where two rank equal, a person is
asked, and so where a place would settle too much: `coffee 3 cake 4 5`, `coffee 4.50 32.13.`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from ledger.text.lines.line import LINK, Amount, TextLine
from ledger.text.lines.parts import Range, counts_alone
from ledger.text.model import AskKind, ReasonId

COUNT_MAX = 20
"""A whole number up to this at the start of an entry counts what follows: `2 coffees 4.10`."""
PLAIN_MAX = 100
SEVERAL = 2
OPTIONS_MAX = 8


@dataclass(frozen=True, slots=True)
class Interpretation:
    """One reading of an entry: its amount, and the day that a number turned out to be."""

    amount: Amount
    on: date | None = None
    on_range: Range | None = None
    on_ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """The reading of a part: sure (`interpretation`), a question (`ask`), or none (`reason`)."""

    interpretation: Interpretation | None = None
    ask: AskKind | None = None
    interpretations: tuple[Interpretation, ...] = ()
    reason: ReasonId | None = None


_FATAL: frozenset[ReasonId] = frozenset(
    {"malformed", "division_by_zero", "negative", "limit", "unknown_currency"}
)


def choose(line: TextLine, part: Range) -> Choice:
    """Choose the amount among the numbers of one part."""
    found = [a for a in line.amounts if part[0] <= a.start and a.end <= part[1]]
    fatal = next((a.reason for a in found if a.reason in _FATAL), None)
    if fatal:
        return Choice(reason=fatal)
    found = _without_soft(line, part, found)
    if not found:
        return Choice(reason=_reason_without(line, part))
    settled = _settle_day(line, part, found)
    if isinstance(settled, Choice):
        return settled
    day, found = settled
    usable = [a for a in found if a.reason is None]
    if not usable:
        return Choice(reason=found[0].reason)
    if len(usable) > 1:
        usable = [a for a in usable if a.million is None] or usable
    interpreted = _rank(line, part, usable)
    if isinstance(interpreted, Choice):
        return interpreted
    return _closer(_with_day(interpreted, day))


def _with_day(amount: Amount, day: Amount | None) -> Interpretation:
    if day is None:
        return Interpretation(amount)
    return Interpretation(amount, day.day, (day.start, day.end), day.day_ambiguous)


def _without_soft(line: TextLine, part: Range, found: list[Amount]) -> list[Amount]:
    """Drop years and versions beside another number, and a count that stands alone."""
    hard = [a for a in found if not a.soft]
    if hard:
        return [a for a in found if not a.soft or a.soft_reason == "quantity"]
    counts = [a for a in found if a.soft_reason in ("quantity", "version", "ordinal")]
    if len(found) == 1 and counts:
        led = not counts_alone(line, part, found[0])
        return found if led and found[0].soft_reason == "quantity" else []
    return found


def _reason_without(line: TextLine, part: Range) -> ReasonId:
    """Name why a part without a candidate has no amount."""
    non_amounts = [t for t in line.non_amounts if part[0] <= t.start and t.end <= part[1]]
    if non_amounts:
        return non_amounts[0].reason
    soft = [a for a in line.amounts if part[0] <= a.start and a.end <= part[1]]
    if soft and soft[0].soft_reason:
        return soft[0].soft_reason
    if any(part[0] <= day.start < part[1] for day in line.days):
        return "date_only"
    return "no_amount"


# --- numbers that may be a date


def _settle_day(
    line: TextLine, part: Range, found: list[Amount]
) -> Choice | tuple[Amount | None, list[Amount]]:
    """Decide about `12/3` and `15.05`: a date where another number is the amount.

    Returns the number that is a date and those that are left, or the question.
    """
    maybe = [a for a in found if a.day is not None]
    others = [a for a in found if a.day is None and a.reason is None]
    dated = any(part[0] <= day.start < part[1] for day in line.days)
    if not maybe or dated or len(found) == 1 or (others and len(maybe) > 1):
        return None, found
    if not others:
        return _settle_among_days(maybe, found)
    day = maybe[0]
    counted = all(_is_leading_count(line, part, a) for a in others)
    if counted and not day.slash and day.reason is None:
        return None, found
    both = counted and day.reason is None
    return _ask_day(day, others[0]) if both or _both_stand(part, day, others) else (day, others)


def _settle_among_days(
    maybe: list[Amount], found: list[Amount]
) -> Choice | tuple[Amount | None, list[Amount]]:
    """Decide where every number may be a date: the one that can be nothing else is."""
    only_days = [a for a in maybe if a.reason]
    if not only_days and len(maybe) == 2:
        return _ask_day(maybe[0], maybe[1])
    rest = [a for a in found if a not in only_days]
    return (only_days[0], rest) if len(only_days) == 1 and rest else (None, found)


def _both_stand(part: Range, day: Amount, others: list[Amount]) -> bool:
    """Say whether `Bus 42 2.10` could be meant either way: small numbers, nothing padded."""
    small = all(a.plain is not None and a.plain < PLAIN_MAX for a in others)
    edged = all(a.start == part[0] or a.end == part[1] for a in others)
    return small and not edged and not day.slash and not day.padded


def _ask_day(day: Amount, other: Amount) -> Choice:
    """Ask which of two numbers is the amount and which the date."""
    interpretations = [
        _with_day(other, day),
        _with_day(day, other) if other.day else Interpretation(day),
    ]
    return Choice(ask="date_or_amount", interpretations=tuple(interpretations))


def _is_leading_count(line: TextLine, part: Range, amount: Amount) -> bool:
    return (
        amount.plain is not None
        and amount.plain <= COUNT_MAX
        and _is_start(line, part, amount)
        and line.is_word(amount.end)
        and not line.owners[amount.end]
    )


# --- the order of the candidates


def _rank(line: TextLine, part: Range, usable: list[Amount]) -> Amount | Choice:
    """Return the number that is singled out, or the question which one is meant."""
    singled = [a for a in usable if a.currency or a.sign]
    pool = singled or usable
    exact = [a for a in pool if a.exact]
    if not singled and len(exact) == 1:
        pool = exact
    if len(pool) == 1:
        return pool[0]
    if _each_has_words(line, part, pool):
        return Choice(ask="one_or_several", interpretations=tuple(map(Interpretation, pool)))
    if not singled and (_some_have_words(line, part, pool) or _ends_like_a_day(line, part, pool)):
        return Choice(
            ask="which_amount", interpretations=tuple(map(Interpretation, pool[:OPTIONS_MAX]))
        )
    if not singled and _is_end(line, part, pool[-1]):
        return pool[-1]
    if not singled and _is_start(line, part, pool[0]) and not _counts(line, pool):
        return pool[0]
    return Choice(
        ask="which_amount", interpretations=tuple(map(Interpretation, pool[:OPTIONS_MAX]))
    )


def _counts(line: TextLine, pool: list[Amount]) -> bool:
    """Say whether the first of several numbers more likely counts: `2 pizzas 30 total`."""
    first, *others = pool
    if first.soft:
        return True
    small = first.plain is not None and first.plain <= COUNT_MAX
    return small and line.is_word(first.end) and all(a.value > first.value for a in others)


def _each_has_words(line: TextLine, part: Range, pool: list[Amount]) -> bool:
    return all(_have_words(line, part, pool))


def _some_have_words(line: TextLine, part: Range, pool: list[Amount]) -> bool:
    """Say whether several numbers are listed with words of their own: `coffee 3 cake 4 5`."""
    return sum(_have_words(line, part, pool)) >= SEVERAL


def _have_words(line: TextLine, part: Range, pool: list[Amount]) -> list[bool]:
    """Say of each number whether words of its own stand before it."""
    starts = [part[0], *(a.end for a in pool)]
    pairs = zip(starts, pool, strict=False)
    return [_has_own_words(line, (start, a.start)) for start, a in pairs]


def _ends_like_a_day(line: TextLine, part: Range, pool: list[Amount]) -> bool:
    """Say whether `32.13.` closes a part like a day that is none: `coffee 4.50 32.13.`."""
    last = pool[-1]
    both = sum(a.decimals is not None for a in pool) >= SEVERAL
    stopped = line.is_sign(last.end, ".") and line.touches(last.end)
    return both and stopped and last.decimals is not None and _is_end(line, part, last)


def _has_own_words(line: TextLine, part: Range) -> bool:
    """Say whether there are words here that can be a note: no articles, no connecting words."""
    return any(
        line.is_word(i)
        and not line.owners[i]
        and not line.role(i, "and", "with", "price_word")
        and not line.is_connecting(i)
        and not _is_article(line, i)
        for i in range(*part)
    )


def _is_article(line: TextLine, at: int) -> bool:
    return line.role(at, "article") is not None


def _is_start(line: TextLine, part: Range, amount: Amount) -> bool:
    return not any(_is_content(line, i) for i in range(part[0], amount.start))


def _is_end(line: TextLine, part: Range, amount: Amount) -> bool:
    return not any(_is_content(line, i) for i in range(amount.end, part[1]))


def stands_at_an_end(line: TextLine, part: Range, amount: Amount) -> bool:
    """Say whether no word stands behind an amount (dates and annotations aside)."""
    return _is_end(line, part, amount)


def stands_at_an_edge(line: TextLine, part: Range, amount: Amount) -> bool:
    """Say whether no word stands before, or none behind, an amount (dates and annotations aside)."""
    return _is_start(line, part, amount) or _is_end(line, part, amount)


def _is_content(line: TextLine, at: int) -> bool:
    """Say whether a token is part of the words or another number, no date, annotation or sign."""
    if line.owners[at] in ("day", "annotation", "separator"):
        return False
    return line.owners[at] != "" or line.is_word(at) or line.tokens[at].kind == LINK


# --- what is left to ask of one number


def _closer(interpretation: Interpretation) -> Choice:
    """Ask about a bare m, and about `dinner for 2 600`."""
    amount = interpretation.amount
    if amount.million is not None:
        big = replace(interpretation, amount=replace(amount, value=amount.million, million=None))
        small = replace(interpretation, amount=replace(amount, million=None))
        return Choice(ask="million", interpretations=(big, small))
    if amount.joined:
        whole = replace(interpretation, amount=replace(amount, joined=()))
        last = replace(amount, value=amount.joined[1], joined=(), start=amount.start + 1)
        return Choice(
            ask="which_amount", interpretations=(whole, replace(interpretation, amount=last))
        )
    return Choice(interpretation=interpretation)
