"""Watch budgets while entries change, and return the alerts to send with the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ledger.budgets.budget import Budget, BudgetState
from ledger.budgets.scopes import width
from ledger.budgets.thresholds import Alert, Threshold
from ledger.entries.entry import Entry
from services.reporting.alerts import claim, settle
from services.reporting.budget_states import Sums, states_of
from services.reporting.card_schedule import refresh_card
from services.reporting.highlights import project_state
from services.scope import Scope

Touched = Sequence[tuple[Entry | None, Entry]]
"""Entries before and after an operation, in the order in which they were written."""


@dataclass(frozen=True, slots=True)
class BudgetOutcome:
    """Budget states by entry id (narrowest first) and new alerts, after an operation."""

    states: Mapping[str, tuple[BudgetState, ...]]
    alerts: tuple[Alert, ...]


def update_budgets(scope: Scope, touched: Touched) -> BudgetOutcome:
    """Claim crossed thresholds, reset those not reached now, and return the states.

    It costs one statement where there are no budgets, else one more per budget concerned.
    """
    live = scope.repositories.budgets.list_all(scope.ledger.id)
    sums = Sums(scope, scope.today)
    alerts = [
        alert
        for budget in sorted(live, key=width)
        if (alert := _watch(sums, budget, touched)) is not None
    ]
    states = {after.id: states_of(live, sums, after) for _, after in touched}
    refresh_card(scope)
    return BudgetOutcome(states, tuple(alerts))


def claim_alerts(scope: Scope, touched: Touched) -> tuple[Alert, ...]:
    """Return an operation's alerts, each claimed once per threshold, period and generation.

    To be called after any operation that touched entries, undo and redo too. A jump over two
    thresholds alerts once, at the higher one; both count as alerted. A sum that is back under a
    threshold resets it. Only the running period alerts. Each alert names the entry that crossed the
    line.
    """
    return update_budgets(scope, touched).alerts


def settle_all(scope: Scope) -> None:
    """Take every sum as known, after the thresholds themselves changed."""
    sums = Sums(scope, scope.today)
    live = scope.repositories.budgets.list_all(scope.ledger.id)
    settle(scope, [sums.state(budget) for budget in live])


def _watch(sums: Sums, budget: Budget, touched: Touched) -> Alert | None:
    """Update one budget after an operation; None when it is not concerned or nothing is new."""
    period = sums.period(budget)
    # The difference to before: moving an entry out of a budget lowers it like a deletion.
    steps = [
        (after, sums.part(after, budget, period) - sums.part(before, budget, period))
        for before, after in touched
    ]
    # The first income of a period releases the alerts that waited for it.
    released = any(after.type == "income" and not after.deleted_at for _, after in touched)
    if not (released or any(step for _, step in steps)):
        return None
    state = sums.state(budget)
    grown = sum(step for _, step in steps) > 0
    threshold = claim(sums.scope, state, rising=released or grown, grown=grown)
    if threshold is None:
        return None
    entry = _find_crossing(steps, state, threshold)
    return Alert(
        state,
        threshold,
        entry.id if entry else "",
        entry.title if entry else "",
        project_state(sums.scope, state),
    )


def _find_crossing(
    steps: Sequence[tuple[Entry, int]], state: BudgetState, threshold: Threshold
) -> Entry | None:
    """Return the entry with which the sum first reached a threshold.

    When the sum was over it before (thresholds were lowered since), it is the last entry
    that raised it; None when none did.
    """
    line = threshold.line(state.available.minor)
    # The state includes the steps already; subtracting them gives the sum before.
    running = state.spent.minor - sum(step for _, step in steps)
    for entry, step in steps:
        if running * 100 < line <= (running + step) * 100:
            return entry
        running += step
    return next((entry for entry, step in reversed(steps) if step > 0), None)
