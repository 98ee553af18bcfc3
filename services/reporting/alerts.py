"""Claim the alerts of budgets, each once per threshold, period and generation.

A sum that is back under a threshold resets it, so it may alert again. Where income is tracked,
nothing is claimed before the period's first income: until the salary is there, a month's first
purchases only frighten people.
"""

from __future__ import annotations

from collections.abc import Collection

from ledger.budgets.budget import BudgetState
from ledger.budgets.thresholds import Threshold, highest, list_reached
from ledger.periods.comparison import previous_of
from ledger.periods.period import Period
from services.reporting.card_schedule import refresh_card
from services.scope import Scope


def claim(
    scope: Scope, state: BudgetState, *, rising: bool = True, grown: bool = False
) -> Threshold | None:
    """Reset thresholds that are not reached, claim those that are; return the highest new one.

    With `rising` False nothing is claimed. With `grown` the sum has only grown, so whatever is not
    reached now was not reached before.
    """
    budgets, budget, start = scope.repositories.budgets, state.budget, state.period.start
    reached = list_reached(scope.settings, state)
    # Most entries end here, without a second statement for their budget.
    if grown and not reached:
        return None
    alerted = budgets.alerted(budget.id, start)
    # Reset first, so that a threshold crossed again later alerts again.
    if back := alerted - {threshold.key for threshold in reached}:
        budgets.reset(budget.id, start, sorted(back))
    new = [threshold for threshold in reached if threshold.key not in alerted]
    if not (new and rising) or is_waiting_for_income(scope, state.period):
        return None
    # The claim is a unique row: of two processes only one gets True and sends the alert.
    claimed = [one for one in new if budgets.alert(budget.id, start, one.key, scope.now)]
    return highest(claimed, state.available)


def is_waiting_for_income(scope: Scope, period: Period) -> bool:
    """Return whether a period has no income yet while the one before had some.

    Income comes by the month, so shorter periods look at the month that runs.
    """
    if not scope.settings.alert_after_income:
        return False
    month = scope.settings.calendar.of("month", scope.today)
    looked_at = month if period.days < month.days else period
    before = previous_of(looked_at, scope.settings)
    entries, ledger_id = scope.repositories.entries, scope.ledger.id
    return entries.has_income(ledger_id, before) and not entries.has_income(ledger_id, looked_at)


def settle(scope: Scope, states: Collection[BudgetState]) -> None:
    """Claim what is reached without an alert, where an answer shows the states anyway.

    The budgets changed, so the pinned card follows.
    """
    refresh_card(scope)
    for state in states:
        claim(scope, state)
