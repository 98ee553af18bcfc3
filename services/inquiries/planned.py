"""Answer what budgets, series and receipts know: what is left, what comes, what an item costs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from ledger.budgets.budget import TOTAL, Budget
from ledger.budgets.scopes import PERSON, TAG, covers, tag_key
from ledger.entries.queries import EntryFilter
from ledger.entries.searching import fold
from ledger.inquiries.answers import Figures, InquiryAnswer, InquiryDeclined, PricePoint
from ledger.inquiries.query import Query
from ledger.money import Money
from ledger.periods.period import Period
from ledger.recurring.series import Series
from ledger.stored_receipts import BookedReceipt
from ports.answers import BudgetsShown
from services.inquiries.figures import sum_up
from services.inquiries.filters import filter_of
from services.insights.forecast import forecast_filtered
from services.recurring.coming import list_coming
from services.reporting.budget_states import Sums
from services.scope import Scope

AHEAD = timedelta(days=31)
"""The days of occurrences where a question about series names no period."""
RECEIPTS_MAX = 500
"""The latest receipts whose lines are looked through."""
PRICES_MAX = 6
_DAY = timedelta(days=1)


def budget_left(scope: Scope, query: Query) -> BudgetsShown | InquiryDeclined:
    """Return the budgets that are asked for, as they are today."""
    budgets = scope.repositories.budgets.list_all(scope.ledger.id)
    if not budgets:
        return InquiryDeclined("no_budgets")
    wanted = [budget for budget in budgets if _is_meant(scope, budget, query)]
    if not wanted:
        return InquiryDeclined("no_such_budget", query.filter.words)
    sums = Sums(scope, scope.today)
    return BudgetsShown(tuple(sums.state(budget) for budget in wanted), scope.settings)


def _is_meant(scope: Scope, budget: Budget, query: Query) -> bool:
    asked = query.filter
    if asked.tag:
        return budget.scope == f"{TAG}{tag_key(asked.tag)}"
    if asked.member:
        which = filter_of(scope, query)
        return budget.scope == f"{PERSON}{which.paid_by}"
    if asked.scopes:
        covering = (scope_ for scope_ in asked.scopes if _covers(budget, scope_))
        return any(covering)
    return not asked.words


def _covers(budget: Budget, named: str) -> bool:
    """Return whether a budget is the one of a category or group, or counts all of a category."""
    if budget.scope == named:
        return True
    # The budget over everything covers each category but says nothing about one.
    return budget.scope not in (TOTAL, named) and covers(budget.scope, named)


def projected(scope: Scope, query: Query) -> BudgetsShown | InquiryAnswer:
    """Return the budgets at their pace; without budgets the sum at the end of the period."""
    left = budget_left(scope, query)
    if isinstance(left, BudgetsShown) and not query.filter.words:
        return left
    which = filter_of(scope, query)
    period = which.period or scope.settings.calendar.of("month", scope.today)
    which = replace(which, period=period)
    spent = sum_up(scope, which, query.type)
    end = forecast_filtered(scope, which, spent.total)
    return InquiryAnswer(query, which, spent, scope.today, average=end)


def recurring(scope: Scope, query: Query) -> InquiryAnswer | InquiryDeclined:
    """Return what comes again in a period, by day; each series once where no period is named."""
    listed = [
        one
        for one in scope.repositories.series.list_all(scope.ledger.id)
        if not (one.paused or one.ended) and _is_named(one, query)
    ]
    if not listed:
        return InquiryDeclined("no_series")
    first = scope.today
    period = query.filter.period or Period(first, first + AHEAD)
    ids = {one.id for one in listed}
    # From today on only what is still open is due, and before it what was due.
    found = [
        (one.series, one.on)
        for one in list_coming(scope, period)
        if one.series.id in ids and one.on >= first
    ]
    found += [
        (one, on)
        for one in listed
        # A weekend moves a day by two at most.
        for nominal in one.plan.occurrences(period.start - 2 * _DAY, period.end + 2 * _DAY)
        if period.contains(on := one.plan.rule.booked_on(nominal)) and on < first
    ]
    found.sort(key=lambda pair: (pair[1], pair[0].id))
    none = Figures(Money.of_minor(0, scope.settings.currency))
    return InquiryAnswer(query, EntryFilter(period=period), none, scope.today, series=tuple(found))


def _is_named(one: Series, query: Query) -> bool:
    """Return whether a series has the name that is asked for; without a name every one has."""
    named = fold(query.filter.merchant or query.filter.words).split()
    return all(word in fold(one.note) for word in named)


def price(scope: Scope, query: Query) -> InquiryAnswer:
    """Return the prices of an item on the latest receipts, the newest first."""
    which = replace(filter_of(scope, query), words="")
    words = fold(query.filter.item or query.filter.words).split()
    found: list[PricePoint] = []
    for receipt in scope.repositories.receipts.latest(scope.ledger.id, RECEIPTS_MAX, which):
        found += _prices(receipt, words)
        if len(found) >= PRICES_MAX:
            break
    figures = Figures(Money.of_minor(0, scope.settings.currency), count=len(found))
    return InquiryAnswer(query, which, figures, scope.today, prices=tuple(found[:PRICES_MAX]))


def _prices(receipt: BookedReceipt, words: list[str]) -> list[PricePoint]:
    drafts: Any = receipt.reading.get("drafts") or ()
    if not 0 <= receipt.position < len(drafts) or not words:
        return []
    return [
        PricePoint(
            name,
            Money(Decimal(unit_price or amount), receipt.currency),
            receipt.spent_on,
            receipt.merchant,
            receipt.entry_id,
            Decimal(quantity) if quantity else None,
        )
        for name, amount, quantity, unit_price in drafts[receipt.position]["items"]
        # A discount is a line of the same name below zero.
        if all(word in fold(name) for word in words) and Decimal(amount) > 0
    ]
