"""Sum up rows by category and currency, exactly, while they pass."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ledger.money import Money
from presentation.documents.rows import Row


@dataclass(slots=True)
class Sum:
    """The count and the amount of some entries."""

    amount: Decimal = Decimal(0)
    count: int = 0

    def add(self, amount: Decimal) -> None:
        """Count an entry."""
        self.amount += amount
        self.count += 1


def _sums() -> defaultdict[str, Sum]:
    return defaultdict(Sum)


@dataclass(slots=True)
class Totals:
    """Sums in the ledger's currency; amounts without a rate are apart."""

    currency: str
    spent: defaultdict[str, Sum] = field(default_factory=_sums)
    """By category."""
    earned: defaultdict[str, Sum] = field(default_factory=_sums)
    days: defaultdict[date, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    """Spending by day."""
    apart: defaultdict[tuple[str, str], Sum] = field(default_factory=lambda: defaultdict(Sum))
    """Amounts without a rate, by type and currency."""

    def add(self, row: Row) -> None:
        """Count a row; transfers are neither spent nor earned."""
        if row.type not in ("expense", "income"):
            return
        if row.base is None:
            self.apart[row.type, row.money.currency].add(row.money.amount)
        elif row.type == "income":
            self.earned[row.category].add(row.base.amount)
        else:
            self.spent[row.category].add(row.base.amount)
            self.days[row.on] += row.base.amount

    def spent_in_all(self) -> Money:
        """Return all spending with a rate."""
        return self._whole(self.spent)

    def earned_in_all(self) -> Money:
        """Return all income with a rate."""
        return self._whole(self.earned)

    def unconverted(self, entry_type: str) -> tuple[Money, ...]:
        """Return what has no rate, a sum a currency."""
        found = sorted(self.apart.items())
        return tuple(Money(one.amount, code) for (kind, code), one in found if kind == entry_type)

    def _whole(self, sums: dict[str, Sum]) -> Money:
        return Money(sum((one.amount for one in sums.values()), Decimal(0)), self.currency)


def largest_first(sums: dict[str, Sum]) -> list[tuple[str, Sum]]:
    """Return sums by category, the largest first."""
    return sorted(sums.items(), key=lambda item: (-item[1].amount, item[0]))
