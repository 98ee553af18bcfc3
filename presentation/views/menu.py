"""Return the menu of commands and the descriptions that Telegram shows around a chat."""

from __future__ import annotations

from presentation.localizer import Localizer

COMMANDS = (
    "summary",
    "list",
    "find",
    "ask",
    "budget",
    "budgets",
    "rate",
    "recurring",
    "remind",
    "undo",
    "redo",
    "open",
    "insights",
    "export",
    "import",
    "dashboard",
    "settings",
    "help",
    "forget",
)


def menu(t: Localizer) -> tuple[tuple[str, str], ...]:
    """Return the commands with their descriptions, for `setMyCommands` (256 characters each)."""
    return tuple((command, t.plain(f"menu.{command}")) for command in COMMANDS)


def about(t: Localizer) -> tuple[str, str]:
    """Return the short (120 at most) and the long description (512) of the bot."""
    return t.plain("about.short"), t.plain("about.long")
