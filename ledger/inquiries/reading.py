"""Compose the query of a question: operation, filter, grouping, comparison."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import lru_cache

from ledger.inquiries.comparing import with_periods
from ledger.inquiries.excluding import take_excluded
from ledger.inquiries.filters import LIMIT_MAX, RANKED, Filters, read_bounds, read_filters
from ledger.inquiries.groupings import find_dimension, find_grouping, habit_unit
from ledger.inquiries.lexicon import Lexicon, known_languages, lexicon_of
from ledger.inquiries.likely import lenient_language, list_likely, own_languages
from ledger.inquiries.names import NameIndex
from ledger.inquiries.operations import ASKING, choose_op, find_type, is_plain
from ledger.inquiries.periods.dated_parts import Clock, Found
from ledger.inquiries.periods.finding import find_periods
from ledger.inquiries.query import (
    Declined,
    Doubt,
    Grouping,
    Inquiry,
    Op,
    Query,
    QueryFilter,
    RefusalReason,
    Understood,
)
from ledger.inquiries.sentence import Part, Sentence, cut_sentence
from ledger.periods.period import Calendar, day_period
from ledger.text.lines.characters import clean
from ledger.text.lines.line import TextLine
from ledger.text.lines.reading import build_context, read_line
from ledger.text.model import TextContext

UNKNOWN_MAX = 1
"""Words that a language may not know without another one being tried; most questions look for one."""
TEXT_MAX = 300
"""Characters of a question that are read."""


@dataclass(frozen=True, slots=True)
class Names:
    """The names that a chat knows."""

    categories: Mapping[str, str] = field(default_factory=dict)
    """Names of categories and groups to their ids."""
    merchants: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    def index(self) -> NameIndex:
        """Return the names by their words."""
        return _index(tuple(self.categories.items()), self.merchants, self.members, self.tags)


@lru_cache(maxsize=64)
def _index(
    categories: tuple[tuple[str, str], ...],
    merchants: tuple[str, ...],
    members: tuple[str, ...],
    tags: tuple[str, ...],
) -> NameIndex:
    """Build an index, which takes some milliseconds where there are thousands of names."""
    return NameIndex.of(
        {
            "category": categories,
            "member": ((name, name) for name in members),
            "merchant": ((name, name) for name in merchants),
            "tag": ((name, name.lstrip("#")) for name in tags),
        }
    )


@dataclass(frozen=True, slots=True)
class InquiryContext:
    """The circumstances of a question."""

    chat: TextContext
    names: Names = field(default_factory=Names)
    calendar: Calendar = field(default_factory=Calendar)


def read_inquiry(text: str, context: InquiryContext) -> Inquiry:
    """Return the meaning of a question. Pure and bounded; no text makes it raise.

    The chat's language is tried first, then English, then each language that knows the word that asks.
    Where several languages read it, the one that knows most of its words wins.
    """
    line, index = _line(text, context), context.names.index()
    lenient = lenient_language(context.chat.language)
    best: tuple[int, Inquiry] | None = None
    chat = context.chat
    for language in list_likely(line.context.text, chat.language, command=chat.command):
        lexicon = lexicon_of(language)
        assert lexicon is not None
        sentence = cut_sentence(line, lexicon, index)
        if declined := _decline(sentence):
            return best[1] if best else declined
        unknown = sum(part.is_free for part in sentence.parts)
        found = _compose(sentence, lexicon, context, lenient=language == lenient)
        if isinstance(found, Declined) and found.reason != "leaves_out":
            continue
        if best is None or unknown < best[0]:
            best = unknown, found
        if unknown <= UNKNOWN_MAX:
            break
    return best[1] if best else Declined("not_a_question")


def read_followup(text: str, context: InquiryContext) -> QueryFilter | Declined | None:
    """Return the conditions that words add to the last question; None for any other words.

    Words that add something are led by `and` or its like, or are nothing but a time or a name with a
    question mark. Words that would leave something out are declined.
    """
    line, index = _line(text, context), context.names.index()
    own = own_languages(context.chat.language)
    # A word for `and` is short, so one of another language counts with a question mark alone.
    others = known_languages() if text.rstrip().endswith(("?", "？", "؟")) else ()
    for language in dict.fromkeys((*own, *others)):
        lexicon = lexicon_of(language)
        assert lexicon is not None
        sentence = cut_sentence(line, lexicon, index)
        added = _read_added(sentence, lexicon, context)
        if added is not None:
            return added
    return None


def _read_added(
    sentence: Sentence, lexicon: Lexicon, context: InquiryContext
) -> QueryFilter | Declined | None:
    """Return the conditions of `and in September?` or `in September?`; None for other words."""
    leads = bool(sentence.parts and sentence.parts[0].cue("and"))
    if not sentence.parts or not (leads or sentence.asks):
        return None
    sentence.parts[0].taken = leads
    clock = Clock(context.chat.today, context.calendar)
    without = take_excluded(sentence, clock, lexicon)
    if without is None:
        return Declined("leaves_out", is_plain=True)
    bounds = read_bounds(sentence.parts)
    found = find_periods(sentence.parts, clock)
    filters = read_filters(sentence, "total", lexicon, bounds)
    which = _without_own_currency(filters.filter, context.chat.currency)
    which = replace(which, without=without)
    if found:
        which = replace(which, period=found[0].period)
    # Words that the chat does not know add something only to what plainly goes on asking.
    words = which.words and not (leads and sentence.asks)
    other = any(not (p.taken or p.is_filler or p.names or p.is_free) for p in sentence.parts)
    if words or (other and not leads) or filters.loose_amount or filters.number:
        return None
    return which if which != QueryFilter() else None


def _line(text: str, context: InquiryContext) -> TextLine:
    return read_line(build_context(" ".join(clean(text[:TEXT_MAX]).split()), context.chat))


_NEVER_WITHOUT: tuple[Op, ...] = ("budget_left", "recurring", "price", "owed")
"""Operations that count no entries, so that none can be left out."""


def _decline(sentence: Sentence) -> Declined | None:
    """Decline advice, other people's ledgers, changes and small talk."""
    reason = _find_refusal(sentence)
    return Declined(reason, is_plain=_is_asked(sentence, reason)) if reason else None


def _is_asked(sentence: Sentence, reason: RefusalReason) -> bool:
    """Return whether something that is declined was plainly asked for."""
    asks = sentence.asks or sentence.has(*ASKING)
    return asks and reason in ("advice", "private")


def _find_refusal(sentence: Sentence) -> RefusalReason | None:
    """Name why a question is not answered; a language without a word for it says nothing."""
    for reason in ("advice", "private"):
        if sentence.has(reason):
            return "advice" if reason == "advice" else "private"
    first = next((p for p in sentence.parts if not p.is_filler or p.cue("write")), None)
    if first is not None and first.cue("write") and not first.cue(*ASKING, "show"):
        return "write"
    return "not_a_question" if sentence.has("smalltalk") else None


def _compose(
    sentence: Sentence, lexicon: Lexicon, context: InquiryContext, *, lenient: bool
) -> Inquiry:
    clock = Clock(context.chat.today, context.calendar)
    without = take_excluded(sentence, clock, lexicon)
    bounds = read_bounds(sentence.parts)
    periods = find_periods(sentence.parts, clock)
    op = choose_op(sentence, len(periods), lenient=lenient and context.chat.command)
    if op is None:
        return Declined("not_a_question")
    if without is None or (without and op in _NEVER_WITHOUT):
        return Declined("leaves_out", is_plain(sentence, op, len(periods)))
    filters = read_filters(sentence, op, lexicon, bounds)
    # An amount that bounds nothing is more likely the amount of an entry.
    if filters.loose_amount:
        return Declined("not_a_question")
    apart = _set_apart(sentence, filters, op)
    which = _without_own_currency(filters.filter, context.chat.currency)
    which = replace(which, without=without)
    query = Query(
        op=op,
        type=find_type(sentence),
        filter=_without_sides(which, apart),
        by=apart or _group(sentence, op),
        ascending=op == "top" and sentence.has("small", "least"),
        limit=_limit(filters, op),
        by_count=op == "top" and sentence.has("often"),
    )
    query = _habit(with_periods(query, sentence, periods, clock), sentence)
    plain = is_plain(sentence, op, len(periods))
    if (
        op != "compare"
        and len(periods) > 1
        and (doubt := _doubt_period(query, periods, plain=plain))
    ):
        return doubt
    if query.filter.period == day_period(clock.today) and (day := _find_weekday(sentence)):
        return _doubt_day(query, day, plain=plain)
    return _settle(query, filters, context.names.members, plain=plain)


def _habit(query: Query, sentence: Sentence) -> Query:
    """Read `how much do we spend a week`, with no period, as an average."""
    if (
        query.op != "total"
        or query.filter.period is not None
        or not sentence.has("how_much", "price")
    ):
        return query
    unit = query.by or habit_unit(sentence)
    return replace(query, op="average", by=unit) if unit in ("day", "week", "month") else query


def _doubt_period(query: Query, found: list[Found], *, plain: bool) -> Doubt | None:
    """Ask which of several periods is meant; those that follow each other are one."""
    options = tuple(
        replace(query, filter=replace(query.filter, period=one.period)) for one in found
    )
    return Doubt("which_period", "", options, plain)


def _find_weekday(sentence: Sentence) -> Part | None:
    return next((part for part in sentence.parts if part.is_weekday), None)


def _doubt_day(query: Query, part: Part, *, plain: bool) -> Doubt:
    """Ask whether a weekday means today or the one a week ago."""
    today = query.filter.period
    assert today is not None
    week_ago = day_period(today.start - timedelta(days=7))
    options = (query, replace(query, filter=replace(query.filter, period=week_ago)))
    return Doubt("which_day", part.typed, options, plain)


def _without_sides(which: QueryFilter, apart: Grouping | None) -> QueryFilter:
    """Leave out the one of two that was named last, where both are set against each other."""
    match apart:
        case "member":
            return replace(which, member="")
        case "merchant":
            return replace(which, merchant="")
        case "tag":
            return replace(which, tag="")
        case _:
            return which


def _without_own_currency(which: QueryFilter, own: str) -> QueryFilter:
    """Leave out the chat's own currency, in which every amount counts anyway."""
    return replace(which, currency="") if which.currency == own else which


def _settle(query: Query, filters: Filters, members: tuple[str, ...], *, plain: bool) -> Inquiry:
    """Return the query, or the question which of several names is meant."""
    if filters.unknown_person:
        options = (query, *(_paid_by(query, name) for name in members))
        return Doubt("which_person", filters.words, options, plain)
    if filters.alternatives:
        options = tuple(replace(query, filter=one(query.filter)) for one in filters.alternatives)
        return Doubt("which_name", filters.words, options, plain)
    return Understood(query, plain)


def _paid_by(query: Query, name: str) -> Query:
    return replace(query, filter=replace(query.filter, member=name, words=""))


def _limit(filters: Filters, op: Op) -> int | None:
    number = filters.number
    return number if op in RANKED and number and 0 < number <= LIMIT_MAX else None


def _group(sentence: Sentence, op: Op) -> Grouping | None:
    if op == "top":
        if sentence.has("who"):
            return "member"
        found = find_grouping(sentence) or find_dimension(sentence)
        if found:
            return found
        return "merchant" if sentence.has("where") and not sentence.has("what_on") else "category"
    if op in (
        "largest",
        "smallest",
        "last_time",
        "budget_left",
        "recurring",
        "price",
        "projection",
        "owed",
    ):
        return None
    if op == "total" and (sentence.has("who") or _asks_of_all(sentence)):
        return "member"
    found = find_grouping(sentence)
    return None if op == "compare" and found in ("day", "week", "month") else found


def _set_apart(sentence: Sentence, filters: Filters, op: Op) -> Grouping | None:
    """Return what is set against each other: two people, or two categories."""
    if op != "compare":
        return None
    named = [one for p in sentence.parts for one in p.names]
    for kind in ("member", "merchant", "tag"):
        if len({one.value for one in named if one.kind == kind}) > 1:
            return kind
    return "category" if len(filters.filter.scopes) > 1 else None


def _asks_of_all(sentence: Sentence) -> bool:
    """Return whether everybody's spending is asked for: how much did everyone pay."""
    return sentence.has("member") and sentence.has("pay") and not sentence.has("category")
