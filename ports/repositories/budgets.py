"""Declare the repository of budgets and of the alerts that were sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from ledger.budgets.budget import Budget
from ledger.entries.queries import Coverage, Spending
from ledger.periods.period import Period


class Budgets(Protocol):
    """Budgets and the alerts that were sent for them."""

    def list_all(self, ledger_id: int) -> list[Budget]:
        """Return the live budgets of a ledger, the total first, then by scope."""

    def find(self, ledger_id: int, budget_id: str) -> Budget | None:
        """Return a budget, live or not."""

    def put(self, budget: Budget, now: datetime) -> None:
        """Insert or replace the budget of this id (revives a removed one)."""

    def remove(self, ledger_id: int, budget_id: str, now: datetime) -> None:
        """Mark a budget as removed."""

    def alerted(self, budget_id: str, period_start: date) -> set[str]:
        """Return the keys of the thresholds that are alerted and not reset in a period."""

    def alert(self, budget_id: str, period_start: date, threshold: str, now: datetime) -> bool:
        """Claim an alert; False when it was sent in this generation already."""

    def spent(self, ledger_id: int, coverage: Coverage, period: Period) -> tuple[int, bool]:
        """Return spending less refunds in minor units of the ledger's currency.

        The flag tells whether some has no amount in that currency, so it is in no sum.
        """

    def spent_by_category(self, ledger_id: int, period: Period) -> dict[str, tuple[int, bool]]:
        """Return `spent` by category; those without spending are left out."""

    def spent_by_day(
        self, ledger_id: int, coverage: Coverage, period: Period
    ) -> tuple[dict[date, int], bool]:
        """Return `spent` by day; days without spending are left out."""

    def typed(self, ledger_id: int, coverage: Coverage, period: Period) -> list[Spending]:
        """Return spending less refunds as typed, by day and currency."""

    def apart(self, ledger_id: int, coverage: Coverage, period: Period) -> list[Spending]:
        """Return the part of `typed` that has no amount in the ledger's currency."""

    def reset(self, budget_id: str, period_start: date, thresholds: Sequence[str]) -> None:
        """Let thresholds alert again, after a correction brought the sum back under them."""
