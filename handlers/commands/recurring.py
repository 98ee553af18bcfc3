"""Make and list series of entries (`/recurring` and `/remind`)."""

from __future__ import annotations

from dataclasses import replace

from telegram import Update

from handlers.context import Context
from ports.recurring import SeriesListed
from services.recurring.offers import list_offers
from services.recurring.series import SeriesAnswer
from services.scope import Scope


async def recurring(update: Update, context: Context) -> None:
    """Make a series of the words behind the command; without any all series are shown."""
    await context.answer(_run, context)


def _run(scope: Scope, context: Context) -> SeriesAnswer:
    answer = context.services.series.by_words(scope, context.incoming(context.arguments))
    if isinstance(answer, SeriesListed):
        return replace(answer, offers=list_offers(scope))
    return answer


async def remind(update: Update, context: Context) -> None:
    """Remind of a series or of a bill."""
    series = context.services.series
    await context.answer(lambda scope: series.remind(scope, context.incoming(context.arguments)))
