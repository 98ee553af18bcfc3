"""`/start`, `/help`, `/settings`, `/forget`, and commands that are still to come."""

from __future__ import annotations

from telegram import Update

from handlers.admins import ask_for_admins
from handlers.context import Context
from looks import views
from ports.books import Books, Chat


async def start(update: Update, context: Context) -> None:
    """Greet, and offer the three taps of the set-up."""
    await context.run(_nothing)
    voice = context.voice
    voice.say(views.start(voice.t, now=voice.now))


async def help_topic(update: Update, context: Context) -> None:
    """Explain, all or one topic."""
    await context.run(_nothing)
    voice = context.voice
    voice.say(views.help_on(context.words, voice.t))


async def settings(update: Update, context: Context) -> None:
    """Show the settings as buttons."""
    await context.run(_nothing)
    voice = context.voice
    voice.say(views.settings("main", voice.t, now=voice.now))


async def forget(update: Update, context: Context) -> None:
    """Ask once whether everything shall be deleted."""
    await context.run(_nothing)
    voice = context.voice
    if voice.chat.kind == "group":
        # Who may confirm it shall be right by the time that it is confirmed.
        ask_for_admins(voice.unit, voice.chat.chat_id)
    voice.say(views.forget(voice.t))


async def not_there_yet(update: Update, context: Context) -> None:
    """Answer kindly to what a later version will do."""
    await context.run(_nothing)
    voice = context.voice
    voice.say(views.not_there_yet(voice.t))


async def unknown_command(update: Update, context: Context) -> None:
    """Point to the help; in a group only when the command was meant for us."""
    await context.run(_nothing)
    voice = context.voice
    text = context.message.text or ""
    if voice.chat.kind == "private" or f"@{context.bot.username}".casefold() in text.casefold():
        voice.say(views.unknown_command(voice.t))


def _nothing(books: Books, chat: Chat) -> None:
    """Enter the chat, no more."""
