"""Handle `/budget` and `/budgets`."""

from __future__ import annotations

from telegram import Update

from handlers.context import Context
from ledger.errors import InputError
from ledger.text import BudgetWords, parse_budget
from ports.answers import BudgetHelp
from replies.names import list_scope_names
from services.ids import new_id
from services.reporting.budgets import BudgetAnswer, ListNear, set_budget, show
from services.scope import Scope
from services.texts.incoming_text import IncomingText


async def budget(update: Update, context: Context) -> None:
    """Set, change, remove or show a budget; without arguments explain how."""
    near = context.services.categorisation.list_near
    await context.answer(
        lambda scope: read_budget(scope, context.incoming(context.arguments), near)
    )


async def budgets(update: Update, context: Context) -> None:
    """Show all budgets, with a picture."""
    await context.answer(show)


def read_budget(
    scope: Scope, incoming: IncomingText, list_near: ListNear
) -> BudgetAnswer | BudgetHelp:
    """Run `/budget` with its arguments. Raises `InputError` for arguments without a meaning."""
    if not incoming.text:
        return BudgetHelp()
    words = parse_budget(incoming.text, incoming.context(scope.settings))
    if words is None:
        raise InputError("budget_words", words=incoming.text)
    names = list_scope_names(scope.settings)
    return set_budget(
        scope, words, operation_id=new_id(scope.now), names=names, list_near=list_near
    )


def change_budget(scope: Scope, words: BudgetWords) -> BudgetAnswer:
    """Set, change or remove a budget as an operation of its own."""
    names = list_scope_names(scope.settings)
    return set_budget(scope, words, operation_id=new_id(scope.now), names=names)
