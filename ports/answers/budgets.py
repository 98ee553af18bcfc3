"""Declare the answers about budgets."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.budgets.budget import Budget, BudgetState
from ledger.settings import Settings


@dataclass(frozen=True, slots=True)
class BudgetSet:
    """A budget that was set, changed or removed."""

    state: BudgetState
    before: Budget | None
    removed: bool = False
    others: tuple[BudgetState, ...] = ()
    """Other budgets over the same spending, with other periods."""


@dataclass(frozen=True, slots=True)
class BudgetChoice:
    """The scopes to pick from when a group was named for a category, or no amount was given."""

    scope: str
    categories: tuple[str, ...]
    person: str = ""
    """The name of the person whose spending is meant."""


@dataclass(frozen=True, slots=True)
class BudgetHelp:
    """Explains how budgets are set, for `/budget` without words."""


@dataclass(frozen=True, slots=True)
class WhichBudget:
    """The budgets over the same spending, of which one is to be removed."""

    states: tuple[BudgetState, ...]


@dataclass(frozen=True, slots=True)
class BudgetsShown:
    """All budgets of a ledger as they are today."""

    states: tuple[BudgetState, ...]
    settings: Settings
