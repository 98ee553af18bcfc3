"""What people type: entries, replies to what the bot said, `/add`; and what says nothing."""

from __future__ import annotations

from dataclasses import replace

from telegram import Update

from handlers.admins import ask_for_admins
from handlers.context import Context
from handlers.telling import tell
from ledger.errors import NotAllowedError
from ports.answers import Captured, Refused
from services.wording import rereading


async def text_message(update: Update, context: Context) -> None:
    """Book what a message says, or take it as the answer to what it replies to."""
    text = context.message.text or context.message.caption or ""
    try:
        answer = await context.run(
            lambda books, chat: context.desk.conversation.said(
                books, context.written(chat, text), context.reply_to, now=context.now
            )
        )
    except NotAllowedError:
        # Where the bot is no admin itself, nobody tells it who became one.
        ask_for_admins(context.sitting.unit, context.message.chat.id)
        raise
    voice = context.voice
    tell(voice, answer)
    if isinstance(answer, Captured) and voice.outside.words_of(voice.chat.settings):
        written = context.written(voice.chat, text)
        handle = f"{voice.key}:{voice.said}"
        job = rereading(written, answer, voice.key, handle)
        if job:
            voice.unit.start(job)


async def wordless(update: Update, context: Context) -> None:
    """Say that a sticker, a place or a video holds nothing to book; silence would look dead."""
    await context.run(lambda books, chat: None)
    tell(context.voice, Captured(refused=(Refused("", "empty", {}),)))


async def add(update: Update, context: Context) -> None:
    """Book what follows `/add`; no chatter test."""
    answer = await context.run(
        lambda books, chat: context.desk.capture.from_text(
            books, context.written(chat, context.words, command=True), now=context.now
        )
    )
    tell(context.voice, answer)


async def income(update: Update, context: Context) -> None:
    """Book what follows `/income` as income, whatever its words."""
    answer = await context.run(
        lambda books, chat: context.desk.capture.from_text(
            books,
            replace(context.written(chat, context.words, command=True), income=True),
            now=context.now,
        )
    )
    tell(context.voice, answer)
