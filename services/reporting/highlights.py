"""Add to a summary what stood out in its period, and where its budgets are going."""

from __future__ import annotations

from dataclasses import replace

from ledger.budgets.budget import BudgetState
from ledger.budgets.projection import LARGEST_COUNT, project
from ledger.budgets.scopes import coverage_of
from ledger.entries.entry import Entry
from ledger.entries.queries import EntryFilter
from ledger.highlights import USUAL_PERIODS, Highlights, find_unusual
from ledger.money import Money
from ledger.periods.comparison import previous_of
from ledger.periods.period import Period
from ports.answers import Summarised
from services.insights.forecast import forecast
from services.scope import Scope

BIGGEST_COUNT = 3
SHOPS_MAX = 3


def find_highlights(scope: Scope, summarised: Summarised) -> Summarised:
    """Return the summary with what stood out; some statements more than the summary itself."""
    sums, entries, ledger_id = summarised.summary, scope.repositories.entries, scope.ledger.id
    spent = {one.category: one.total.minor for one in sums.categories}
    expenses = EntryFilter(period=sums.period, type="expense")
    found = Highlights(
        biggest=tuple(entries.largest(ledger_id, expenses, limit=BIGGEST_COUNT)),
        unusual=find_unusual(spent, _list_before(scope, sums.period), sums.currency),
        new_shops=tuple(entries.new_merchants(ledger_id, sums.period, limit=SHOPS_MAX)),
    )
    return replace(summarised, highlights=found)


def _list_before(scope: Scope, period: Period) -> list[dict[str, int]]:
    """Return the spending by category of the periods before that lie wholly in the ledger."""
    entries, ledger_id = scope.repositories.entries, scope.ledger.id
    first = entries.first_day(ledger_id)
    found: list[dict[str, int]] = []
    for _ in range(USUAL_PERIODS):
        period = previous_of(period, scope.settings)
        if first is None or period.start < first:
            break
        totals = entries.totals(ledger_id, period)
        found.append(
            {
                total.category: total.minor
                for total in totals
                if total.type == "expense" and total.currency is None
            }
        )
    return found


def project_state(scope: Scope, state: BudgetState) -> Money | None:
    """Return the sum that a budget is expected to reach; None while it is too early to tell.

    A budget in another currency than its ledger's goes on at its pace, since no earlier period of it is
    kept in that currency.
    """
    coverage = coverage_of(state.budget.scope, scope.settings.categories)
    if state.budget.limit.currency == scope.settings.currency:
        found = forecast(scope, state.period, coverage)
        return found.total if found and found.days_ahead else None
    which = EntryFilter(
        period=state.period,
        type="expense",
        categories=coverage.categories,
        tags=(coverage.tag,) if coverage.tag else (),
        paid_by=coverage.paid_by,
    )
    currency = state.budget.limit.currency
    typed_in = currency if currency != scope.settings.currency else None
    largest = scope.repositories.entries.largest(
        scope.ledger.id, which, limit=LARGEST_COUNT, typed_in=typed_in
    )
    return project(state, [(entry.spent_on, _counted(entry, typed_in)) for entry in largest])


def _counted(entry: Entry, typed_in: str | None) -> int:
    stated = entry.base.money if entry.base and typed_in is None else entry.money
    return stated.minor
