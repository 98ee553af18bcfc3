"""Set and show budgets.

A ledger has one budget per scope and kind of period, and one per scope and trip; setting it again
changes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import count
from uuid import NAMESPACE_OID, uuid5

from ledger.budgets.budget import (
    TOTAL,
    Budget,
    BudgetState,
    Carry,
    LimitStep,
    budget_fields,
    budget_with_fields,
)
from ledger.budgets.scopes import PERSON, TAG, categories_of, find_scope, near_scopes, tag_key
from ledger.entries.changes import Change, Operation
from ledger.errors import InputError
from ledger.money import AMOUNT_MAX, Money, round_to_minor
from ledger.periods.period import Period
from ledger.settings import Per
from ledger.text.model import BudgetWords
from ports.answers import BudgetChoice, BudgetSet, BudgetsShown, WhichBudget
from services.reporting.alerts import settle
from services.reporting.budget_states import Sums, period_of
from services.reporting.card_schedule import refresh_card
from services.reporting.trips import find_trip
from services.scope import Scope

ListNear = Callable[[str, str], Sequence[str]]
"""Returns the categories that words in a language may be spent in, likeliest first."""

BudgetAnswer = BudgetSet | BudgetChoice | BudgetsShown | WhichBudget


def set_budget(
    scope: Scope,
    words: BudgetWords,
    *,
    operation_id: str,
    names: Mapping[str, str] | None = None,
    list_near: ListNear | None = None,
) -> BudgetAnswer:
    """Set, change, remove or show a budget by the words of `/budget`.

    `names` maps the chat's names of categories (and groups) to ids. Without words all budgets are
    shown; a scope without an amount shows its budgets, or offers its categories when it has none.
    `list_near` returns the categories that words in a language may be spent in; they are offered
    where the words name nothing.

    Raises:
        InputError: `budget_unknown` (`words`, `near`, `people`, `typed`), `budget_amount`
            (zero or too large), `budget_none` (`scope`; nothing to remove), `budget_trip_dates`
            (no dates given or known), `budget_trip_carry` (nothing follows a trip).
    """
    target = _find_target(scope, words, names or {}, list_near)
    same = [
        one for one in scope.repositories.budgets.list_all(scope.ledger.id) if one.scope == target
    ]
    named = [one for one in same if words.per in (None, one.per)]
    if words.off:
        return _remove(scope, target, named, words, operation_id)
    if words.amount is not None:
        after, before = _build_budget(scope, target, words, same)
        return _put(scope, before, after, operation_id=operation_id)
    if words.carry is not None and named:
        # Of several the monthly one is meant, as where no period is said.
        before = next((one for one in named if one.per == "month"), named[0])
        after = _carrying(scope, before, before.limit, words.carry, before)
        return _put(scope, before, after, operation_id=operation_id)
    if not (words.scope or words.per):
        return show(scope)
    if not named:
        return BudgetChoice(target, tuple(c for c in _offered(target) if c), _person(scope, target))
    sums = Sums(scope, scope.today)
    return BudgetsShown(tuple(sums.state(one) for one in named), scope.settings)


def find_other_currencies(scope: Scope) -> tuple[str, ...]:
    """Return the currencies of live budgets that are not the ledger's, in order."""
    live = scope.repositories.budgets.list_all(scope.ledger.id)
    return tuple(sorted({one.limit.currency for one in live} - {scope.settings.currency}))


def show(scope: Scope) -> BudgetsShown:
    """Return the state of every budget today, the total first, then by scope."""
    sums = Sums(scope, scope.today)
    live = scope.repositories.budgets.list_all(scope.ledger.id)
    return BudgetsShown(tuple(sums.state(budget) for budget in live), scope.settings)


def pick(scope: Scope, target: str) -> BudgetAnswer:
    """Show the budgets of a scope that was picked, or explain how to set one."""
    if target == TOTAL:
        return BudgetChoice(TOTAL, ())
    return set_budget(scope, BudgetWords(target), operation_id="")


def apply_budget_change(scope: Scope, change: Change) -> BudgetState | None:
    """Write one change of a budget (undo, redo); return its state, None when it is removed.

    A change of a budget that somebody removed meanwhile leaves it removed, and one that somebody
    set again meanwhile stays the only one of its scope and period.
    """
    live = scope.repositories.budgets.list_all(scope.ledger.id)
    current = next((one for one in live if one.id == change.subject_id), None)
    if change.after is None:
        scope.repositories.budgets.remove(scope.ledger.id, change.subject_id, scope.now)
        refresh_card(scope)
        return None
    # Somebody removed it since; an undo must not bring back a budget by surprise.
    if current is None and change.before is not None:
        return None
    fields = (budget_fields(current) if current else {}) | change.after
    budget = budget_with_fields(change.subject_id, scope.ledger.id, fields)
    same = [one for one in live if one.scope == budget.scope and one.id != budget.id]
    if _find_same(same, budget.per, budget.trip):
        return None
    scope.repositories.budgets.put(budget, scope.now)
    return _settle_silently(scope, budget)


def removed_state(scope: Scope, change: Change) -> BudgetState:
    """Return the state of a budget that a change removes."""
    assert change.before is not None
    budget = budget_with_fields(change.subject_id, scope.ledger.id, change.before)
    return Sums(scope, scope.today).state(budget)


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


def _find_target(
    scope: Scope, words: BudgetWords, names: Mapping[str, str], list_near: ListNear | None
) -> str:
    """Return the scope of entries that the words name."""
    if not words.scope:
        return TOTAL
    if words.scope.startswith(TAG):
        return f"{TAG}{tag_key(words.scope)}"
    own = scope.settings.categories
    target = None if words.scope.startswith(PERSON) else find_scope(words.scope, names, own)
    if target is not None:
        return target
    people = {
        f"{PERSON}{one.user_id}": one for one in scope.repositories.chats.members(scope.ledger.id)
    }
    if words.scope in people:
        return words.scope
    called = words.scope.removeprefix(PERSON).casefold()
    found = [
        known
        for known, one in people.items()
        if called in ((one.username or "").casefold(), *_spellings(one.name))
    ]
    if len(found) == 1:
        return found[0]
    if not found and any(char.isdigit() for char in words.scope) and " " in words.scope:
        # `groceries 250 week extra words` is a budget that nobody can read rather than a name.
        raise InputError("budget_words", words=words.scope)
    near = found or list(near_scopes(words.scope, names, own))
    if list_near and not found:
        near += list_near(words.scope, scope.settings.language)
    raise InputError(
        "budget_unknown",
        words=words.scope,
        near=tuple(dict.fromkeys(near)),
        people={known: one.name for known, one in people.items()},
        typed=words,
    )


def _spellings(name: str) -> Iterator[str]:
    """Give a whole name and its first part."""
    yield name.casefold()
    yield name.casefold().partition(" ")[0]


def _offered(target: str) -> tuple[str, ...]:
    """Return the categories to pick from; a tag or a person has none."""
    return () if target.startswith((TAG, PERSON)) else categories_of(target)


def _person(scope: Scope, target: str) -> str:
    return Sums(scope, scope.today).person(target)


def _remove(
    scope: Scope, target: str, named: Sequence[Budget], words: BudgetWords, operation_id: str
) -> BudgetSet | WhichBudget:
    if words.trip is not None:
        found = _find_same(named, "trip", words.trip)
        named = [found] if found else []
    if not named:
        raise InputError("budget_none", scope=target, person=_person(scope, target))
    if len(named) > 1:
        sums = Sums(scope, scope.today)
        return WhichBudget(tuple(sums.state(one) for one in named))
    return _put(scope, named[0], None, operation_id=operation_id)


def _build_budget(
    scope: Scope, target: str, words: BudgetWords, same: Sequence[Budget]
) -> tuple[Budget, Budget | None]:
    """Return the budget that the words set, and the one that it changes."""
    per = words.per or "month"
    trip = _trip(scope, words) if per == "trip" else None
    before = _find_same(same, per, trip)
    currency = words.currency or scope.settings.currency
    assert words.amount is not None
    limit = Money(round_to_minor(words.amount, currency), currency)
    carry = words.carry or (before.carry if before else "none")
    if not 0 <= limit.amount <= AMOUNT_MAX or (not limit.amount and carry in ("none", "overspend")):
        raise InputError("budget_amount", amount=words.amount)
    # One that came from a merged ledger keeps the id that it got there.
    known = before.id if before else _new_id(scope, target, per, trip)
    plain = Budget(known, scope.ledger.id, target, limit, per, trip=trip)
    return _carrying(scope, plain, limit, carry, before), before


def _trip(scope: Scope, words: BudgetWords) -> Period:
    trip = words.trip or find_trip(scope)
    if trip is None:
        raise InputError("budget_trip_dates")
    if words.carry not in (None, "none"):
        raise InputError("budget_trip_carry")
    return trip


def _carrying(
    scope: Scope, budget: Budget, limit: Money, carry: Carry, before: Budget | None
) -> Budget:
    """Return a budget with a limit and a carry that hold from its running period on.

    Earlier periods keep theirs. A change of the currency begins again, as rests are in the old one.
    """
    if carry == "none":
        return replace(budget, limit=limit, carry=carry, carry_from=None, steps=())
    if budget.per == "trip":
        raise InputError("budget_trip_carry")
    start = period_of(budget, scope.settings, scope.today).start
    if before is None or before.carry_from is None or before.limit.currency != limit.currency:
        return replace(budget, limit=limit, carry=carry, carry_from=start, steps=())
    steps = _steps(before, limit, carry, start)
    return replace(budget, limit=limit, carry=carry, carry_from=before.carry_from, steps=steps)


def _steps(before: Budget, limit: Money, carry: Carry, start: date) -> tuple[LimitStep, ...]:
    """Keep the limit and carry that held until a period, once for all changes within it."""
    is_same = (before.limit.minor, before.carry) == (limit.minor, carry)
    is_kept = before.steps and before.steps[-1].until >= start
    if is_same or is_kept or before.carry_from == start:
        return before.steps
    return (*before.steps, LimitStep(start, before.limit.minor, before.carry))


def _find_same(same: Sequence[Budget], per: Per, trip: Period | None) -> Budget | None:
    """Return the budget of a kind of period; of trips the one whose days overlap."""
    for one in same:
        if one.per != per:
            continue
        if trip is None or one.trip is None:
            return one
        if one.trip.start < trip.end and trip.start < one.trip.end:
            return one
    return None


def _new_id(scope: Scope, target: str, per: Per, trip: Period | None) -> str:
    """Return the id of a new budget, so that two who set it at once set the same."""
    taken = {one.id for one in scope.repositories.budgets.list_all(scope.ledger.id)}
    name = f"budget:{scope.ledger.id}:{target}:{per}"
    if trip is not None:
        name = f"{name}:{trip.start.isoformat()}"
    # The trip that began on this day may have been moved to others since.
    ids = (uuid5(NAMESPACE_OID, f"{name}:{n}" if n else name).hex for n in count())
    return next(one for one in ids if one not in taken)


def _put(
    scope: Scope, before: Budget | None, after: Budget | None, *, operation_id: str
) -> BudgetSet:
    change = budget_change(before, after)
    if change:
        operation = Operation(
            operation_id, scope.ledger.id, scope.actor, "budget", scope.now, via=scope.via
        )
        scope.repositories.operations.record(operation, [change])
    if after is None:
        assert before is not None
        scope.repositories.budgets.remove(scope.ledger.id, before.id, scope.now)
        refresh_card(scope)
        state = Sums(scope, scope.today).state(before)
        return BudgetSet(state, before, removed=True)
    scope.repositories.budgets.put(after, scope.now)
    return BudgetSet(_settle_silently(scope, after), before, others=_others(scope, after))


def _others(scope: Scope, budget: Budget) -> tuple[BudgetState, ...]:
    """Return the states of the other budgets over the same spending."""
    sums = Sums(scope, scope.today)
    live = scope.repositories.budgets.list_all(scope.ledger.id)
    return tuple(
        sums.state(one) for one in live if one.scope == budget.scope and one.id != budget.id
    )


def _settle_silently(scope: Scope, budget: Budget) -> BudgetState:
    """Bring the alerts of a budget in line with a new limit; the answer shows its state."""
    state = Sums(scope, scope.today).state(budget)
    settle(scope, [state])
    return state
