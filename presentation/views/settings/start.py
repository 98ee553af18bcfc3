"""Greet a new chat, and set it up in three taps that may each be skipped."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from ports.messages import Action, Button, Buttons, Reply
from presentation import buttons
from presentation.localizer import Localizer
from presentation.markup import Html, blocks
from presentation.views.parts import press
from presentation.views.settings.pickers import currency_buttons, language_buttons, zone_buttons

Step = Literal["currency", "timezone", "language", "done"]
STEPS: tuple[Step, ...] = ("currency", "timezone", "language")
NEXT: dict[str, Step] = {"currency": "timezone", "timezone": "language", "language": "done"}


def start(t: Localizer, *, now: datetime) -> Reply:
    """Greet; somebody new is led to the first tap at once."""
    if t.settings.set_up:
        return Reply(blocks(t("start.hello"), t("start.how")), _way_on(t))
    first = set_up("currency", t, now=now)
    return Reply(blocks(t("start.hello"), t("start.how"), Html(first.text)), first.buttons)


def group_hello(t: Localizer) -> Reply:
    """Tell a group that the bot was added to how to write an entry."""
    return Reply(t("start.group"))


def set_up(step: str, t: Localizer, *, now: datetime, place: str = "") -> Reply:
    """Show a step of the set-up in place; `place` is where in a long list of choices one is."""
    if step not in STEPS:
        zone = t.zone(t.settings.timezone)
        return Reply(t("start.done", currency=t.currency, zone=zone), _way_on(t))
    title = t(f"start.{step}", step=STEPS.index(step) + 1, steps=len(STEPS))
    return Reply(title, (*_choices(step, t, place, now), _last_row(step, place, t)))


def _choices(step: str, t: Localizer, place: str, now: datetime) -> Buttons:
    def choose(value: str) -> Action:
        return buttons.set_up_with(step, value, NEXT[step])

    def go(where: str) -> Action:
        return buttons.set_up(step, where)

    if step == "currency":
        return currency_buttons(t, place, choose=choose, go=go)
    if step == "timezone":
        return zone_buttons(t, place, now=now, choose=choose, go=go)
    return language_buttons(t, choose=choose)


def _last_row(step: str, place: str, t: Localizer) -> tuple[Button, ...]:
    skip = press(t("button.skip"), buttons.set_up(NEXT[step]), t)
    if not place:
        return (skip,)
    return press(t("button.back"), buttons.set_up(step), t), skip


def _way_on(t: Localizer) -> Buttons:
    return (
        (
            press(t("button.help"), buttons.help_on("entries"), t),
            press(t("button.settings"), buttons.settings("main"), t),
        ),
    )
