"""Build the actions of settings, of the onboarding and of pushes."""

from __future__ import annotations

from ports.messages import Action, Json


def settings(page_name: str, place: str = "") -> Action:
    """Show a page of the settings."""
    return Action("settings", (page_name, place))


def set_to(name: str, value: Json, page_name: str) -> Action:
    """Change a setting and show a page again."""
    return Action("set", (name, value, page_name))


def set_all(values: dict[str, Json], page_name: str) -> Action:
    """Change several settings at once and show a page again."""
    return Action("set_all", (values, page_name))


def set_up(step: str, place: str = "") -> Action:
    """Show a step of the onboarding."""
    return Action("set_up", (step, place))


def set_up_with(name: str, value: Json, step: str) -> Action:
    """Change a setting and go on to a step of the onboarding."""
    return Action("set_up_with", (name, value, step))


def help_on(topic: str) -> Action:
    """Show a topic of the help."""
    return Action("help", (topic,))


def forget() -> Action:
    """Delete everything."""
    return Action("forget")


def dismiss() -> Action:
    """Take the buttons away."""
    return Action("dismiss")


def open_questions() -> Action:
    """Ask the open questions again."""
    return Action("open_questions")


def pause(days: int) -> Action:
    """Let pushes wait for so many days; 0 ends a pause."""
    return Action("pause", (days,))


def stop_push(kind: str) -> Action:
    """Send no more pushes of this kind."""
    return Action("stop_push", (kind,))


def run(command: str, words: str) -> Action:
    """Run a command with the words behind it."""
    return Action("run", (command, words))


def tokens() -> Action:
    """Show the tokens of the ledger."""
    return Action("tokens")


def token_make(preset: str) -> Action:
    """Make a token."""
    return Action("token_make", (preset,))


def token_revoke(token_id: str) -> Action:
    """Revoke a token."""
    return Action("token_revoke", (token_id,))


def sign_out() -> Action:
    """End all sessions of the person who presses."""
    return Action("sign_out")


def mail_weekly(*, on: bool) -> Action:
    """Switch the weekly mail of the person who presses."""
    return Action("mail_weekly", (on,))


def mail_remove() -> Action:
    """Remove the address of the person who presses."""
    return Action("mail_remove")


def pin_card() -> Action:
    """Switch the card on."""
    return Action("pin_card")
