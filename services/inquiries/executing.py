"""Run a query over the ledger. Every figure is made by the database; nothing is guessed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from difflib import get_close_matches

from ledger.entries.entry import Entry
from ledger.entries.queries import EntryFilter
from ledger.inquiries.answers import Figures, Group, InquiryAnswer
from ledger.inquiries.query import Grouping, Op, Query
from ledger.money import Money
from ledger.periods.comparison import compared_with, previous_of, through_of, year_before
from ledger.periods.period import Period
from services.inquiries.figures import add_up, group_by, sum_typed, sum_up
from services.inquiries.filters import filter_of, list_unknown, loosen
from services.inquiries.lines import find_lines, group_by_item
from services.scope import Scope

GROUPS_MAX = 5
"""Groups that are shown where the question names no number."""
STEPS_MAX = 14
"""Days, weeks or months of a trend that are shown, the latest ones."""
RANKED_MAX = 10
NAMES_MAX = 2000
"""The latest entries whose shops may be meant by a word that nothing is found for."""
_NEAR_CUTOFF = 0.7
_DAY = timedelta(days=1)
_DAYS_OF: dict[Grouping, Decimal] = {
    "day": Decimal(1),
    "week": Decimal(7),
    "month": Decimal("30.4375"),
}


@dataclass(frozen=True, slots=True)
class Run:
    """A query on its way to an answer."""

    scope: Scope
    query: Query
    which: EntryFilter

    def figures(self, which: EntryFilter | None = None) -> Figures:
        """Return the figures of the query's entries, or of others."""
        return sum_up(self.scope, which or self.which, self.query.type)

    def answer(self) -> InquiryAnswer:
        """Return the answer with its reading and its total."""
        members = self.scope.repositories.chats.members(self.scope.ledger.id)
        figures = self.figures()
        asked, found = self.query.filter.words, self.which.words
        answer = InquiryAnswer(
            self.query,
            self.which,
            figures,
            self.scope.today,
            members=tuple(members),
            searched=found if found != asked else "",
            kept=list_unknown(self.scope, self.which),
            typed=self._sum_typed(),
        )
        return self._explain(answer) if figures.is_empty else answer

    def _sum_typed(self) -> tuple[Money, ...]:
        """Return the sum in the currency that a question names; nothing where it names none."""
        asked = self.query.filter
        if not asked.currency or asked.least is not None or asked.most is not None:
            return ()
        return sum_typed(self.scope, self.which, self.query.type)

    def _explain(self, answer: InquiryAnswer) -> InquiryAnswer:
        """Return an empty answer with what may help: the newest day, names that are alike."""
        entries, ledger_id = self.scope.repositories.entries, self.scope.ledger.id
        newest = entries.page(ledger_id, replace(self.which, period=None), limit=1)
        latest = newest[0].spent_on if newest and self.which.period else None
        near: tuple[str, ...] = ()
        if self.which.words and not newest:
            merchants, tags = entries.named(ledger_id, NAMES_MAX)
            known = {name.casefold(): name for name in (*merchants, *tags)}
            close = get_close_matches(self.which.words.casefold(), known, 3, _NEAR_CUTOFF)
            near = tuple(known[name] for name in close)
        return replace(answer, latest=latest, near=near)


def run_query(scope: Scope, query: Query) -> InquiryAnswer:
    """Return the answer to a query about entries; budgets, series and prices have their own."""
    which = loosen(scope, filter_of(scope, query))
    run = Run(scope, query, which)
    return _RUNNERS[query.op](run)


def _total(run: Run) -> InquiryAnswer:
    answer = run.answer()
    if run.query.by:
        return _with_groups(run, answer, run.query.by)
    if run.which.words and run.query.type == "expense":
        return replace(answer, lines=find_lines(run.scope, run.which))
    return answer


def _top(run: Run) -> InquiryAnswer:
    return _with_groups(run, run.answer(), run.query.by or "category")


def _with_groups(run: Run, answer: InquiryAnswer, by: Grouping) -> InquiryAnswer:
    if by == "item":
        found, receipts = group_by_item(run.scope, run.which)
        answer = replace(answer, receipts=receipts)
    else:
        found = group_by(run.scope, run.which, run.query.type, by)
    if by in ("day", "week", "month") and run.query.op != "top":
        found = sorted(found, key=_first_day)[-STEPS_MAX:]
        return replace(answer, groups=tuple(found))
    size = _count if run.query.by_count else _size
    # Sorts are stable, so equal sums keep the order of their names in both directions.
    found.sort(key=lambda group: (size(group), str(group.key)))
    if not run.query.ascending:
        found.sort(key=size, reverse=True)
    shown = found[: min(run.query.limit or GROUPS_MAX, RANKED_MAX)]
    return replace(answer, groups=tuple(shown), others=len(found) - len(shown))


def _size(group: Group) -> Decimal:
    return group.figures.total.amount


def _count(group: Group) -> Decimal:
    return Decimal(group.figures.count)


def _first_day(group: Group) -> date:
    assert isinstance(group.key, Period)
    return group.key.start


# --- averages


def _average(run: Run) -> InquiryAnswer:
    answer = run.answer()
    figures = answer.figures
    if figures.is_empty:
        return answer
    if run.query.by in _DAYS_OF:
        units = _units(run, run.query.by)
    else:
        units = Decimal(max(figures.count - _unconverted(run, figures), 1))
    mean = Money(figures.total.amount / units, figures.total.currency)
    return replace(
        answer,
        average=Money.of_minor(mean.minor, mean.currency),
        per=run.query.by if run.query.by in _DAYS_OF else None,
        units=units,
    )


def _unconverted(run: Run, figures: Figures) -> int:
    """Return how many entries have no amount in the ledger's currency, so count in no average."""
    if not figures.apart:
        return 0
    rows = run.scope.repositories.entries.grouped(run.scope.ledger.id, run.which, "category")
    return sum(row.total.count for row in rows if row.total.currency is not None)


def _units(run: Run, by: Grouping) -> Decimal:
    """Return the days, weeks or months that have begun of the period, from the first entry on."""
    period = _elapsed(run)
    # Divided by their mean length, whole months would count as 0.99 or 1.02.
    if by == "month" and period.start.day == 1 and period.end.day == 1:
        months = (period.end.year - period.start.year) * 12 + period.end.month - period.start.month
        return Decimal(max(months, 1))
    return max(Decimal(period.days) / _DAYS_OF[by], Decimal(1))


def _elapsed(run: Run) -> Period:
    tomorrow = run.scope.today + _DAY
    first = run.scope.repositories.entries.first_day(run.scope.ledger.id) or run.scope.today
    asked = run.which.period or Period(first, tomorrow)
    # Days before the ledger began and days to come would only thin the average.
    start = max(asked.start, first)
    end = min(asked.end, tomorrow)
    return Period(start, end) if start < end else Period(asked.start, asked.start + _DAY)


def _median(run: Run) -> InquiryAnswer:
    answer = run.answer()
    which = replace(run.which, type="income" if run.query.type == "income" else "expense")
    count = run.scope.repositories.entries.count(run.scope.ledger.id, which)
    count -= _unconverted(run, answer.figures)
    if count <= 0:
        return answer
    ranked = run.scope.repositories.entries.ranked
    # An even number of entries has two in the middle; of an odd one both are the same.
    places = {(count - 1) // 2, count // 2}
    middle = [ranked(run.scope.ledger.id, which, place) or 0 for place in sorted(places)]
    minor = round(Decimal(sum(middle)) / len(middle))
    currency = run.scope.settings.currency
    return replace(answer, average=Money.of_minor(minor, currency), units=Decimal(count))


# --- single entries


def _ranked(run: Run) -> InquiryAnswer:
    entries, ledger_id = run.scope.repositories.entries, run.scope.ledger.id
    which = replace(run.which, type="income" if run.query.type == "income" else "expense")
    limit = min(run.query.limit or 1, RANKED_MAX)
    find = entries.smallest if run.query.op == "smallest" else entries.largest
    found: list[Entry] = find(ledger_id, which, limit=limit)
    return replace(run.answer(), entries=tuple(found))


def _last_time(run: Run) -> InquiryAnswer:
    which = replace(run.which, type="income" if run.query.type == "income" else "expense")
    found = run.scope.repositories.entries.page(run.scope.ledger.id, which, limit=1)
    return replace(run.answer(), entries=tuple(found))


# --- comparisons


def _share(run: Run) -> InquiryAnswer:
    """Set the entries against everything of their period."""
    which = run.which
    whole = EntryFilter(period=which.period, type=which.type, without=which.without)
    return replace(run.answer(), before=run.figures(whole), before_period=run.which.period)


GRACE = timedelta(days=3)
"""Days at the start of a period without an entry, after which a ledger is taken to have begun later."""


def _compare(run: Run) -> InquiryAnswer:
    if run.query.by:
        return _with_groups(run, run.answer(), run.query.by)
    period = run.which.period
    if period is None:
        return run.answer()
    if run.query.compare_to == "average_n":
        return _compare_average(run, period)
    other = _other_period(run, period)
    before = run.figures(replace(run.which, period=other))
    first = run.scope.repositories.entries.first_day(run.scope.ledger.id)
    # What nobody recorded is not nothing, so a rise from it would be an invention.
    begun = first if first and other.start + GRACE < first else None
    return replace(run.answer(), before=before, before_period=other, begun=begun)


def _other_period(run: Run, period: Period) -> Period:
    # While the period runs, only as many days of the other count, as in a summary.
    match run.query.compare_to:
        case "period" if run.query.other is not None:
            return run.query.other
        case "same_last_year":
            return year_before(period, today=run.scope.today)
        case _:
            return compared_with(period, run.scope.settings, today=run.scope.today)


AVERAGED = 3
"""Periods before this one over which `average_n` goes."""


def _compare_average(run: Run, period: Period) -> InquiryAnswer:
    parts = list(_list_earlier(run, period))
    answer = replace(run.answer(), units=Decimal(len(parts)))
    if not parts:
        return answer
    found = add_up(run.figures(replace(run.which, period=one)) for one in parts)
    mean = Money(found.total.amount / len(parts), found.total.currency)
    before = replace(found, total=Money.of_minor(mean.minor, mean.currency))
    return replace(answer, before=before, before_period=Period(parts[-1].start, period.start))


def _list_earlier(run: Run, period: Period) -> Iterator[Period]:
    """Yield the periods before one in which the ledger has entries, the latest first.

    While the period runs, each is cut to as many days as have begun of it.
    """
    entries, ledger_id = run.scope.repositories.entries, run.scope.ledger.id
    first, through = entries.first_day(ledger_id), through_of(period, run.scope.today)
    passed = (through - period.start) + _DAY if through else None
    one = period
    for _ in range(AVERAGED):
        one = previous_of(one, run.scope.settings)
        end = one.end if passed is None else min(one.end, one.start + passed)
        # Days before the ledger began would only thin the average, as would empty periods.
        if first and first < end and entries.count(ledger_id, EntryFilter(period=one)):
            yield Period(one.start, end)


def _trend(run: Run) -> InquiryAnswer:
    return _with_groups(run, run.answer(), run.query.by or "month")


_RUNNERS: dict[Op, Callable[[Run], InquiryAnswer]] = {
    "total": _total,
    "count": _total,
    "average": _average,
    "median": _median,
    "top": _top,
    "largest": _ranked,
    "smallest": _ranked,
    "share": _share,
    "compare": _compare,
    "trend": _trend,
    "last_time": _last_time,
}
