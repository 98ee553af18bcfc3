"""Set and show budgets, and sum up what counts in them.

There is one budget per scope in a ledger; setting it again changes it. A budget in the ledger's
currency counts base amounts, so one without a known rate never counts. After the ledger's currency
has changed, a budget keeps its own and counts only amounts that were typed in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from ledger.budget import TOTAL, Budget, BudgetState
from ledger.changes import Change, Fields, Operation
from ledger.entry import Entry
from ledger.errors import InputError
from ledger.money import AMOUNT_MAX, Money, round_to_minor
from ledger.period import Period
from ledger.queries import Total
from ledger.scopes import categories_of, covers, find_scope, near_scopes, width
from ledger.settings import Settings
from ledger.text.model import BudgetWords
from ports.answers import BudgetChoice, BudgetSet, BudgetsShown
from services.reporting.alerts import settle
from services.scope import Scope


def set_budget(
    scope: Scope, words: BudgetWords, *, operation_id: str, names: Mapping[str, str] | None = None
) -> BudgetSet | BudgetChoice | BudgetsShown:
    """Set, change, remove or show a budget by the words of `/budget`.

    `names` maps the chat's names of categories (and groups) to ids. Without words all budgets are
    shown; a scope without an amount shows its budget, or offers its categories when it has none.

    Raises:
        InputError: `budget_unknown` (`words`, `near`, `amount`, `per`), `budget_currency` (`given`, `currency`),
            `budget_amount` (zero or too large), `budget_none` (`scope`; nothing to remove).
    """
    target = _find_target(scope, words, names or {})
    live = scope.repositories.budgets.list_all(scope.ledger.id)
    before = next((budget for budget in live if budget.scope == target), None)
    if words.off:
        if before is None:
            raise InputError("budget_none", scope=target)
        return _put(scope, before, None, operation_id=operation_id)
    if words.amount is not None:
        after = _build_budget(scope, target, words, before)
        return _put(scope, before, after, operation_id=operation_id)
    if not words.scope:
        return show(scope)
    if before is None:
        return BudgetChoice(target, tuple(c for c in categories_of(target) if c))
    state = Sums(scope, scope.today).state(before)
    return BudgetsShown((state,), scope.settings)


def show(scope: Scope) -> BudgetsShown:
    """Return the state of every budget today, the total first, then by scope."""
    sums = Sums(scope, scope.today)
    states = tuple(
        sums.state(budget) for budget in scope.repositories.budgets.list_all(scope.ledger.id)
    )
    return BudgetsShown(states, scope.settings)


def states_for(scope: Scope, entry: Entry) -> tuple[BudgetState, ...]:
    """Return the running budgets that an entry counts in, the narrowest first."""
    live = scope.repositories.budgets.list_all(scope.ledger.id)
    return states_of(live, Sums(scope, scope.today), entry)


def states_in(
    budgets: Sequence[Budget], totals: Sequence[Total], period: Period, *, today: date
) -> tuple[BudgetState, ...]:
    """Return budget states by the totals of their period, without another query."""
    return tuple(
        BudgetState(
            budget,
            period,
            Money.of_minor(_sum(totals, budget.scope), budget.limit.currency),
            today,
        )
        for budget in budgets
    )


def period_of(budget: Budget, settings: Settings, day: date) -> Period:
    """Return the period of a budget that holds a day."""
    return settings.calendar.of(budget.per, day)


def apply_budget_change(scope: Scope, change: Change) -> BudgetState | None:
    """Write one change of a budget (undo, redo); return its state, None when it is removed.

    A change of a budget that somebody removed meanwhile leaves it removed.
    """
    live = {budget.id: budget for budget in scope.repositories.budgets.list_all(scope.ledger.id)}
    current = live.get(change.subject_id)
    if change.after is None:
        scope.repositories.budgets.remove(scope.ledger.id, change.subject_id, scope.now)
        return None
    # Somebody removed it since; an undo must not bring back a budget by surprise.
    if current is None and change.before is not None:
        return None
    fields = (budget_fields(current) if current else {}) | change.after
    budget = _of_fields(change.subject_id, scope.ledger.id, fields)
    scope.repositories.budgets.put(budget, scope.now)
    return _settle_silently(scope, budget)


def budget_fields(budget: Budget) -> Fields:
    """Return every field of a budget as JSON."""
    return {
        "scope": budget.scope,
        "limit_minor": budget.limit.minor,
        "currency": budget.limit.currency,
        "per": budget.per,
    }


def budget_change(before: Budget | None, after: Budget | None) -> Change | None:
    """Return the change from one state of a budget to another; None when nothing differs."""
    known = after or before
    assert known is not None
    old = budget_fields(before) if before else None
    new = budget_fields(after) if after else None
    if old and new:
        differing = [name for name in new if new[name] != old[name]]
        if not differing:
            return None
        # Only differing fields, so an undo keeps another person's later change of the others.
        old, new = {n: old[n] for n in differing}, {n: new[n] for n in differing}
    return Change("budget", known.id, old, new)


def _find_target(scope: Scope, words: BudgetWords, names: Mapping[str, str]) -> str:
    """Return the scope of entries that the words name."""
    if not words.scope:
        return TOTAL
    own = scope.settings.categories
    target = find_scope(words.scope, names, own)
    if target is None:
        near = near_scopes(words.scope, names, own)
        raise InputError(
            "budget_unknown",
            words=words.scope,
            near=tuple(near),
            amount=words.amount,
            per=words.per,
        )
    return target


def _build_budget(scope: Scope, target: str, words: BudgetWords, before: Budget | None) -> Budget:
    currency = scope.settings.currency
    if words.currency not in (None, currency):
        raise InputError("budget_currency", given=words.currency, currency=currency)
    assert words.amount is not None
    amount = round_to_minor(words.amount, currency)
    if not 0 < amount <= AMOUNT_MAX:
        raise InputError("budget_amount", amount=words.amount)
    limit = Money(amount, currency)
    # One that came from a merged ledger keeps the id that it got there.
    budget_id = before.id if before else _id(scope.ledger.id, target)
    return Budget(budget_id, scope.ledger.id, target, limit, words.per)


def _id(ledger_id: int, scope: str) -> str:
    """Return the id of the one budget of a scope, so that two who set it at once set the same."""
    return uuid5(NAMESPACE_OID, f"budget:{ledger_id}:{scope}").hex


def _put(
    scope: Scope, before: Budget | None, after: Budget | None, *, operation_id: str
) -> BudgetSet:
    change = budget_change(before, after)
    if change:
        operation = Operation(operation_id, scope.ledger.id, scope.actor, "budget", scope.now)
        scope.repositories.operations.record(operation, [change])
    if after is None:
        assert before is not None
        scope.repositories.budgets.remove(scope.ledger.id, before.id, scope.now)
        state = Sums(scope, scope.today).state(before)
        return BudgetSet(state, before, removed=True)
    scope.repositories.budgets.put(after, scope.now)
    return BudgetSet(_settle_silently(scope, after), before)


def _settle_silently(scope: Scope, budget: Budget) -> BudgetState:
    """Bring the alerts of a budget in line with a new limit; the answer shows its state."""
    state = Sums(scope, scope.today).state(budget)
    settle(scope, [state])
    return state


def _of_fields(budget_id: str, ledger_id: int, fields: Mapping[str, Any]) -> Budget:
    limit = Money.of_minor(fields["limit_minor"], fields["currency"])
    return Budget(budget_id, ledger_id, fields["scope"], limit, fields["per"])


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums of budgets on one day, each queried once."""

    scope: Scope
    today: date
    known: dict[tuple[str, Period, str], int] = field(default_factory=dict)

    def state(self, budget: Budget) -> BudgetState:
        """Return the state of a budget in its running period."""
        period = period_of(budget, self.scope.settings, self.today)
        currency = budget.limit.currency
        spent = Money.of_minor(self._spent(budget.scope, period, currency), currency)
        is_foreign = currency != self.scope.settings.currency
        return BudgetState(budget, period, spent, self.today, is_foreign=is_foreign)

    def _spent(self, target: str, period: Period, currency: str) -> int:
        key = (target, period, currency)
        if key not in self.known:
            ids = categories_of(target, self.scope.settings.categories)
            # A budget from before a change of the ledger's currency has no base amounts to count.
            typed_in = None if currency == self.scope.settings.currency else currency
            self.known[key] = self.scope.repositories.entries.spent(
                self.scope.ledger.id, ids, period, typed_in=typed_in
            )
        return self.known[key]


def states_of(live: Sequence[Budget], sums: Sums, entry: Entry) -> tuple[BudgetState, ...]:
    """Return the running budgets among these that an entry counts in, the narrowest first."""
    return tuple(
        state
        for budget in sorted(live, key=width)
        if covers(budget.scope, entry.category)
        if part_of(entry, budget, period_of(budget, sums.scope.settings, sums.today))
        for state in (sums.state(budget),)
    )


def part_of(entry: Entry | None, budget: Budget, period: Period) -> int:
    """Return what an entry adds to a budget in a period, in minor units."""
    if entry is None or entry.deleted_at is not None or entry.type != "expense":
        return 0
    if not period.contains(entry.spent_on) or not covers(budget.scope, entry.category):
        return 0
    # An entry without a rate has no base; it counts where its own currency is the budget's.
    stated = entry.base.money if entry.base else entry.money
    counted = next(
        (money for money in (stated, entry.money) if money.currency == budget.limit.currency), None
    )
    return counted.minor if counted else 0


def _sum(totals: Sequence[Total], scope: str) -> int:
    return sum(
        total.minor
        for total in totals
        if total.type == "expense" and total.currency is None and covers(scope, total.category)
    )
