"""Read one period of a ledger for the first view of the dashboard.

Everything is read in one snapshot, in a number of statements that grows with the budgets alone, so the
first view of a large ledger costs what its period costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ledger.budgets.allowance import Allowance
from ledger.budgets.budget import TOTAL, BudgetState
from ledger.entries.entry import Entry
from ledger.entries.queries import EntryFilter
from ledger.insights.forecast import Forecast
from ledger.money import Money
from ledger.pace import Pace, add_up
from ledger.periods.period import Period
from ledger.summary import Summary
from ports.answers import Summarised
from services.insights.forecast import forecast
from services.recurring.coming import Occurrence, list_coming, sum_committed
from services.reporting.reports import summarise
from services.scope import Scope

LATEST = 6
"""The newest entries that the first view shows."""

FORECAST_DAYS = 100
"""Longest period with a forecast, a quarter: that of a year would read every year of the ledger."""


@dataclass(frozen=True, slots=True)
class PersonSpending:
    """The spending that a member paid in a period."""

    user_id: int
    name: str
    spent: Money
    which: EntryFilter
    """Opens the entries of the sum."""


@dataclass(frozen=True, slots=True)
class Overview:
    """The figures of one period.

    A figure of `summarised` opens by its category and `period`; the others carry their own filter.
    """

    summarised: Summarised
    pace: Pace | None
    """None for a single day and for a period that has not begun."""
    people: tuple[PersonSpending, ...]
    """The largest first; empty where one person pays everything."""
    coming: tuple[Occurrence, ...]
    allowance: Allowance | None
    """None unless the period runs and has a budget over everything, or an income."""
    forecast: Forecast | None
    """None unless the period runs and earlier ones, or its own pace, tell enough."""
    latest: tuple[Entry, ...]
    first_day: date | None
    """The day of the earliest entry; None for an empty ledger."""

    @property
    def summary(self) -> Summary:
        """Return the sums of the period."""
        return self.summarised.summary

    @property
    def period(self) -> Period:
        """Return the period."""
        return self.summary.period


def read_overview(scope: Scope, period: Period) -> Overview:
    """Return the figures of a period as of today."""
    summarised = summarise(scope, period)
    entries, ledger_id = scope.repositories.entries, scope.ledger.id
    runs = period.contains(scope.today)
    coming = list_coming(scope, period) if period.end > scope.today else ()
    return Overview(
        summarised,
        pace=_find_pace(scope, summarised.summary),
        people=_list_people(scope, period),
        coming=coming,
        allowance=_find_allowance(scope, summarised, coming) if runs else None,
        forecast=forecast(scope, period) if runs and 1 < period.days <= FORECAST_DAYS else None,
        latest=tuple(entries.page(ledger_id, EntryFilter(period=period), limit=LATEST)),
        first_day=entries.first_day(ledger_id),
    )


def _find_pace(scope: Scope, sums: Summary) -> Pace | None:
    """Return the running sums of a period and of the whole one before."""
    if sums.period.days == 1 or scope.today < sums.period.start:
        return None
    spent = [(day, money.minor) for day, money in sums.days]
    before: tuple[int, ...] = ()
    # There is a change only where the period before has spending to draw.
    if sums.change is not None:
        earlier = scope.settings.calendar.previous(sums.period)
        days = scope.repositories.entries.days(scope.ledger.id, earlier)
        before = add_up(days, earlier, earlier.last)
    return Pace(add_up(spent, sums.period, scope.today), before, sums.period.days)


def _list_people(scope: Scope, period: Period) -> tuple[PersonSpending, ...]:
    members = scope.repositories.chats.members(scope.ledger.id)
    if len(members) < 2:  # noqa: PLR2004  # everything is paid by the only one
        return ()
    paid = scope.repositories.entries.spent_by_payer(scope.ledger.id, period)
    names = {member.user_id: member.name for member in members}
    return tuple(
        PersonSpending(
            user_id,
            names.get(user_id, ""),
            Money.of_minor(minor, scope.ledger.currency),
            EntryFilter(period=period, paid_by=user_id),
        )
        for user_id, minor in sorted(paid.items(), key=lambda pair: (-pair[1], pair[0]))
    )


def _find_allowance(
    scope: Scope, summarised: Summarised, coming: tuple[Occurrence, ...]
) -> Allowance | None:
    """Divide the rest of the budget over everything, or else of the income."""
    sums = summarised.summary
    total = _find_total(summarised.budgets, sums.period)
    # What is committed is summed in the ledger's currency and cannot be taken from another.
    if total is not None and total.left.currency == sums.currency:
        basis, left = "budget", total.left
    elif sums.income.amount:
        basis, left = "income", sums.saved
    else:
        return None
    days = (sums.period.end - scope.today).days
    committed = sum_committed(scope, coming)
    return Allowance("budget" if basis == "budget" else "income", left, committed, days)


def _find_total(states: Sequence[BudgetState], period: Period) -> BudgetState | None:
    """Return the state of the budget over everything that covers exactly these days."""
    return next(
        (
            state
            for state in states
            if state.budget.scope == TOTAL
            and (state.period.start, state.period.end) == (period.start, period.end)
        ),
        None,
    )
