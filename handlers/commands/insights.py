"""Show insights, and keep the instruction by which a model phrases them (`/insights`)."""

from __future__ import annotations

from telegram import Update

from handlers.context import Context
from replies.responding import respond

_PROMPT = ("prompt", "anweisung")
"""Words behind the command that lead to the instruction, in the languages of the interface."""


async def insights(update: Update, context: Context) -> None:
    """Show insights; `prompt` shows their instruction, and further words set it."""
    first, _, words = context.arguments.partition(" ")
    if first.casefold() not in _PROMPT:
        await context.answer(context.services.insights.show)
    elif words.strip():
        await change_wording(context, words)
    else:
        await context.answer(context.services.insights.show_wording)


async def change_wording(context: Context, words: str, *, edits: str | None = None) -> None:
    """Set the instruction, or delete it where there are no words."""
    shown, settings = await context.run(context.services.insights.set_wording, words)
    context.use_settings(settings)
    respond(context.responder, shown, edits=edits)
