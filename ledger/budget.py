"""Budgets: what a chat wants to spend at most, in which period, and how it stands."""

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
    """How a budget stands on a day of its running period."""

    budget: Budget
    period: Period
    spent: Money
    today: date
    is_foreign: bool = False
    """Whether the ledger is in another currency, so only amounts typed in the budget's count."""

    @property
    def share(self) -> Decimal:
        """Spent share of the limit; 1 is all of it, more is overspent."""
        return self.spent.amount / self.budget.limit.amount

    @property
    def percent(self) -> int:
        """The share in whole percents, rounded down: 100 is shown only when all of it is spent."""
        return int(self.share * 100)

    @property
    def left(self) -> Money:
        """What may still be spent; negative when overspent."""
        return Money(self.budget.limit.amount - self.spent.amount, self.budget.limit.currency)

    @property
    def days_left(self) -> int:
        """Days that remain in the period, today included; at least 0."""
        return max(0, (self.period.end - self.today).days)

    @property
    def per_day(self) -> Money:
        """What may be spent a day for the rest of the period; zero when nothing is left."""
        left, days = self.left, self.days_left
        if left.amount <= 0 or not days:
            return Money(round_to_minor(Decimal(0), left.currency), left.currency)
        return Money(round_to_minor(left.amount / days, left.currency), left.currency)


@dataclass(frozen=True, slots=True)
class Alert:
    """A budget that crossed a threshold through one entry; sent once per period and generation."""

    state: BudgetState
    percent: int
    """The threshold that was crossed."""
    entry_id: str
    entry_title: str


def crossed(before: Decimal, after: Decimal, percents: tuple[int, ...]) -> int | None:
    """Return the highest threshold that a sum going from one share to another crosses, or None."""
    passed = [p for p in percents if before * 100 < p <= after * 100]
    return max(passed, default=None)
