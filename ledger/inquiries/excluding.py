"""Read what a question leaves out: `without rent`, `except for Edeka and Lidl`, `家賃を除いて`.

The words stand behind the word for `except`, or in front of one of the role `except_after`. Their parts are
taken out of the sentence, so that nothing else in the question means them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from ledger.inquiries.filters import bare_words, currency_of, setter_of
from ledger.inquiries.lexicon import Lexicon
from ledger.inquiries.periods.dated_parts import Clock
from ledger.inquiries.periods.finding import find_periods
from ledger.inquiries.query import QueryFilter
from ledger.inquiries.sentence import Part, Sentence

PHRASE_MAX = 3
"""Unknown words that are left out as one phrase."""
_OF_PERIOD = ("month", "unit", "named", "season", "this", "last", "next", "number")
_NAMING = ("scope", "salary")
"""Cues that say what an entry is about."""


def take_excluded(
    sentence: Sentence, clock: Clock, lexicon: Lexicon
) -> tuple[QueryFilter, ...] | None:
    """Return what is left out, a filter each, with its parts taken out of the sentence.

    None where a word for `except` stands there and nothing is read next to it.
    """
    found: list[QueryFilter] = []
    while (at := _find_except(sentence.parts)) is not None:
        is_last = sentence.parts[at].cue("except_after") is not None
        behind = None if is_last else _span_behind(sentence.parts, at)
        span = behind or _span_before(sentence.parts, at)
        parts = sentence.parts[span.start : span.stop] if span else []
        left_out = _read_period(parts, clock) or list(_read_things(parts, sentence, lexicon))
        # What cannot be read must not be counted silently.
        if span is None or not left_out:
            return None
        found += left_out
        first, last = min(at, span.start), max(at + 1, span.stop)
        del sentence.parts[first:last]
    return tuple(found)


def _find_except(parts: Sequence[Part]) -> int | None:
    words = (at for at, part in enumerate(parts) if part.cue("except", "except_after"))
    return next((at for at in words if not parts[at].names), None)


def _span_behind(parts: Sequence[Part], at: int) -> range | None:
    """Return the things that follow the word for `except`, beyond articles and prepositions."""
    start = at + 1
    while start < len(parts) and parts[start].is_filler and not _is_thing(parts[start]):
        start += 1
    if start < len(parts) and _is_of_period(parts[start]):
        end = start
        while end < len(parts) and _is_of_period(parts[end]):
            end += 1
        return range(start, end)
    end = _end_of_things(parts, start, 1)
    return range(start, end) if end > start else None


def _span_before(parts: Sequence[Part], at: int) -> range | None:
    """Return the things in front of a word for `except` that stands behind them."""
    last = at - 1
    while last >= 0 and parts[last].is_filler and not _is_thing(parts[last]):
        last -= 1
    end = _end_of_things(parts, last, -1)
    return range(end + 1, last + 1) if end < last else None


def _end_of_things(parts: Sequence[Part], at: int, step: int) -> int:
    """Return the position behind a run of things that `and` joins; `step` is its direction."""
    end = at
    while 0 <= end < len(parts) and _is_thing(parts[end]):
        end = _end_of_thing(parts, end, step)
        joined = end
        while 0 <= joined < len(parts) and _joins(parts[joined]):
            joined += step
        if joined != end and 0 <= joined < len(parts) and _is_thing(parts[joined]):
            end = joined
    return end


def _end_of_thing(parts: Sequence[Part], at: int, step: int) -> int:
    """Return the position behind one name, or behind a phrase of words that no reader knows."""
    if not parts[at].is_free:
        return at + step
    end = at
    while 0 <= end < len(parts) and parts[end].is_free and abs(end - at) < PHRASE_MAX:
        end += step
    return end


def _is_thing(part: Part) -> bool:
    named = bool(part.names) or part.cue(*_NAMING) is not None
    return not part.taken and (named or part.is_free)


def _is_of_period(part: Part) -> bool:
    return part.day is not None or (part.cue(*_OF_PERIOD) is not None and not part.names)


def _joins(part: Part) -> bool:
    return part.cue("and", "versus") is not None


def _read_period(parts: Sequence[Part], clock: Clock) -> list[QueryFilter]:
    if not parts or not _is_of_period(parts[0]):
        return []
    return [QueryFilter(period=one.period) for one in find_periods(parts, clock)]


def _read_things(
    parts: Sequence[Part], sentence: Sentence, lexicon: Lexicon
) -> Iterator[QueryFilter]:
    # A word that joins two things is a group of its own, and neither free nor a thing.
    for (is_thing, is_free), run in groupby(parts, lambda one: (_is_thing(one), one.is_free)):
        if not is_thing:
            continue
        if not is_free:
            yield from map(_of_name, run)
            continue
        phrase = list(run)
        code = currency_of(phrase[0].typed, sentence) if len(phrase) == 1 else ""
        words = bare_words(phrase, lexicon)
        yield QueryFilter(currency=code) if code else QueryFilter(words=words)


def _of_name(part: Part) -> QueryFilter:
    """Return the filter of a name; a category wins, since it holds what a shop of its name sells."""
    if part.names:
        known = min(part.names, key=lambda one: one.kind != "category")
        return setter_of(known)(QueryFilter())
    cue = part.cue("scope")
    if cue is not None:
        return QueryFilter(scopes=(str(cue.value),))
    return QueryFilter(words=part.typed.casefold())
