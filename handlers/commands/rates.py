"""Show and set exchange rates (`/rate`)."""

from __future__ import annotations

from telegram import Update

from handlers.context import Context


async def rate(update: Update, context: Context) -> None:
    """Set, remove or show a chat's own rate; without arguments the rates in use are shown."""
    rates = context.services.rates
    await context.answer(lambda scope: rates.by_words(scope, context.incoming(context.arguments)))
