"""Choose the best reading of a part, or the question that decides between readings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ledger.money import minor_digits
from ledger.text.deciding.candidates import Candidate, Interpretation, list_candidates
from ledger.text.deciding.evidence import describe_candidate, describe_numbers
from ledger.text.deciding.weights import margin, score, share_out
from ledger.text.lines.line import Amount, TextLine
from ledger.text.lines.parts import Range
from ledger.text.model import AskKind, ReasonId
from ledger.text.numbers.ranges import is_range

OPTIONS_MAX = 8
LISTED_MAX = 20
"""Numbers of one part that are weighed against each other; more are a table."""
OR_WORDS_MAX = 2
"""Words between two amounts that a word for "or" joins, as in `ya da`."""
SHORT_OR = 2
"""Letters of a word for "or" that may be anything in another language."""
OFFERED_MIN = 0.02
"""Readings less probable than this get no button."""
_FATAL: frozenset[ReasonId] = frozenset(
    {"malformed", "division_by_zero", "negative", "limit", "unknown_currency"}
)


_ASKED: dict[ReasonId, AskKind] = {
    "spoken": "record_anyway",
    "time": "record_anyway",
    "unknown_currency": "unknown_currency",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """The reading of a part that is sure, a question with its options, or the reason for none."""

    candidate: Candidate | None = None
    ask: AskKind | None = None
    options: tuple[Candidate, ...] = ()
    reason: ReasonId | None = None
    probability: float = 1.0


def choose(line: TextLine, part: Range) -> Choice:
    """Choose among the candidate readings of one part."""
    found = list_numbers(line, part)
    if not found:
        return Choice(reason=_reason_without(line, part))
    if alternatives := _list_alternatives(line, found):
        return _ask_which(line, part, found, alternatives)
    if weighs(line, found) and (choice := _ask_which_entry(line, part, found)):
        return choice
    return _choose_plainly(part, found) or _choose_best(line, part, found)


def _list_alternatives(line: TextLine, found: Sequence[Amount]) -> list[Amount]:
    """Return the numbers of which one was paid: `coffee 3 or 4`, `between 30 and 40`."""
    joined = [pair for pair in pairwise(found) if _is_either(line, *pair)]
    return [joined[0][0], *(second for _, second in joined)] if joined else []


def _is_either(line: TextLine, first: Amount, second: Amount) -> bool:
    """Return whether a word for "or" joins two numbers, or they are the ends of a range."""
    near = 0 < second.start - first.end <= OR_WORDS_MAX and is_or(line, second.start)
    return near or is_range(line, first, second)


def weighs(line: TextLine, amounts: Sequence[Amount]) -> bool:
    """Return whether a word for "or" stands between two amounts: `flight 120€ or train 90€`."""
    return any(_find_or(line, first, second) is not None for first, second in pairwise(amounts))


def _find_or(line: TextLine, first: Amount, second: Amount) -> int | None:
    """Return the position of a word for "or" between two amounts."""
    return next((at for at in range(first.end, second.start) if is_or(line, at + 1)), None)


def _ask_which_entry(line: TextLine, part: Range, found: Sequence[Amount]) -> Choice | None:
    """Ask which of several entries is meant, or all; None where the words do not make one each."""
    ranked = rank(line, part, found)
    every = next((one for one, _ in ranked if len(one.entries) == len(found)), None)
    if every is None:
        return None
    joints = [_find_or(line, *pair) for pair in pairwise(found)]
    alone = []
    for place, (extent, one) in enumerate(every.entries):
        inside = (at for at in joints if at is not None and extent[0] <= at < extent[1])
        joint = next(inside, None)
        tokens = None if joint is None else (joint, joint + 1)
        alone.append(Candidate(((extent, replace(one, instead_of=tokens)),), (place,)))
    both = Candidate(tuple(one.entries[0] for one in alone), every.chosen)
    return Choice(ask="one_or_several", options=(*alone, both)[:OPTIONS_MAX], probability=0.5)


def is_or(line: TextLine, end: int) -> bool:
    """Return whether a word for "or" ends here; the o and ou of other languages count in none, English in all."""
    meaning = line.role_before(end, "or")
    if meaning is None:
        return False
    is_own = meaning.language in (line.context.vocabulary.language, "en", "")
    return is_own or len(line.tokens[end - 1].key) > SHORT_OR


def _ask_which(
    line: TextLine, part: Range, found: Sequence[Amount], alternatives: Sequence[Amount]
) -> Choice:
    """Ask which of several numbers is the amount, however probable one is."""
    ranked = rank(line, part, found)
    alone = [one for one, _ in ranked if len(one.chosen) == 1 and one.day is None]
    options = tuple(_chosen_from(line, one, alternatives) for one in alone)
    return Choice(ask="which_amount", options=options[:OPTIONS_MAX], probability=ranked[0][1])


def _chosen_from(line: TextLine, candidate: Candidate, alternatives: Sequence[Amount]) -> Candidate:
    """Return a reading whose note leaves out the amounts that it is not, in `3 or 4 euros` too."""
    named = {one.currency for one in alternatives if one.currency}
    entries = []
    for part, one in candidate.entries:
        amount = one.amount
        if amount.currency is None and len(named) == 1:
            amount = replace(amount, currency=next(iter(named)), plain=None)
        between = line.role_before(alternatives[0].start, "between")
        start = alternatives[0].start - (between.length if between else 0)
        tokens = (start, alternatives[-1].end)
        entries.append((part, replace(one, amount=amount, instead_of=tokens)))
    return replace(candidate, entries=tuple(entries))


def _choose_plainly(part: Range, found: Sequence[Amount]) -> Choice | None:
    """Decide where there is nothing to weigh: one plain number, or one that cannot be read."""
    fatal = next((a.reason for a in found if a.reason in _FATAL), None)
    if fatal:
        return Choice(reason=fatal)
    for number in found:
        if number.even:  # 2-1 is a score more often than a sum
            return Choice(ask="record_anyway", options=(_only(part, number),))
        if number.hint == "spoken" and number.otherwise is not None:  # twelve fifty
            other = replace(number, value=number.otherwise)
            return Choice(ask="which_amount", options=(_only(part, number), _only(part, other)))
        if number.hint in _ASKED:
            return Choice(ask=_ASKED[number.hint], options=(_only(part, number),))
    return Choice(_only(part, found[0])) if len(found) == 1 and _is_plain(found[0]) else None


def _choose_best(line: TextLine, part: Range, found: Sequence[Amount]) -> Choice:
    """Take the most probable reading, or ask where it is not probable enough."""
    if len(found) > LISTED_MAX:
        return Choice(reason="ambiguous")
    ranked = rank(line, part, found)
    best, probability = ranked[0]
    doubtful = len(found) == 1 and found[0].hint and probability < margin("reading")
    if not best.chosen or doubtful:
        return _refuse(line, part, found, ranked)
    if probability < margin("reading") or _leaves_money(line, best, found):
        return _ask(ranked, found)
    return _with_other_value(best, probability)


def list_numbers(line: TextLine, part: Range) -> list[Amount]:
    """List the numbers of a part that may be amounts."""
    found = [a for a in line.amounts if part[0] <= a.start and a.end <= part[1]]
    usable = [a for a in found if not (a.reason == "negative" and a.computed)]
    return usable or found  # 7-11 is a name next to a price


def rank(line: TextLine, part: Range, numbers: Sequence[Amount]) -> list[tuple[Candidate, float]]:
    """Order the candidate readings of a part by probability, best first."""
    known = describe_numbers(line, part, numbers)
    candidates = list_candidates(line, part, numbers)
    scores = [score("reading", describe_candidate(known, one)) for one in candidates]
    pairs = zip(candidates, share_out(scores), strict=True)
    return sorted(pairs, key=lambda pair: -pair[1])


def _is_plain(number: Amount) -> bool:
    """Return whether a number has only one reading where it is the only one."""
    doubtful = number.hint or number.reason or number.joined
    return not doubtful and number.million is None and number.reduced is None


def _only(part: Range, number: Amount) -> Candidate:
    return Candidate(((part, Interpretation(number)),), (0,))


def _leaves_money(line: TextLine, best: Candidate, found: Sequence[Amount]) -> bool:
    """Return whether of two numbers that are plainly money only one would be an amount."""
    digits = minor_digits(line.context.chat.currency)
    marked = {i for i, number in enumerate(found) if number.currency}
    # Two decimals are as good as a currency sign in a currency that has two.
    exact = {i for i, n in enumerate(found) if digits and n.decimals == digits and not n.hint}
    marked = marked or exact - {best.day}
    return bool(marked & set(best.chosen)) and not marked <= set(best.chosen)


def _refuse(
    line: TextLine, part: Range, found: Sequence[Amount], ranked: list[tuple[Candidate, float]]
) -> Choice:
    """Refuse a part whose numbers are something else, with the next reading as an offer."""
    reason = next((a.hint or a.reason for a in found if a.hint or a.reason), None)
    offers = tuple(one for one, share in ranked if one.chosen and share >= OFFERED_MIN)
    probability = ranked[0][1]
    reason = reason or _reason_without(line, part)
    return Choice(reason=reason, options=offers[:1], probability=probability)


def _reason_without(line: TextLine, part: Range) -> ReasonId:
    """Name why a part without a candidate has no amount."""
    others = [n for n in line.non_amounts if part[0] <= n.start and n.end <= part[1]]
    if others:
        return others[0].reason
    if any(part[0] <= day.start < part[1] for day in line.days):
        return "date_only"
    return "no_amount"


def _ask(ranked: list[tuple[Candidate, float]], found: Sequence[Amount]) -> Choice:
    """Ask which of the more probable readings is meant."""
    best, probability = ranked[0]
    kept = [one for one, share in ranked if one.chosen and share >= OFFERED_MIN][:OPTIONS_MAX]
    # A question needs two answers, so the runner-up is offered whatever its share.
    if len(kept) == 1 and len(found) > 1:
        kept = [one for one, _ in ranked if one.chosen][:2]
    return Choice(ask=_kind(best, kept), options=tuple(kept), probability=probability)


def _kind(best: Candidate, kept: Sequence[Candidate]) -> AskKind:
    sizes = {len(one.chosen) for one in kept}
    if len(kept) == 1:
        return "record_anyway"
    if len(sizes) > 1 or max(sizes) > 1:
        return "one_or_several"
    return "date_or_amount" if best.day is not None or kept[1].day is not None else "which_amount"


def _with_other_value(best: Candidate, probability: float) -> Choice:
    """Ask about a bare m, which may be a million, and about a discount that may be off already."""
    amounts = [interpretation.amount for _, interpretation in best.entries]
    other = amounts[0].million or amounts[0].reduced
    if len(amounts) > 1 or other is None:
        return Choice(best, probability=probability)
    options = []
    for value in (other, amounts[0].value):
        plain = replace(amounts[0], value=value, million=None, reduced=None)
        extent, interpretation = best.entries[0]
        options.append(replace(best, entries=((extent, replace(interpretation, amount=plain)),)))
    kind: AskKind = "million" if amounts[0].million else "which_amount"
    return Choice(ask=kind, options=tuple(options))
