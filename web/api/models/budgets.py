"""Define budgets as the API shows and takes them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from web.api.models.fields import (
    NEVER_NULL,
    Amount,
    AmountIn,
    Currency,
    CurrencyIn,
    Day,
    DayIn,
    Model,
    Name,
)

Per = Literal["day", "week", "fortnight", "month", "quarter", "year", "trip"]
Carry = Literal["none", "surplus", "overspend", "both"]


class MoneyShown(Model):
    """An amount with its currency."""

    amount: Amount
    currency: Currency


class BudgetShown(Model):
    """A budget, with its state in the period that runs."""

    id: str
    scope: str
    """`all`, a group (`Food`), a category, `#tag`, or `@` and a member's id."""
    name: str
    """The scope in the words of the chat."""
    per: Per
    amount: Amount
    currency: Currency
    carry: Carry
    """The rests of earlier periods that it takes along."""
    start: Annotated[Day, Field(serialization_alias="from")]
    last: Annotated[Day, Field(serialization_alias="to")]
    """The last day of the period."""
    spent: Amount
    carried: Amount | None
    available: Amount
    """The amount with what was carried into the period."""
    left: Amount
    percent: int
    """Whole percents of what is available that are spent."""
    days_left: int
    per_day: Amount
    """The rest a day, from today on."""
    apart: tuple[MoneyShown, ...]
    """Spending without a known rate, which is in no figure."""


class BudgetPage(Model):
    """All budgets, the total first."""

    items: tuple[BudgetShown, ...]
    next: str | None = None


class NewBudget(Model):
    """A budget to set; one of the same scope and period is changed."""

    amount: AmountIn
    scope: Name = "all"
    """`all`, a category or group by id or name, `#tag`, or `@` and a member's name or id."""
    currency: CurrencyIn | None = None
    per: Per = "month"
    carry: Carry | None = None
    first: Annotated[DayIn | None, Field(alias="from")] = None
    """The first day of a trip."""
    last: Annotated[DayIn | None, Field(alias="to")] = None


class BudgetPatch(Model):
    """The fields of a budget to change; scope and period stay."""

    amount: Annotated[AmountIn | None, NEVER_NULL] = None
    currency: Annotated[CurrencyIn | None, NEVER_NULL] = None
    carry: Annotated[Carry | None, NEVER_NULL] = None


class BudgetQuery(Model):
    """The budget to remove."""

    scope: Annotated[Name, Field(description="As of a budget that is set")] = "all"
    per: Annotated[Per | None, Field(description="Needed where the scope has several")] = None
