"""`/recurring` and `/remind`."""

from __future__ import annotations

from telegram import Update

from handlers.context import Context


async def recurring(update: Update, context: Context) -> None:
    """Make a series of the words behind the command; without any all series are shown."""
    series = context.services.series
    await context.answer(lambda scope: series.by_words(scope, context.incoming(context.arguments)))


async def remind(update: Update, context: Context) -> None:
    """Remind of a series or of a bill."""
    series = context.services.series
    await context.answer(lambda scope: series.remind(scope, context.incoming(context.arguments)))
