"""Turn budgets, periods and summaries into what the API shows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ledger.budgets.budget import TOTAL, BudgetState
from ledger.money import Money, plain
from ledger.periods.period import Period
from ledger.settings import Settings
from ledger.summary import CategoryTotal, Summary
from ports.answers import Summarised
from presentation.localizer import localizer_for
from web.api.models.budgets import BudgetShown, MoneyShown
from web.api.models.summaries import CategoryShown, DayShown, PeriodShown, SummaryShown

ALL = "all"
"""The API's name for the scope of everything."""
_SHARE_DIGITS = 4


def write_amount(money: Money) -> str:
    """Return an amount with its currency's decimals."""
    return plain(money.amount, money.currency)


def show_monies(monies: Iterable[Money]) -> tuple[MoneyShown, ...]:
    """Return amounts with their currencies."""
    return tuple(map(show_money, monies))


def show_money(money: Money) -> MoneyShown:
    """Return an amount with its currency."""
    return MoneyShown(amount=write_amount(money), currency=money.currency)


def show_period(period: Period) -> PeriodShown:
    """Return a period by its first and last day."""
    return PeriodShown(
        start=period.start.isoformat(), last=period.last.isoformat(), kind=period.kind
    )


def show_budget(state: BudgetState, settings: Settings) -> BudgetShown:
    """Return a budget with its state."""
    budget = state.budget
    name = localizer_for(settings).scope(budget.scope, state.person)
    return BudgetShown(
        id=budget.id,
        scope=ALL if budget.scope == TOTAL else budget.scope,
        name=name,
        per=budget.per,
        amount=write_amount(budget.limit),
        currency=budget.limit.currency,
        carry=budget.carry,
        start=state.period.start.isoformat(),
        last=state.period.last.isoformat(),
        spent=write_amount(state.spent),
        carried=None if state.carried is None else write_amount(state.carried),
        available=write_amount(state.available),
        left=write_amount(state.left),
        percent=state.percent,
        days_left=state.days_left,
        per_day=write_amount(state.per_day),
        apart=show_monies(state.apart),
    )


def show_budgets(states: Iterable[BudgetState], settings: Settings) -> tuple[BudgetShown, ...]:
    """Return budgets with their states."""
    return tuple(show_budget(state, settings) for state in states)


def show_summary(summed: Summarised) -> SummaryShown:
    """Return the figures of a period."""
    summary, settings = summed.summary, summed.settings
    own = {one.id: one.name for one in settings.categories if one.name}
    return SummaryShown(
        period=show_period(summary.period),
        before=show_period(summary.before),
        currency=summary.currency,
        spent=write_amount(summary.spent),
        spent_before=write_amount(summary.spent_before),
        income=write_amount(summary.income),
        income_before=write_amount(summary.income_before),
        saved=write_amount(summary.saved),
        count=summary.count,
        categories=tuple(_show_category(summary, one, own) for one in summary.categories),
        days=show_days(summary.days),
        budgets=show_budgets(summed.budgets, settings),
        unconverted=show_monies(summary.unconverted),
        unconverted_income=show_monies(summary.unconverted_income),
    )


def show_days(days: Iterable[tuple[date, Money]]) -> tuple[DayShown, ...]:
    """Return sums of days."""
    return tuple(DayShown(date=on.isoformat(), amount=write_amount(money)) for on, money in days)


def _show_category(summary: Summary, one: CategoryTotal, own: dict[str, str]) -> CategoryShown:
    return CategoryShown(
        category=own.get(one.category, one.category),
        amount=write_amount(one.total),
        before=write_amount(one.before),
        count=one.count,
        share=f"{summary.share(one):.{_SHARE_DIGITS}f}",
    )
