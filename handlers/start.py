"""`/start`, `/help`, `/settings`, `/forget`, and commands that are still to come."""

from __future__ import annotations

from telegram import Update

from handlers.context import Context
from presentation import views
from replies.admins import ask_for_admins
from services.scope import Scope


async def start(update: Update, context: Context) -> None:
    """Greet, and offer the three taps of the set-up."""
    await context.run(_nothing)
    responder = context.responder
    responder.reply(views.start(responder.t, now=responder.now))


async def help_topic(update: Update, context: Context) -> None:
    """Explain, all or one topic."""
    await context.run(_nothing)
    responder = context.responder
    responder.reply(views.help_on(context.words, responder.t))


async def settings(update: Update, context: Context) -> None:
    """Show the settings as buttons."""
    await context.run(_nothing)
    responder = context.responder
    responder.reply(views.settings("main", responder.t, now=responder.now))


async def forget(update: Update, context: Context) -> None:
    """Ask once whether everything shall be deleted."""
    await context.run(_nothing)
    responder = context.responder
    if responder.chat.kind == "group":
        # Who may confirm it shall be right by the time that it is confirmed.
        ask_for_admins(responder.unit, responder.chat.chat_id)
    responder.reply(views.forget(responder.t))


async def not_there_yet(update: Update, context: Context) -> None:
    """Answer kindly to what a later version will do."""
    await context.run(_nothing)
    responder = context.responder
    responder.reply(views.not_there_yet(responder.t))


async def unknown_command(update: Update, context: Context) -> None:
    """Point to the help; in a group only when the command was meant for us."""
    await context.run(_nothing)
    responder = context.responder
    text = context.message.text or ""
    if responder.chat.kind == "private" or f"@{context.bot.username}".casefold() in text.casefold():
        responder.reply(views.unknown_command(responder.t))


def _nothing(scope: Scope) -> None:
    """Enter the chat, no more."""
