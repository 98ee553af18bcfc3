"""Compute what may be spent a day until a period ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ledger.money import Money

Basis = Literal["budget", "income"]
"""The money that an allowance divides: a budget over everything, or else the period's income."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """The rest of a running period's money, less what is committed, by day."""

    basis: Basis
    left: Money
    """The rest before what is committed; negative when more was spent."""
    committed: Money
    """The sum of recurring entries until the period ends."""
    days: int
    """The days that remain, today included; at least 1."""

    @property
    def free(self) -> Money:
        """Return the rest after what is committed; negative when it does not suffice."""
        return Money(self.left.amount - self.committed.amount, self.left.currency)

    @property
    def per_day(self) -> Money:
        """Return the allowance of a day, rounded down so that it never adds up to more."""
        return Money.of_minor(max(0, self.free.minor) // self.days, self.free.currency)
