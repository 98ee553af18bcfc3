"""Follow edited messages and captions."""

from __future__ import annotations

from telegram import Update

from handlers.context import Context
from replies.announcing import start_rereading
from replies.responding import respond_followed
from services.scope import Scope
from services.texts.edits import Followed
from services.texts.incoming_text import IncomingText


async def edited_message(update: Update, context: Context) -> None:
    """Let the entries of an edited message follow its text."""
    message = update.edited_message
    # A live location moves by edits, and the caption of a voice note is not its words.
    if message is None or message.voice or not (context.text or message.effective_attachment):
        return
    incoming, followed = await context.run(_follow, context)
    respond_followed(context.responder, followed.answer, followed.withdrawn)
    start_rereading(context.responder, incoming, followed.answer)


def _follow(scope: Scope, context: Context) -> tuple[IncomingText, Followed]:
    message, services = context.message, context.services
    incoming = context.incoming(context.text)
    if message.photo or message.document:
        followed = services.recaptioning.follow(scope, incoming)
        if followed is not None:
            return incoming, followed
    if not incoming.text:
        return incoming, Followed()
    return incoming, services.edits.follow(scope, incoming, context.reply_to)
