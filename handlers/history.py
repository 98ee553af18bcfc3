"""`/undo` and `/redo`: the last change of this user in this chat."""

from __future__ import annotations

from telegram import Update

from handlers.context import Context
from replies.responding import respond


async def undo(update: Update, context: Context) -> None:
    """Take the last change back, and let the confirmations of its entries follow."""
    answer = await context.run(context.services.history.undo)
    respond(context.responder, answer)


async def redo(update: Update, context: Context) -> None:
    """Repeat the change that was taken back last."""
    answer = await context.run(context.services.history.redo)
    respond(context.responder, answer)
