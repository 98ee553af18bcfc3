"""`/undo` and `/redo`: the last change of this chat by this person."""

from __future__ import annotations

from telegram import Update

from handlers.context import Context
from handlers.refreshing import refresh
from handlers.responding import tell
from ports.answers import Nothing, Reversed


async def undo(update: Update, context: Context) -> None:
    """Take the last change back, and let the confirmations of its entries follow."""
    answer = await context.run(context.services.history.undo)
    await _tell(context, answer)


async def redo(update: Update, context: Context) -> None:
    """Make the change again that was taken back last."""
    answer = await context.run(context.services.history.redo)
    await _tell(context, answer)


async def _tell(context: Context, answer: Reversed | Nothing) -> None:
    if isinstance(answer, Reversed) and answer.settings:
        # Nothing about an entry changed but how it counts in the ledger's currency.
        context.settings_changed(answer.settings)
        tell(context.responder, answer)
        return
    tell(context.responder, answer)
    if isinstance(answer, Reversed):
        await refresh(context, answer.entries)
