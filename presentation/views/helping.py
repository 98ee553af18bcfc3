"""Show help by topics, and answer commands that do not exist."""

from __future__ import annotations

from ports.answers import CommandHint
from ports.messages import Reply
from presentation import buttons
from presentation.localizer import Localizer
from presentation.markup import Html, visible
from presentation.views.parts import in_rows, press

TOPICS = ("entries", "receipts", "summary", "budgets", "groups", "export", "privacy")

_STEM_MIN = 4
"""Letters that a typed word and a topic's have in common at least."""
_BOOKING = frozenset({"add", "income"})
"""Commands that no button runs, because an entry is keyed by the message that made it."""


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
        if wanted == title or any(_is_alike(wanted, word) for word in (name, *title.split())):
            return name
    return None


def _is_alike(typed: str, word: str) -> bool:
    """Return whether two words are the same but for an ending, such as a plural's."""
    short, long = sorted((typed, word), key=len)
    return short == long or (len(short) >= _STEM_MIN and long.startswith(short))


def not_there_yet(t: Localizer, command: str = "") -> Reply:
    """Answer a command that a later version will have."""
    if command:
        return Reply(t("not_there_yet.command", command=t.user(command, 32)))
    return Reply(t("not_there_yet"))


def command_hint(value: CommandHint, t: Localizer) -> Reply:
    """Name the command for a request in plain words or with a typing error, with a button."""
    if value.command == "help":
        return help_on("", t)
    named = "command.did_you_mean" if value.mistyped else "command.hint"
    said = t(named, command=value.command)
    if value.command in _BOOKING:
        return Reply(said)
    words = value.mistyped.partition(" ")[2].strip()
    label = Html(t("button.run", command=value.command, words=t.user(words, 30)).rstrip())
    return Reply(said, ((press(label, buttons.run(value.command, words), t),),))


def unknown_command(t: Localizer) -> Reply:
    """Point to the help."""
    return Reply(t("unknown_command"))
