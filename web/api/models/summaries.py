"""Define the figures of a period as the API shows them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from web.api.models.budgets import BudgetShown, MoneyShown
from web.api.models.fields import Amount, Currency, Day, Model, Name

PeriodKind = Literal["day", "week", "fortnight", "month", "quarter", "year", "trip", "custom"]


class PeriodQuery(Model):
    """The period, in the words of the chat."""

    period: Annotated[
        Name | None,
        Field(description="`month`, `last week`, `2026-09`, `1.9.-15.9.`; left out: this month"),
    ] = None


class PeriodShown(Model):
    """Days from the first to the last, both included."""

    start: Annotated[Day, Field(serialization_alias="from")]
    last: Annotated[Day, Field(serialization_alias="to")]
    kind: PeriodKind


class CategoryShown(Model):
    """The spending of a category, less refunds."""

    category: str
    amount: Amount
    before: Amount
    """In the period before."""
    count: int
    share: str
    """Of all spending, 0 to 1."""


class DayShown(Model):
    """The spending of a day, less refunds."""

    date: Day
    amount: Amount


class SummaryShown(Model):
    """The figures of a period against the one before, in the ledger's currency.

    While a period runs, the one before has only as many days.
    """

    period: PeriodShown
    before: PeriodShown
    currency: Currency
    spent: Amount
    spent_before: Amount
    income: Amount
    income_before: Amount
    saved: Amount
    count: int
    """Expenses of the period."""
    categories: tuple[CategoryShown, ...]
    days: tuple[DayShown, ...]
    budgets: tuple[BudgetShown, ...]
    """The budgets that run in the period."""
    unconverted: tuple[MoneyShown, ...]
    """Spending without a known rate, which is in no figure."""
    unconverted_income: tuple[MoneyShown, ...]
