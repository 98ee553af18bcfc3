"""Define the figures of a period by category, against the period before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ledger.money import Money
from ledger.periods.period import Period


@dataclass(frozen=True, slots=True)
class CategoryTotal:
    """The sums of one category in a period and in the one before (in the ledger's currency)."""

    category: str
    total: Money
    before: Money
    count: int

    @property
    def change(self) -> Decimal | None:
        """Return the change as a fraction (0.25 is a quarter more); None without a base."""
        if not self.before.amount:
            return None
        return (self.total.amount - self.before.amount) / self.before.amount


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of one period. Amounts without a known rate are in `unconverted`."""

    period: Period
    before: Period
    currency: str
    spent: Money
    spent_before: Money
    income: Money
    income_before: Money
    count: int
    """The number of expenses, unconverted ones included."""
    categories: tuple[CategoryTotal, ...]
    """Expenses by category, largest first."""
    days: tuple[tuple[date, Money], ...]
    """The sum of each day with expenses, in order of days."""
    unconverted: tuple[Money, ...] = ()
    """Spending per foreign currency whose rate is not known yet; never part of a total."""
    through: date | None = None
    """Last day that can hold entries (today) when the period still runs, else None.

    While a period runs, `before` covers only as many days, so that a comparison is fair.
    """
    since: date | None = None
    """First day of the ledger where it lies in this period; averages begin there."""
    unconverted_income: tuple[Money, ...] = ()
    """Income per foreign currency whose rate is not known yet; never part of a total."""

    @property
    def saved(self) -> Money:
        """Return income less spending; negative when more was spent."""
        return Money(self.income.amount - self.spent.amount, self.currency)

    @property
    def change(self) -> Decimal | None:
        """Return the change of spending as a fraction; None without a base."""
        if not self.spent_before.amount:
            return None
        return (self.spent.amount - self.spent_before.amount) / self.spent_before.amount

    def share(self, category: CategoryTotal) -> Decimal:
        """Return the share of a category in the spending of the period, 0 to 1."""
        return category.total.amount / self.spent.amount if self.spent.amount else Decimal(0)
