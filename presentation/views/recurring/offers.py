"""Show what comes again in the week to come, and offer to make series."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ledger.money import Money
from ledger.recurring.detection import Detected
from ledger.recurring.series import Series
from ports.messages import Buttons, Reply
from presentation import buttons
from presentation.localizer import Localizer
from presentation.markup import EMPTY, Html, dotted, rows
from presentation.views.parts import press
from presentation.views.recurring.lines import TITLE_MAX, series_name

_UPCOMING_MAX = 5


def upcoming_lines(upcoming: Sequence[tuple[Series, date]], t: Localizer, *, today: date) -> Html:
    """Return what is due in the week to come, a line each."""
    if not upcoming:
        return EMPTY
    lines = [
        dotted(
            t.day(on, today),
            series_name(one, t),
            t("series.unpaid") if on < today else EMPTY,
        )
        for one, on in upcoming[:_UPCOMING_MAX]
    ]
    hidden = len(upcoming) - len(lines)
    more = t("series.more", hidden) if hidden else EMPTY
    return rows(t("series.upcoming"), *lines, more)


def offer_line(offer: Detected, t: Localizer) -> Html:
    """Return an offer in a sentence, as `Looks like €12.99 netflix comes again`."""
    amount = Money.of_minor(offer.expected_minor, offer.currency)
    step = t(f"series.cadence.{offer.cadence.name}")
    name = t.user(_title(offer), TITLE_MAX)
    return t("series.offer", amount=amount, title=name, step=step)


def offer_buttons(offer: Detected, t: Localizer, *, named: bool = False) -> Buttons:
    """Offer to make it a series, or never to ask again."""
    title = t.user(_title(offer), 24) if named else EMPTY
    take = t("series.offer.take_named", title=title) if named else t("series.offer.take")
    refuse = t("series.offer.refuse_named", title=title) if named else t("series.offer.refuse")
    return (
        (
            press(take, buttons.offer_take(offer.key), t),
            press(refuse, buttons.offer_refuse(offer.key), t),
        ),
    )


def offer_refused(t: Localizer) -> Reply:
    """Say that it is not asked again."""
    return Reply(t("series.offer.refused"))


def _title(offer: Detected) -> str:
    return offer.last.note or offer.last.merchant
