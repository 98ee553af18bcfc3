"""Show the questions that wait for an answer (`/open`)."""

from __future__ import annotations

from telegram import Update

from handlers.context import Context


async def open_questions(update: Update, context: Context) -> None:
    """List the open questions, each with its buttons."""
    await context.answer(context.services.questions.list_open)
