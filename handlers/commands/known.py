"""List the commands, for messages that begin with a slash and for buttons that run one."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Update

from handlers.commands.budgets import budget, budgets
from handlers.commands.export import export
from handlers.commands.history import redo, undo
from handlers.commands.insights import insights
from handlers.commands.questions import ask, open_questions
from handlers.commands.rates import rate
from handlers.commands.recurring import recurring, remind
from handlers.commands.start import dashboard, forget, help_topic, settings, start
from handlers.commands.summary import find, list_entries, summary
from handlers.context import Context
from handlers.messages.imports import import_command
from handlers.messages.text import add, income

COMMANDS: dict[str, Callable[[Update, Context], Coroutine[Any, Any, None]]] = {
    "start": start,
    "help": help_topic,
    "add": add,
    "income": income,
    "summary": summary,
    "list": list_entries,
    "find": find,
    "undo": undo,
    "redo": redo,
    "open": open_questions,
    "ask": ask,
    "budget": budget,
    "budgets": budgets,
    "rate": rate,
    "recurring": recurring,
    "remind": remind,
    "insights": insights,
    "export": export,
    "import": import_command,
    "dashboard": dashboard,
    "settings": settings,
    "forget": forget,
}
"""Commands that are there; a test compares their names with those that a typing error may mean."""


async def run_command(context: Context, name: str, words: str) -> None:
    """Run a command with the words that stood behind its misspelt name."""
    context.given_arguments = words
    assert isinstance(context.received, Update), "a command is pressed or has an entity"
    await COMMANDS[name](context.received, context)
