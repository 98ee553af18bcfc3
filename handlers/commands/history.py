"""Undo and redo the last change of this user in this chat."""

from __future__ import annotations

from telegram import Update

from handlers.context import Context


async def undo(update: Update, context: Context) -> None:
    """Take the last change back; the confirmations of its entries follow."""
    await context.answer(context.services.history.undo)


async def redo(update: Update, context: Context) -> None:
    """Repeat the change that was taken back last."""
    await context.answer(context.services.history.redo)
