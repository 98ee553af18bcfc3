"""Define budgets and their state on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ledger.money import Money, round_to_minor
from ledger.period import Period
from ledger.settings import Per

TOTAL = ""
"""The scope of a budget over all spending."""


@dataclass(frozen=True, slots=True)
class Budget:
    """A limit for a scope and a kind of period. Scope: `""` all, a group id, or a category id."""

    id: str
    ledger_id: int
    scope: str
    limit: Money
    per: Per


@dataclass(frozen=True, slots=True)
class BudgetState:
    """The state of a budget on a day of its running period."""

    budget: Budget
    period: Period
    spent: Money
    today: date
    is_foreign: bool = False
    """True when the ledger has another currency, so only amounts typed in the budget's count."""

    @property
    def share(self) -> Decimal:
        """Return the spent share of the limit; 1 is all of it, more is overspent."""
        return self.spent.amount / self.budget.limit.amount

    @property
    def percent(self) -> int:
        """Return the share in whole percents, rounded down, so 100 means that all is spent."""
        return int(self.share * 100)

    @property
    def left(self) -> Money:
        """Return the rest of the limit; negative when overspent."""
        return Money(self.budget.limit.amount - self.spent.amount, self.budget.limit.currency)

    @property
    def days_left(self) -> int:
        """Return the days that remain in the period, today included; at least 0."""
        return max(0, (self.period.end - self.today).days)

    @property
    def per_day(self) -> Money:
        """Return the rest of the limit a day until the period ends; zero when nothing is left."""
        left, days = self.left, self.days_left
        if left.amount <= 0 or not days:
            return Money(round_to_minor(Decimal(0), left.currency), left.currency)
        return Money(round_to_minor(left.amount / days, left.currency), left.currency)
