"""Ask whether words mean a series that is there, or one more of its name."""

from __future__ import annotations

from datetime import date

from ledger.recurring.series import Series
from ports.messages import Button, Reply
from ports.recurring import SeriesExists
from presentation import buttons
from presentation.localizer import Localizer
from presentation.markup import EMPTY, Html, dotted, rows
from presentation.views.parts import in_rows, press
from presentation.views.recurring.lines import rule_words, series_line, series_name


def series_exists(value: SeriesExists, t: Localizer, *, today: date) -> Reply:
    """Say that a series of this name is there, and offer what else may be meant."""
    known, wanted = value.series, value.wanted
    line = series_line(known, value.next_on, t, today=today)
    is_same = known.money == wanted.money and value.falls_alike
    new = EMPTY if is_same else t("series.exists.wanted", line=_wanted_line(wanted, t))
    open_it = press(t("series.exists.show"), buttons.series(known.id), t)
    another = press(
        t("series.exists.another"), buttons.series_another(wanted, stepped=value.stepped), t
    )
    found = (*_amount_buttons(value, t), open_it, another)
    return Reply(rows(t("series.exists", line=line), new), in_rows(found, 1))


def _wanted_line(wanted: Series, t: Localizer) -> Html:
    return dotted(series_name(wanted, t), rule_words(wanted.plan.rule, t))


def _amount_buttons(value: SeriesExists, t: Localizer) -> list[Button]:
    """Offer to change the amount of the series that is there, where another one was typed."""
    if not value.falls_alike or value.series.money == value.wanted.money:
        return []
    reaches = ("on", "all") if value.has_entry else ("on",)
    return [
        press(
            t(f"series.exists.becomes.{one}", amount=value.wanted.money),
            buttons.series_amount(value.series.id, value.wanted.money, one),
            t,
        )
        for one in reaches
    ]
