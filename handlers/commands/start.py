"""Handle `/start`, `/help`, `/settings`, `/forget`, and commands that are still to come."""

from __future__ import annotations

from datetime import date
from difflib import get_close_matches

from telegram import Update

from handlers.context import Context
from ledger.errors import InputError
from ledger.settings import Settings
from ledger.text import parse_setting
from ports.answers import CommandHint
from ports.messages import Json, Reply
from presentation import views
from replies.admins import ask_for_admins
from replies.responder import ChatResponder
from services.reporting.budgets import find_other_currencies

COMMANDS = (
    "start",
    "help",
    "add",
    "income",
    "summary",
    "list",
    "find",
    "undo",
    "redo",
    "open",
    "ask",
    "budget",
    "budgets",
    "rate",
    "recurring",
    "remind",
    "insights",
    "export",
    "import",
    "dashboard",
    "settings",
    "forget",
)
"""Commands that a typing error may mean; a test compares them with the handlers."""
_GERMAN = {
    "hilfe": "help",
    "ausgabe": "add",
    "einnahme": "income",
    "zusammenfassung": "summary",
    "übersicht": "summary",
    "liste": "list",
    "suche": "find",
    "zurück": "undo",
    "wiederholen": "redo",
    "offen": "open",
    "frage": "ask",
    "fragen": "ask",
    "kurs": "rate",
    "dauerauftrag": "recurring",
    "wiederkehrend": "recurring",
    "erinnern": "remind",
    "einblicke": "insights",
    "einstellungen": "settings",
    "vergessen": "forget",
}
"""German names under which people look for a command."""
_NEAR = 0.7
_DASHBOARD = "dashboard"
"""The end of a link from a group to the private chat."""
_API_WORDS = frozenset({"api", "token", "tokens"})
"""Words behind `/settings` that mean the same in every language."""
_MAIL_WORDS = frozenset({"email", "e-mail", "mail"})
"""As above, with an address, a code or `off` behind them."""


async def start(update: Update, context: Context) -> None:
    """Greet, and offer the three taps of the set-up; a link from a group may lead elsewhere."""
    if context.arguments == _DASHBOARD:
        await dashboard(update, context)
        return
    responder = await context.enter()
    responder.reply(views.start(responder.t, now=responder.now))


async def help_topic(update: Update, context: Context) -> None:
    """Explain all, or one topic."""
    responder = await context.enter()
    responder.reply(views.help_on(context.arguments, responder.t))


async def settings(update: Update, context: Context) -> None:
    """Show the settings as buttons, or change those that the words choose."""
    word, _, rest = context.arguments.partition(" ")
    if context.arguments.casefold() in _API_WORDS:
        await context.answer(context.services.api_tokens.show)
    elif word.casefold() in _MAIL_WORDS:
        await context.answer(context.services.mail.by_words, rest)
    else:
        await _show_or_change(context)


async def _show_or_change(context: Context) -> None:
    """Show the page that words name, or change what they choose."""
    responder = await context.enter()
    choice = views.read_choice(context.arguments, responder.t, now=responder.now)
    if choice is not None and len(choice.values) != 1:
        responder.reply(views.choices_typed(choice, responder.t, now=responder.now))
        return
    page = None if choice else _find_page(context.arguments, responder)
    if page is not None:
        responder.reply(views.settings(page, responder.t, now=responder.now))
        return
    s, words = responder.chat.settings, context.arguments
    await _change(
        context,
        {choice.page: choice.values[0]} if choice else read_setting(words, s, responder.today),
    )


async def _change(context: Context, changes: dict[str, Json]) -> None:
    """Change what words choose, and show it as it is now."""
    changed = await context.run(context.services.preferences.change, changes)
    context.use_settings(changed)
    responder = context.responder
    responder.reply(_show_typed(changes, responder))
    if "currency" in changes and (kept := await context.run(find_other_currencies)):
        responder.reply(views.budgets_keep_currency(kept, responder.t))


def _show_typed(changes: dict[str, Json], responder: ChatResponder) -> Reply:
    """Show what words changed: the page of the setting, or until when a pause lasts."""
    until = changes.get("paused_until")
    if isinstance(until, str) and until:
        return views.paused(date.fromisoformat(until), responder.t, today=responder.today)
    return views.setting_typed(next(iter(changes)), responder.t, now=responder.now)


def _find_page(words: str, responder: ChatResponder) -> str | None:
    """Return the page that is asked for; None where the words choose a value."""
    s = responder.chat.settings
    if words and parse_setting(words, responder.today, s.language, s.currency) is not None:
        return None
    return views.settings_page_named(words, responder.t) if words else "main"


def read_setting(words: str, settings: Settings, today: date) -> dict[str, Json]:
    """Return the settings that words choose. Raises `InputError` when they choose none."""
    changes = parse_setting(words, today, settings.language, settings.currency)
    if changes is None:
        raise InputError("setting_words", words=words)
    return {**changes}


async def dashboard(update: Update, context: Context) -> None:
    """Show the ways to the dashboard."""
    shown = await context.run(context.services.dashboard_links.show)
    responder = context.responder
    private_url = f"https://t.me/{context.bot.username}?start={_DASHBOARD}"
    reply = views.dashboard(shown, responder.t, private_url=private_url)
    if shown.is_group:
        responder.reply_with_page(reply, lambda links: links.overview())
    else:
        responder.reply(reply)


async def forget(update: Update, context: Context) -> None:
    """Ask once whether to delete everything."""
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
        near = find_command_name(context.text)
        hint = CommandHint(near, mistyped=context.text) if near else None
        reply = views.command_hint(hint, responder.t) if hint else None
        responder.reply(reply or views.unknown_command(responder.t))


def find_command_name(text: str) -> str | None:
    """Return the command that a mistyped or German one is nearest to, None for any other word."""
    # A message may name a command where it has no words at all.
    typed = next(iter(text.split(maxsplit=1)), "").lstrip("/").partition("@")[0].casefold()
    near = next(iter(get_close_matches(typed, (*COMMANDS, *_GERMAN), n=1, cutoff=_NEAR)), None)
    return None if near is None else _GERMAN.get(near, near)
