"""`/budget` and `/budgets`."""

from __future__ import annotations

from telegram import Update

from handlers.context import Context
from ledger.errors import InputError
from ledger.text import BudgetWords, parse_budget
from ports.answers import BudgetChoice, BudgetSet, BudgetsShown
from presentation.localizer import localizer_for
from replies.responding import respond
from services.ids import new_id
from services.reporting.budgets import set_budget, show
from services.scope import Scope

BudgetAnswer = BudgetSet | BudgetChoice | BudgetsShown


async def budget(update: Update, context: Context) -> None:
    """Set, change, remove or show a budget; without words all of them are shown."""

    def work(scope: Scope) -> BudgetAnswer:
        if not context.words:
            return show(scope)
        words = parse_budget(
            context.words, context.incoming(scope, context.words).context(scope.settings)
        )
        if words is None:
            raise InputError("budget_words", words=context.words)
        return set_by(scope, words)

    answer = await context.run(work)
    respond(context.responder, answer)


async def budgets(update: Update, context: Context) -> None:
    """Show how all budgets stand, with a picture."""
    shown = await context.run(show)
    respond(context.responder, shown)


def set_by(scope: Scope, words: BudgetWords) -> BudgetAnswer:
    """Set a budget as this update's act."""
    return set_budget(
        scope,
        words,
        operation_id=new_id(scope.now),
        names=localizer_for(scope.settings).scope_names(),
    )
