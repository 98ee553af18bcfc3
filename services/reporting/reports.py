"""Sum up periods and list pages of entries, as figures that SQL computes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from ledger.budgets.budget import Budget, BudgetState
from ledger.budgets.scopes import is_refund, width
from ledger.chats import Member
from ledger.entries.entry import Entry
from ledger.entries.queries import EMPTY_FILTER, Cursor, EntryFilter, Total
from ledger.money import Money
from ledger.periods.comparison import compared_with, through_of
from ledger.periods.period import Period
from ledger.questions import PROMPTS
from ledger.summary import CategoryTotal, Summary
from ports.answers import Page, Summarised
from services.reporting.budget_states import Sums, period_of, states_in
from services.scope import Scope

PAGE_LIMIT = 8
"""Entries on a page: with a button each they still fit a phone's screen."""


OPEN_MAX = 100
"""Open questions that a push counts."""


def summarise(
    scope: Scope,
    period: Period,
    *,
    kind: Literal["asked", "weekly", "monthly"] = "asked",
    which: EntryFilter = EMPTY_FILTER,
) -> Summarised:
    """Return the figures of a period against the one before, with the budgets that run in it.

    With `which` only the entries that it lets through count, and budgets, which count others, are
    left out. Four statements, one more when a day or a running week shows budgets of longer periods.
    """
    today, entries = scope.today, scope.repositories.entries
    before = compared_with(period, scope.settings, today=today)
    totals, days = entries.sums(scope.ledger.id, period, which)
    first = entries.first_day(scope.ledger.id)
    # Days are drawn for this period only, so the one before needs totals alone.
    earlier = entries.totals(scope.ledger.id, before, which)
    summary = _build(
        (period, before),
        scope.settings.currency,
        (_Sums.of(totals), _Sums.of(earlier if _is_comparable(first, before) else ())),
        days=days,
        through=through_of(period, today),
    )
    if first and period.contains(first):
        summary = replace(summary, since=first)
    return Summarised(
        summary,
        () if which.is_narrow else _budgets(scope, period, totals, today=today),
        scope.settings,
        kind,
        open_questions=count_open(scope) if kind != "asked" else 0,
        which=replace(which, period=period),
        members=_members(scope, which),
        latest=None if summary.count or summary.income.amount else _latest(scope, which),
    )


def _members(scope: Scope, which: EntryFilter) -> tuple[Member, ...]:
    """Return the members where one of them has to be named."""
    if which.paid_by is None:
        return ()
    return tuple(scope.repositories.chats.members(scope.ledger.id))


def _latest(scope: Scope, which: EntryFilter) -> date | None:
    """Return the day of the newest entry that a filter lets through, whatever its period."""
    found = scope.repositories.entries.page(scope.ledger.id, replace(which, period=None), limit=1)
    return found[0].spent_on if found else None


def count_open(scope: Scope) -> int:
    """Return how many questions wait for an answer."""
    found = scope.repositories.conversations.list_open(scope.ledger.id, OPEN_MAX)
    return sum(question.kind not in PROMPTS for question in found)


def _is_comparable(first: date | None, before: Period) -> bool:
    """Return whether the period before holds enough days of the ledger to compare with it.

    A ledger that began after its first third would make every change look enormous.
    """
    return first is not None and first - before.start <= (before.end - before.start) / 3


def list_entries(
    scope: Scope, which: EntryFilter, after: Cursor | None, *, limit: int
) -> tuple[tuple[Entry, ...], Cursor | None]:
    """Return some entries, newest first, and the place where the next page begins, if any."""
    # One more than shown tells whether another page follows, without a second query.
    found = scope.repositories.entries.page(scope.ledger.id, which, limit=limit + 1, after=after)
    shown = tuple(found[:limit])
    # Day and id, not an offset: entries booked meanwhile neither repeat nor skip a row.
    place = Cursor(shown[-1].spent_on, shown[-1].id) if len(found) > limit else None
    return shown, place


def list_page(
    scope: Scope,
    which: EntryFilter,
    after: Cursor | None = None,
    first: int = 1,
    *,
    limit: int = PAGE_LIMIT,
) -> Page:
    """Return a page of entries, newest first; `first` is the position of its first entry, from 1."""
    shown, place = list_entries(scope, which, after, limit=limit)
    more = place is not None
    seen = first - 1 + len(shown)
    return Page(
        entries=shown,
        members=tuple(scope.repositories.chats.members(scope.ledger.id)),
        # The last page knows how many there are, so a search without hits reads the index once.
        total=scope.repositories.entries.count(scope.ledger.id, which) if more else seen,
        first=first,
        next=place,
        which=which,
        settings=scope.settings,
        latest=_latest(scope, which) if which.period and not shown else None,
    )


@dataclass(frozen=True, slots=True)
class _Sums:
    """The sums of one period by their type, in minor units; transfers count nowhere."""

    spent: Counter[str]
    """By category, in the ledger's currency."""
    counts: Counter[str]
    """The number of entries in `spent`, by category."""
    unconverted: Counter[str]
    """Spending by currency, where no rate is known."""
    income: int
    unconverted_income: Counter[str]
    count: int
    """Expenses and refunds, unconverted ones too."""

    @classmethod
    def of(cls, totals: Sequence[Total]) -> _Sums:
        """Sort sums made in SQL."""
        # What came back lowers its category, as it lowers a budget; it is not an income.
        spending = [_signed(total) for total in totals if _is_spending(total)]
        incomes = [t for t in totals if t.type == "income" and not _is_spending(t)]
        counts: Counter[str] = Counter()
        for total in spending:
            if total.currency is None:
                counts[total.category] += total.count
        return cls(
            spent=_by_category(spending),
            counts=counts,
            unconverted=_by_currency(spending),
            income=sum(total.minor for total in incomes if total.currency is None),
            unconverted_income=_by_currency(incomes),
            count=sum(total.count for total in spending),
        )


def _is_spending(total: Total) -> bool:
    return total.type == "expense" or is_refund(total.type, total.category)


def _signed(total: Total) -> Total:
    return total if total.type == "expense" else replace(total, minor=-total.minor)


def _by_category(totals: Sequence[Total]) -> Counter[str]:
    found: Counter[str] = Counter()
    for total in totals:
        if total.currency is None:
            found[total.category] += total.minor
    return found


def _by_currency(totals: Sequence[Total]) -> Counter[str]:
    found: Counter[str] = Counter()
    for total in totals:
        if total.currency is not None:
            found[total.currency] += total.minor
    return found


def _monies(minors: Counter[str]) -> tuple[Money, ...]:
    return tuple(Money.of_minor(minor, code) for code, minor in sorted(minors.items()) if minor)


def _build(
    periods: tuple[Period, Period],
    currency: str,
    both_sums: tuple[_Sums, _Sums],
    *,
    days: Sequence[tuple[date, int]],
    through: date | None,
) -> Summary:
    """Compare a period with the one before, both given in this order, the largest category first."""
    (period, before), (sums, sums_before) = periods, both_sums
    categories = tuple(
        CategoryTotal(
            category,
            Money.of_minor(minor, currency),
            Money.of_minor(sums_before.spent[category], currency),
            sums.counts[category],
        )
        for category, minor in sorted(sums.spent.items(), key=lambda pair: (-pair[1], pair[0]))
    )
    return Summary(
        period=period,
        before=before,
        currency=currency,
        spent=Money.of_minor(sums.spent.total(), currency),
        spent_before=Money.of_minor(sum(sums_before.spent.values()), currency),
        income=Money.of_minor(sums.income, currency),
        income_before=Money.of_minor(sums_before.income, currency),
        count=sums.count,
        categories=categories,
        days=tuple((day, Money.of_minor(minor, currency)) for day, minor in days),
        unconverted=_monies(sums.unconverted),
        through=through,
        unconverted_income=_monies(sums.unconverted_income),
    )


def _budgets(
    scope: Scope, period: Period, totals: Sequence[Total], *, today: date
) -> tuple[BudgetState, ...]:
    """Return the budgets to show with a period, its own and, while it runs, the longer ones.

    A past week cannot judge a month's budget, so there only budgets of its own kind are shown.
    """
    if period.kind == "custom":
        return ()
    runs = through_of(period, today) is not None
    shown: dict[Period, list[Budget]] = defaultdict(list)
    for budget in scope.repositories.budgets.list_all(scope.ledger.id):
        own = period_of(budget, scope.settings, today if runs else period.start)
        is_longer = runs and own.contains(today) and own.days > period.days
        if is_longer or _is_same(own, period):
            shown[own].append(budget)
    states: list[BudgetState] = []
    sums = Sums(scope, today)
    for own, budgets in shown.items():
        same = _is_same(own, period)
        found = totals if same else scope.repositories.entries.totals(scope.ledger.id, own)
        states.extend(states_in(sums, budgets, found, own))
    return tuple(sorted(states, key=lambda state: width(state.budget), reverse=True))


def _is_same(one: Period, other: Period) -> bool:
    """Return whether two periods hold the same days, whatever their kinds."""
    return (one.start, one.end) == (other.start, other.end)
