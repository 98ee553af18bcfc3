"""Show help by topics, and answer commands that do not exist."""

from __future__ import annotations

from ports.answers import CommandHint
from ports.messages import Reply
from presentation import buttons
from presentation.localizer import Localizer
from presentation.markup import visible
from presentation.views.parts import in_rows, press

TOPICS = ("entries", "receipts", "summary", "budgets", "groups", "export", "privacy")


def help_on(topic: str, t: Localizer) -> Reply:
    """Explain a topic, by its id or its title; anything else shows the overview."""
    found = _find(topic, t)
    text = t(f"help.text.{found}") if found else t("help.overview")
    others = [
        press(t(f"help.title.{name}"), buttons.help_on(name), t) for name in TOPICS if name != found
    ]
    return Reply(text, in_rows(others, 2))


def _find(topic: str, t: Localizer) -> str | None:
    wanted = topic.strip().casefold()
    for name in TOPICS:
        title = visible(t(f"help.title.{name}")).casefold()
        if wanted and (wanted in (name, title) or wanted in title.split()):
            return name
    return None


def not_there_yet(t: Localizer, command: str = "") -> Reply:
    """Answer a command that a later version will have."""
    if command:
        return Reply(t("not_there_yet.command", command=t.user(command, 32)))
    return Reply(t("not_there_yet"))


def command_hint(value: CommandHint, t: Localizer) -> Reply:
    """Name the command for a request in plain words; Telegram makes it a link."""
    if value.command == "help":
        return help_on("", t)
    if value.mistyped:
        return Reply(t("command.did_you_mean", command=value.command))
    return Reply(t("command.hint", command=value.command))


def unknown_command(t: Localizer) -> Reply:
    """Point to the help."""
    return Reply(t("unknown_command"))
