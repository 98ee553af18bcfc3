"""`/budget` and `/budgets`."""

from __future__ import annotations

from telegram import Update

from handlers.context import Context
from handlers.voice import Voice
from ledger.errors import InputError
from ledger.text import BudgetWords, parse_budget
from looks import views
from looks.tongue import tongue_for
from ports.answers import BudgetChoice, BudgetSet, BudgetsShown
from ports.books import Books, Chat
from services.budgets import set_budget, show
from services.ids import new_id

BudgetAnswer = BudgetSet | BudgetChoice | BudgetsShown


async def budget(update: Update, context: Context) -> None:
    """Set, change, remove or show a budget; without words all of them are shown."""

    def work(books: Books, chat: Chat) -> BudgetAnswer:
        if not context.words:
            return show(books, chat, context.now)
        words = parse_budget(context.words, context.written(chat, context.words).context())
        if words is None:
            raise InputError("budget_words", words=context.words)
        return set_by(books, chat, context, words)

    answer = await context.run(work)
    tell_budget(context.voice, answer)


async def budgets(update: Update, context: Context) -> None:
    """Show how all budgets stand, with a picture."""
    shown = await context.run(lambda books, chat: show(books, chat, context.now))
    tell_budget(context.voice, shown)


def set_by(books: Books, chat: Chat, context: Context, words: BudgetWords) -> BudgetAnswer:
    """Set a budget as this update's act."""
    return set_budget(
        books,
        chat,
        context.person.id,
        words,
        act_id=new_id(context.now),
        now=context.now,
        names=tongue_for(chat.settings).scope_names(),
    )


def tell_budget(voice: Voice, answer: BudgetAnswer, *, edits: str | None = None) -> None:
    """Say what became of a budget."""
    match answer:
        case BudgetSet():
            reply = views.budget_set(answer, voice.t)
        case BudgetChoice():
            reply = views.budget_choice(answer, voice.t)
        case BudgetsShown():
            reply = views.budgets(answer, voice.t, today=voice.today)
    voice.say(reply, edits=edits)
