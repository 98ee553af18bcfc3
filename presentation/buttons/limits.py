"""Build the actions of budgets and rates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from ledger.money import Money
from ledger.periods.period import Period
from ledger.rates.values import CurrencyPair
from ledger.settings import parse_trip
from ledger.text import BudgetWords
from ports.messages import Action, Json


def budgets() -> Action:
    """Show all budgets."""
    return Action("budgets")


def budget_set(scope: str, limit: Money, words: BudgetWords) -> Action:
    """Set a budget as the words of `/budget` say, but for this scope."""
    dates = _dates(words.trip)
    return Action("budget_set", (scope, limit.minor, limit.currency, words.per, dates, words.carry))


def budget_pick(scope: str) -> Action:
    """Explain how to set a budget for this scope."""
    return Action("budget_pick", (scope,))


def budget_off(scope: str, per: str, trip: Period | None = None) -> Action:
    """Remove a budget."""
    return Action("budget_off", (scope, per, _dates(trip)))


def _dates(trip: Period | None) -> Json:
    return [trip.start.isoformat(), trip.last.isoformat()] if trip else None


def load_trip(dates: Sequence[str] | None) -> Period | None:
    """Read the stored days of a trip."""
    return parse_trip("/".join(dates)) if dates else None


def rate_set(pair: CurrencyPair, value: Decimal, on: date) -> Action:
    """Set a rate of the chat."""
    return Action("rate_set", (*pair, f"{value:f}", on.isoformat()))
