"""Take typed texts, replies, `/add`, `/income`, and messages without words."""

from __future__ import annotations

from dataclasses import replace

from telegram import Update

from handlers.context import Context
from ports.answers import Captured, Refused
from replies.announcing import start_rereading
from replies.responding import respond
from services.scope import Scope
from services.texts.conversation import Answer as ConversationAnswer
from services.texts.incoming_text import IncomingText


async def text_message(update: Update, context: Context) -> None:
    """Book a text, or take it as the answer to the message that it replies to."""
    incoming, answer = await context.run(_converse, context)
    respond(context.responder, answer)
    start_rereading(context.responder, incoming, answer)


async def add(update: Update, context: Context) -> None:
    """Book the text after `/add`, with no test for chatter."""
    await context.answer(_capture, context)


async def income(update: Update, context: Context) -> None:
    """Book the text after `/income` as income, whatever its words."""
    await context.answer(_capture, context, income=True)


async def wordless(update: Update, context: Context) -> None:
    """Answer a sticker or a video, which holds nothing to book; silence would look like a fault."""
    await context.answer(lambda scope: Captured(refused=(Refused("", "empty", {}),)))


def _converse(scope: Scope, context: Context) -> tuple[IncomingText, ConversationAnswer]:
    # The chat's settings, which say how its words are read, are known only inside the unit.
    incoming = context.incoming(context.text)
    return incoming, context.services.conversation.answer(scope, incoming, context.reply_to)


def _capture(scope: Scope, context: Context, *, income: bool = False) -> Captured:
    incoming = context.incoming(context.arguments, command=True)
    return context.services.capture.from_text(scope, replace(incoming, income=income))
