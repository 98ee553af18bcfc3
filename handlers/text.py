"""What people type: entries, replies to what the bot said, `/add`; and what says nothing."""

from __future__ import annotations

from dataclasses import replace

from telegram import Update

from handlers.admins import ask_for_admins
from handlers.context import Context
from handlers.responding import tell
from ledger.errors import NotAllowedError
from ports.answers import Captured, Refused
from services.text_rereading import rereading


async def text_message(update: Update, context: Context) -> None:
    """Book what a message says, or take it as the answer to what it replies to."""
    text = context.message.text or context.message.caption or ""
    try:
        answer = await context.run(
            lambda scope: context.services.conversation.said(
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
    tell(responder, answer)
    if isinstance(answer, Captured) and responder.ai_policy.words_of(responder.chat.settings):
        handle = f"{responder.key}:{responder.said}"
        job = await context.run(
            lambda scope: rereading(
                scope, context.incoming(scope, text), answer, responder.key, handle
            )
        )
        if job:
            responder.unit.start(job)


async def wordless(update: Update, context: Context) -> None:
    """Say that a sticker, a place or a video holds nothing to book; silence would look dead."""
    await context.run(lambda scope: None)
    tell(context.responder, Captured(refused=(Refused("", "empty", {}),)))


async def add(update: Update, context: Context) -> None:
    """Book what follows `/add`; no chatter test."""
    answer = await context.run(
        lambda scope: context.services.capture.from_text(
            scope,
            context.incoming(scope, context.words, command=True),
        )
    )
    tell(context.responder, answer)


async def income(update: Update, context: Context) -> None:
    """Book what follows `/income` as income, whatever its words."""
    answer = await context.run(
        lambda scope: context.services.capture.from_text(
            scope,
            replace(context.incoming(scope, context.words, command=True), income=True),
        )
    )
    tell(context.responder, answer)
