"""Answer calls about budgets; a change is an operation, and the chat is told of it."""

from __future__ import annotations

from datetime import timedelta

from ledger.budgets.budget import TOTAL, Budget
from ledger.errors import InputError, NotFoundError
from ledger.periods.period import Period
from ledger.text import BudgetWords
from ports.answers import BudgetSet
from replies.names import list_scope_names
from services.ids import new_id
from services.reporting import budgets
from services.reporting.budget_states import Sums
from services.scope import Scope
from web.api.calls import Call, Outcome, Reply, with_etag
from web.api.figure_models import ALL, show_budget, show_budgets
from web.api.models.budgets import BudgetPage, BudgetPatch, BudgetQuery, NewBudget
from web.api.routes import NoQuery


async def list_budgets(call: Call[NoQuery, None]) -> Reply:
    """Return every budget with its state today."""

    def read(scope: Scope) -> BudgetPage:
        return BudgetPage(items=show_budgets(budgets.show(scope).states, scope.settings))

    return Reply(await call.read(read))


async def get_budget(call: Call[NoQuery, None]) -> Reply:
    """Return one budget with its state today."""

    def read(scope: Scope) -> Reply:
        budget = _find(scope, call.id("budget_id"))
        return Reply(show_budget(Sums(scope, scope.today).state(budget), scope.settings))

    return with_etag(await call.read(read))


async def set_budget(call: Call[NoQuery, NewBudget]) -> Reply:
    """Set the budget of a scope and a kind of period."""
    given = call.body
    words = BudgetWords(
        scope=_scope_words(given.scope),
        amount=given.amount,
        currency=given.currency,
        per=given.per,
        carry=given.carry,
        trip=_trip(given),
    )
    return await call.write(lambda scope: _set(scope, words))


async def change_budget(call: Call[NoQuery, BudgetPatch]) -> Reply:
    """Change amount, currency or carry of a budget."""
    given = call.body

    def write(scope: Scope) -> Outcome:
        budget = _find(scope, call.id("budget_id"))
        current = show_budget(Sums(scope, scope.today).state(budget), scope.settings)
        call.check_match(current)
        words = BudgetWords(
            scope=budget.scope,
            amount=budget.limit.amount if given.amount is None else given.amount,
            currency=given.currency or budget.limit.currency,
            per=budget.per,
            carry=given.carry,
            trip=budget.trip,
        )
        return _set(scope, words)

    return await call.write(write)


async def remove_budget(call: Call[BudgetQuery, None]) -> Reply:
    """Remove the budget of a scope."""
    words = BudgetWords(scope=_scope_words(call.query.scope), per=call.query.per, off=True)
    return await call.write(lambda scope: _remove(scope, words))


async def delete_budget(call: Call[NoQuery, None]) -> Reply:
    """Remove one budget."""

    def write(scope: Scope) -> Outcome:
        budget = _find(scope, call.id("budget_id"))
        call.check_match(show_budget(Sums(scope, scope.today).state(budget), scope.settings))
        words = BudgetWords(scope=budget.scope, per=budget.per, trip=budget.trip, off=True)
        return _remove(scope, words)

    return await call.write(write)


def _set(scope: Scope, words: BudgetWords) -> Outcome:
    answer = budgets.set_budget(
        scope, words, operation_id=new_id(scope.now), names=list_scope_names(scope.settings)
    )
    assert isinstance(answer, BudgetSet), "an amount was given"
    reply = Reply(show_budget(answer.state, scope.settings))
    return Outcome(with_etag(reply), answer)


def _remove(scope: Scope, words: BudgetWords) -> Outcome:
    try:
        answer = budgets.set_budget(
            scope, words, operation_id=new_id(scope.now), names=list_scope_names(scope.settings)
        )
    except InputError as error:
        if error.message_id == "budget_none":
            raise NotFoundError("no_budget") from error
        raise
    if not isinstance(answer, BudgetSet):
        raise InputError("budget_several")
    return Outcome(Reply(status=204), answer)


def _find(scope: Scope, budget_id: str) -> Budget:
    live = scope.repositories.budgets.list_all(scope.ledger.id)
    found = next((one for one in live if one.id == budget_id), None)
    if found is None:
        raise NotFoundError("no_budget")
    return found


def _scope_words(words: str) -> str:
    return TOTAL if words.strip().casefold() == ALL else words


def _trip(given: NewBudget) -> Period | None:
    if given.first is None or given.last is None:
        return None
    if given.last < given.first:
        raise InputError("budget_trip_dates")
    return Period(given.first, given.last + timedelta(days=1), "trip")
