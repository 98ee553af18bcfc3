"""Define the thresholds of budgets at which a chat is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

from ledger.budgets.budget import BudgetState
from ledger.money import Money
from ledger.settings import Settings


@dataclass(frozen=True, slots=True)
class Threshold:
    """A share of a budget's limit, or a sum in its currency."""

    percent: int | None = None
    amount: Money | None = None

    @property
    def key(self) -> str:
        """Return the text under which it is stored: `80%` or `70000EUR` (minor units)."""
        if self.amount is not None:
            return f"{self.amount.minor}{self.amount.currency}"
        return f"{self.percent}%"

    def line(self, available_minor: int) -> int:
        """Return the sum that reaches it where so much may be spent, in hundredths of a minor unit.

        Hundredths, because a share rounded to minor units could alert a cent too early.
        """
        if self.amount is not None:
            return self.amount.minor * 100
        assert self.percent is not None
        # A debt that was carried over may leave nothing at all.
        return max(0, available_minor) * self.percent


def list_reached(settings: Settings, state: BudgetState) -> list[Threshold]:
    """Return the thresholds that a budget's sum has reached, the lowest sum first."""
    spent = state.spent.minor * 100
    return [t for line, t in _list_lines(settings, state.available) if line <= spent]


def _list_lines(settings: Settings, available: Money) -> list[tuple[int, Threshold]]:
    """Return the thresholds of a budget with so much to spend by their sums, the lowest first.

    Sums in another currency than the budget's never apply to it.
    """
    found = [Threshold(percent=percent) for percent in settings.alert_percents]
    found += [
        Threshold(amount=amount)
        for amount in settings.alert_amounts
        if amount.currency == available.currency
    ]
    minor = available.minor
    return sorted(((one.line(minor), one) for one in found), key=itemgetter(0))


def highest(thresholds: Sequence[Threshold], available: Money) -> Threshold | None:
    """Return the threshold with the highest sum, None of none."""
    minor = available.minor
    return max(thresholds, key=lambda threshold: threshold.line(minor), default=None)


@dataclass(frozen=True, slots=True)
class Alert:
    """A budget that reached a threshold; sent once per threshold, period and generation."""

    state: BudgetState
    threshold: Threshold
    entry_id: str = ""
    """The entry that crossed the line; empty where an income released alerts that waited for it."""
    entry_title: str = ""
    projected: Money | None = None
    """The sum at the end of the period at this pace; None while it is too early to tell."""
