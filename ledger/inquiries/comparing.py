"""Give a query its period, and the one that it is compared with."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

from ledger.inquiries.operations import leads_period
from ledger.inquiries.periods.dated_parts import Clock, Found
from ledger.inquiries.query import Compared, Query
from ledger.inquiries.sentence import Sentence
from ledger.periods.period import Period, RecurringKind

PAIR = 2


def with_periods(query: Query, sentence: Sentence, found: list[Found], clock: Clock) -> Query:
    """Return the query with the period that was found, or with the one that it implies."""
    periods = [one.period for one in found]
    period = periods[0] if periods else None
    if query.op in ("budget_left", "price") and period is None:
        return query
    if query.op == "projection":
        period = period or clock.unit("month")
    if period is None and query.op in ("largest", "smallest", "total", "top"):
        period = _running(sentence, query, clock)
    query = replace(query, filter=replace(query.filter, period=period))
    return _compared(query, sentence, periods, clock) if query.op == "compare" else query


def _running(sentence: Sentence, query: Query, clock: Clock) -> Period | None:
    """Return the running period of a unit that nothing else explains: purchase of the year."""
    parts = sentence.parts
    for at, part in enumerate(parts):
        unit = part.cue("unit")
        # `by month` groups the answer and does not narrow it to this month.
        if unit and unit.value == query.by:
            continue
        behind = at > 0 and parts[at - 1].cue("of_period") is not None
        alone = part.cue("of_unit") is not None
        if (
            unit
            and not part.taken
            and (behind or alone)
            and unit.value in ("week", "month", "year")
        ):
            part.taken = True
            return clock.unit(unit.value)  # type: ignore[arg-type]
    return None


def _compared(query: Query, sentence: Sentence, periods: list[Period], clock: Clock) -> Query:
    """Return the query with the later period first, and how the other one follows from it."""
    if query.by and len(periods) < PAIR:
        return query
    if not periods:
        which = replace(query.filter, period=clock.unit("month"))
        return replace(query, filter=which, compare_to=_default_comparison(sentence))
    if len(periods) == 1:
        (only,) = periods
        # `more than last month` names what to compare with; the running month is meant.
        if leads_period(sentence, "than", "versus", "compare", "over") and only.end <= clock.today:
            return _against(query, only, clock)
        which = replace(query.filter, period=only)
        return replace(query, filter=which, compare_to=_default_comparison(sentence))
    first, second = periods[:2]
    # In whatever order they are typed, a rise is one from the earlier to the later.
    later, earlier = (first, second) if first.start >= second.start else (second, first)
    compared, other = _relation(later, earlier, clock)
    return replace(
        query, filter=replace(query.filter, period=later), compare_to=compared, other=other
    )


def _against(query: Query, before: Period, clock: Clock) -> Query:
    """Return the query that sets the running period against an earlier one of its kind."""
    kind = before.kind
    if kind in get_args(RecurringKind):
        running = clock.unit(kind)  # type: ignore[arg-type]
        compared, other = _relation(running, before, clock)
        which = replace(query.filter, period=running)
        return replace(query, filter=which, compare_to=compared, other=other)
    return replace(query, filter=replace(query.filter, period=before), compare_to="previous")


def _default_comparison(sentence: Sentence) -> Compared:
    if sentence.has("average", "usual"):
        return "average_n"
    return "previous"


def _relation(later: Period, earlier: Period, clock: Clock) -> tuple[Compared, Period | None]:
    if clock.calendar.previous(later) == earlier:
        return "previous", None
    if earlier.kind == "year" != later.kind and later.start.year - earlier.start.year == 1:
        # `this month with last year` means the same month; a whole year would dwarf it.
        return "same_last_year", None
    if (later.start.month, later.start.day) == (earlier.start.month, earlier.start.day):
        same = later.start.year - earlier.start.year == 1 and later.kind == earlier.kind
        if same and later.kind != "year":
            return "same_last_year", None
    return "period", earlier
