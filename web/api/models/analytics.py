"""Define the figures of the dashboard, those of a summary and more."""

from __future__ import annotations

from typing import Literal

from web.api.models.fields import Amount, Currency, Day, Model
from web.api.models.summaries import SummaryShown


class MemberSpending(Model):
    """The spending that a member paid."""

    member_id: str
    name: str
    amount: Amount


class ComingShown(Model):
    """An occurrence of what comes again until the period ends."""

    date: Day
    series_id: str
    type: Literal["expense", "income", "transfer"]
    note: str
    amount: Amount
    currency: Currency
    counted: Amount | None
    """In the ledger's currency; null while no rate is known."""


class AllowanceShown(Model):
    """The rest of the period's money by day, after what is committed."""

    basis: Literal["budget", "income"]
    left: Amount
    committed: Amount
    free: Amount
    days: int
    per_day: Amount


class ForecastShown(Model):
    """The sum that the running period is expected to reach."""

    amount: Amount
    low: Amount | None
    high: Amount | None
    """Four of five such periods end between these; null while too few are known."""
    basis: Literal["history", "pace"]
    periods: int
    """Earlier periods that it is based on."""


class DashboardShown(SummaryShown):
    """The figures of a period as the dashboard shows them."""

    members: tuple[MemberSpending, ...]
    """The largest first; empty where one person pays everything."""
    coming: tuple[ComingShown, ...]
    allowance: AllowanceShown | None
    """Null unless the period runs and has a budget over everything, or an income."""
    forecast: ForecastShown | None
    """Null for a period that does not run or is longer than a quarter, and while too little is known."""
