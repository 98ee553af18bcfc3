"""`/start`, `/help`, `/settings`, `/forget`, and commands that are still to come."""

from __future__ import annotations

from telegram import Update

from handlers.context import Context
from presentation import views
from replies.admins import ask_for_admins


async def start(update: Update, context: Context) -> None:
    """Greet, and offer the three taps of the set-up."""
    responder = await context.enter()
    responder.reply(views.start(responder.t, now=responder.now))


async def help_topic(update: Update, context: Context) -> None:
    """Explain all, or one topic."""
    responder = await context.enter()
    responder.reply(views.help_on(context.arguments, responder.t))


async def settings(update: Update, context: Context) -> None:
    """Show the settings as buttons."""
    responder = await context.enter()
    responder.reply(views.settings("main", responder.t, now=responder.now))


async def forget(update: Update, context: Context) -> None:
    """Ask once whether everything shall be deleted."""
    responder = await context.enter()
    if responder.chat.kind == "group":
        # By the time somebody confirms, it is known whether they are an admin.
        ask_for_admins(responder.unit, responder.chat.chat_id)
    responder.reply(views.forget(responder.t))


async def not_there_yet(update: Update, context: Context) -> None:
    """Answer kindly to a command of a later version."""
    responder = await context.enter()
    responder.reply(views.not_there_yet(responder.t))


async def unknown_command(update: Update, context: Context) -> None:
    """Point to the help; in a group only when the command was meant for the bot."""
    responder = await context.enter()
    named = f"@{context.bot.username}".casefold() in context.text.casefold()
    if responder.chat.kind == "private" or named:
        responder.reply(views.unknown_command(responder.t))
