"""What people type: entries, replies to what the bot said, `/add`; and what says nothing."""

from __future__ import annotations

from dataclasses import replace

from telegram import Update

from handlers.context import Context
from ledger.errors import NotAllowedError
from ports.answers import Captured, Refused
from replies.admins import ask_for_admins
from replies.responding import respond
from services.texts.text_rereading import reread_text


async def text_message(update: Update, context: Context) -> None:
    """Book what a message says, or take it as the answer to what it replies to."""
    text = context.message.text or context.message.caption or ""
    try:
        answer = await context.run(
            lambda scope: context.services.conversation.answer(
                scope,
                context.incoming(scope, text),
                context.reply_to,
            )
        )
    except NotAllowedError:
        # Where the bot is no admin itself, nobody tells it who became one.
        ask_for_admins(context.update_scope.unit, context.message.chat.id)
        raise
    responder = context.responder
    respond(responder, answer)
    if isinstance(answer, Captured) and responder.ai_policy.may_ask_about_texts(
        responder.chat.settings
    ):
        written = await context.run(lambda scope: context.incoming(scope, text))
        job = reread_text(responder.chat, context.person.id, written, answer, responder.last_key)
        if job:
            responder.unit.start(job)


async def wordless(update: Update, context: Context) -> None:
    """Say that a sticker, a place or a video holds nothing to book; silence would look dead."""
    await context.run(lambda scope: None)
    respond(context.responder, Captured(refused=(Refused("", "empty", {}),)))


async def add(update: Update, context: Context) -> None:
    """Book what follows `/add`; no chatter test."""
    answer = await context.run(
        lambda scope: context.services.capture.from_text(
            scope,
            context.incoming(scope, context.words, command=True),
        )
    )
    respond(context.responder, answer)


async def income(update: Update, context: Context) -> None:
    """Book what follows `/income` as income, whatever its words."""
    answer = await context.run(
        lambda scope: context.services.capture.from_text(
            scope,
            replace(context.incoming(scope, context.words, command=True), income=True),
        )
    )
    respond(context.responder, answer)
