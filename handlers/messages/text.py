"""Take typed texts, their edits, replies, `/add`, `/income`, and messages without words."""

from __future__ import annotations

from dataclasses import replace

from telegram import Update

from handlers.context import Context
from handlers.routing.plain_text import PlainText
from ledger.recurring.words import names_step
from ports.answers import Captured, Refused
from replies.announcing import start_rereading
from replies.responding import respond, respond_followed
from services.recurring.series import SeriesAnswer
from services.scope import Scope
from services.texts.conversation import Answer as ConversationAnswer
from services.texts.edits import Followed
from services.texts.incoming_text import IncomingText


async def text_message(update: Update | PlainText, context: Context) -> None:
    """Book a text, or take it as the answer to the message that it replies to."""
    incoming, answer = await context.run(_converse, context)
    respond(context.responder, answer)
    start_rereading(context.responder, incoming, answer)


async def add(update: Update, context: Context) -> None:
    """Book the text after `/add`, with no test for chatter."""
    await context.answer(_capture, context)


async def income(update: Update, context: Context) -> None:
    """Book the text after `/income` as income, whatever its words."""
    await context.answer(_take_income, context)


async def wordless(update: Update, context: Context) -> None:
    """Answer a sticker or a video, which holds nothing to book; silence would look like a fault."""
    await context.answer(lambda scope: Captured(refused=(Refused("", "empty", {}),)))


async def edited_message(update: Update, context: Context) -> None:
    """Let the entries of an edited message follow its text."""
    message = update.edited_message
    # A live location moves by edits, and the caption of a voice note is not its words.
    if message is None or message.voice or not (context.text or message.effective_attachment):
        return
    incoming, followed = await context.run(_follow, context)
    respond_followed(context.responder, followed.answer, followed.withdrawn)
    start_rereading(context.responder, incoming, followed.answer)


def _converse(scope: Scope, context: Context) -> tuple[IncomingText, ConversationAnswer]:
    # The chat's settings, which say how its words are read, are known only inside the unit.
    incoming = context.incoming(context.text)
    return incoming, context.services.conversation.answer(scope, incoming, context.reply_to)


def _take_income(scope: Scope, context: Context) -> Captured | SeriesAnswer:
    """Book an income, or make a series where the words plainly say that it comes again."""
    if not names_step(context.arguments, scope.settings.language):
        return _capture(scope, context, income=True)
    incoming = replace(context.incoming(context.arguments), income=True)
    return context.services.series.by_words(scope, incoming)


def _capture(scope: Scope, context: Context, *, income: bool = False) -> Captured:
    incoming = context.incoming(context.arguments, command=True)
    return context.services.capture.from_text(scope, replace(incoming, income=income))


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
