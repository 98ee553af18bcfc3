"""`/budget` and `/budgets`."""

from __future__ import annotations

from telegram import Update

from handlers.context import Context
from handlers.responder import ChatResponder
from ledger.errors import InputError
from ledger.text import BudgetWords, parse_budget
from ports.answers import BudgetChoice, BudgetSet, BudgetsShown
from ports.repositories import Chat, Repositories
from presentation import views
from presentation.localizer import localizer_for
from services.budgets import set_budget, show
from services.ids import new_id

BudgetAnswer = BudgetSet | BudgetChoice | BudgetsShown


async def budget(update: Update, context: Context) -> None:
    """Set, change, remove or show a budget; without words all of them are shown."""

    def work(repositories: Repositories, chat: Chat) -> BudgetAnswer:
        if not context.words:
            return show(repositories, chat, context.now)
        words = parse_budget(context.words, context.written(chat, context.words).context())
        if words is None:
            raise InputError("budget_words", words=context.words)
        return set_by(repositories, chat, context, words)

    answer = await context.run(work)
    tell_budget(context.responder, answer)


async def budgets(update: Update, context: Context) -> None:
    """Show how all budgets stand, with a picture."""
    shown = await context.run(lambda repositories, chat: show(repositories, chat, context.now))
    tell_budget(context.responder, shown)


def set_by(
    repositories: Repositories, chat: Chat, context: Context, words: BudgetWords
) -> BudgetAnswer:
    """Set a budget as this update's act."""
    return set_budget(
        repositories,
        chat,
        context.person.id,
        words,
        act_id=new_id(context.now),
        now=context.now,
        names=localizer_for(chat.settings).scope_names(),
    )


def tell_budget(
    responder: ChatResponder, answer: BudgetAnswer, *, edits: str | None = None
) -> None:
    """Say what became of a budget."""
    match answer:
        case BudgetSet():
            reply = views.budget_set(answer, responder.t)
        case BudgetChoice():
            reply = views.budget_choice(answer, responder.t)
        case BudgetsShown():
            reply = views.budgets(answer, responder.t, today=responder.today)
    responder.reply(reply, edits=edits)
