"""Show highlights of a summary, the daily nudge, and the pinned card."""

from __future__ import annotations

from datetime import date

from ledger.highlights import Highlights
from ledger.settings import PushKind
from ports.answers import CardShown, Nudge
from ports.messages import Buttons, Reply
from presentation import buttons
from presentation.localizer import Localizer
from presentation.markup import EMPTY, TEXT_MAX, Html, fitting, rows, seen_units
from presentation.views.parts import brief, budget_line, press

_MORE_MAX = 40


def highlights(found: Highlights | None, t: Localizer) -> Html:
    """Return what stood out, a line each; nothing where nothing did."""
    if found is None:
        return EMPTY
    biggest = t.listed(*(brief(entry, t) for entry in found.biggest))
    shops = t.listed(*(t.user(shop, 40) for shop in found.new_shops))
    return rows(
        t("highlight.biggest", entries=biggest) if len(found.biggest) > 1 else EMPTY,
        *(
            t(
                "highlight.unusual",
                category=t.category(one.category),
                total=one.total,
                usual=one.usual,
            )
            for one in found.unusual
        ),
        t("highlight.new_shops", len(found.new_shops), shops=shops) if found.new_shops else EMPTY,
    )


def push_buttons(kind: PushKind, open_questions: int, t: Localizer) -> Buttons:
    """Offer the open questions, a pause, and an end of this kind of push, one tap each."""
    waiting = press(t("button.open_questions", open_questions), buttons.open_questions(), t)
    pauses = (
        press(t("button.pause_today"), buttons.pause(1), t),
        press(t("button.pause_week"), buttons.pause(7), t),
    )
    stop = press(t("button.stop_push"), buttons.stop_push(kind), t)
    asked: Buttons = ((waiting,),) if open_questions else ()
    return (*asked, pauses, (stop,))


def nudge(value: Nudge, t: Localizer) -> Reply:
    """Ask what was spent today."""
    return Reply(t("nudge.text"), push_buttons("nudge", value.open_questions, t))


def card(value: CardShown, t: Localizer) -> Reply:
    """Show what is left; without budgets, what the month has cost so far."""
    title = t("card.title", day=t.dated(value.today, value.today))
    if not value.states:
        month = t.period(value.month, value.today)
        return Reply(rows(title, t("card.spent", period=month, amount=value.spent)))
    lines = [budget_line(state, t) for state in value.states]
    shown = fitting(lines, TEXT_MAX - seen_units(title) - _MORE_MAX)
    more = t("budgets.more", len(lines) - shown) if shown < len(lines) else EMPTY
    return Reply(rows(title, *lines[:shown], more))


def card_off(t: Localizer) -> Reply:
    """Say in the card's place that it is switched off."""
    return Reply(t("card.off"))


def card_not_pinned(t: Localizer) -> Reply:
    """Say kindly that the group does not let the bot pin messages."""
    return Reply(t("card.not_pinned"))


def paused(until: date, t: Localizer, *, today: date) -> Reply:
    """Say until when pushes wait, with a way back."""
    back = press(t("button.pause_end"), buttons.pause(0), t)
    return Reply(t("push.paused", day=t.dated(until, today)), ((back,),))


def unpaused(t: Localizer) -> Reply:
    """Say that pushes come again."""
    return Reply(t("push.unpaused"))


def push_stopped(kind: PushKind, t: Localizer) -> Reply:
    """Say which pushes no longer come, with a way back."""
    again = press(
        t("button.push_again"), buttons.set_to(f"{kind}_on", value=True, page_name=kind), t
    )
    return Reply(t(f"push.stopped.{kind}"), ((again,),))
