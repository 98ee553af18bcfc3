"""Answer edited messages, which the ledger does not follow."""

from __future__ import annotations

from telegram import Update

from handlers.context import Context, kind_of
from presentation import views
from services.entries.edits import made_entries


async def edited_message(update: Update, context: Context) -> None:
    """Explain that edits are not followed; in a group only where the message made an entry."""
    message = update.edited_message
    # A live location moves by edits without a text.
    if message is None or not context.text:
        return
    made = await context.run(made_entries, message.chat.id, message.message_id)
    if made or kind_of(message.chat) == "private":
        context.responder.reply(views.edit_not_followed(context.responder.t, made=made))
