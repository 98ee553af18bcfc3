"""Take typed texts, replies, `/add`, `/income`, and messages without words."""

from __future__ import annotations

from dataclasses import replace

from telegram import Update

from handlers.context import Context
from ports.answers import Captured, Refused
from replies.announcing import start_rereading
from replies.responding import respond
from services.scope import Scope


async def text_message(update: Update, context: Context) -> None:
    """Book a text, or take it as the answer to the message that it replies to."""
    conversation = context.services.conversation
    answer = await context.run(
        lambda scope: conversation.answer(scope, context.incoming(context.text), context.reply_to)
    )
    respond(context.responder, answer)
    start_rereading(context.responder, context.incoming(context.text), answer)


async def add(update: Update, context: Context) -> None:
    """Book the text after `/add`, with no test for chatter."""
    await context.answer(_capture, context)


async def income(update: Update, context: Context) -> None:
    """Book the text after `/income` as income, whatever its words."""
    await context.answer(_capture, context, income=True)


async def wordless(update: Update, context: Context) -> None:
    """Answer a sticker or a video, which holds nothing to book; silence would look like a fault."""
    await context.answer(lambda scope: Captured(refused=(Refused("", "empty", {}),)))


def _capture(scope: Scope, context: Context, *, income: bool = False) -> Captured:
    incoming = context.incoming(context.arguments, command=True)
    return context.services.capture.from_text(scope, replace(incoming, income=income))
