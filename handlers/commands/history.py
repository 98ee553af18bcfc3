"""Undo and redo the last change of this user in this chat."""

from __future__ import annotations

from telegram import Update

from handlers.context import Context
from ledger.errors import InputError


async def undo(update: Update, context: Context) -> None:
    """Take the last change back; the confirmations of its entries follow."""
    _refuse_words(context, "undo")
    await context.answer(context.services.history.undo)


async def redo(update: Update, context: Context) -> None:
    """Repeat the change that was taken back last."""
    _refuse_words(context, "redo")
    await context.answer(context.services.history.redo)


def _refuse_words(context: Context, command: str) -> None:
    # `/undo 5` may ask for five changes or for the entry of 5.00, and would get neither.
    if context.arguments:
        raise InputError("only_one_change", command=command)
