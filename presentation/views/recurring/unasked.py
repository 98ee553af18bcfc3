"""Show what a series booked by itself, and remind of what is due."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ports.messages import Reply
from ports.recurring import SeriesReminded
from presentation import buttons
from presentation.localizer import Localizer
from presentation.markup import Html, blocks
from presentation.views.parts import press
from presentation.views.recurring.lines import series_name


def series_booked(reply: Reply, operation_id: str, t: Localizer) -> Reply:
    """Say above a confirmation that it was booked by itself, and offer to take it back."""
    back = press(t("button.undo"), buttons.series_undo(operation_id), t)
    text = blocks(t("series.booked"), Html(reply.text))
    return replace(reply, text=text, buttons=(*reply.buttons, (back,)), line=None)


def series_reminded(value: SeriesReminded, t: Localizer, *, today: date) -> Reply:
    """Remind of a booking, a bill, or a decision about a contract."""
    series, days = value.series, (value.on - today).days
    about = f"series.reminded.{value.about}"
    when = "over" if days < 0 else "today" if days == 0 else "ahead"
    day = t.dated(value.on, today)
    text = t.first((f"{about}.{when}", about), days or 1, what=series_name(series, t), day=day)
    card = press(t("series.button.show"), buttons.series(series.id), t)
    if value.about != "bill" or value.nominal is None:
        return Reply(text, ((card,),))
    paid = press(t("series.button.paid"), buttons.series_pay(series.id, value.nominal), t)
    return Reply(text, ((paid, card),))
