"""Show fields of a receipt that were booked in doubt, with their buttons."""

from __future__ import annotations

from datetime import date, timedelta

from ports.answers import Booked, MarkedField
from ports.messages import Button, Buttons
from presentation import buttons
from presentation.localizer import Localizer
from presentation.markup import Html
from presentation.views.parts import day_title, in_rows, press, shop_name

_CANDIDATES = 3


def mark_lines(booked: Booked, t: Localizer, *, today: date) -> tuple[Html, ...]:
    """Say what is doubtful, a line each; a shop has its question mark in the first line."""
    entry = booked.entry
    lines = []
    for mark in booked.marks:
        if mark.field == "date":
            name = "mark.date_missing" if mark.is_missing else "mark.date"
            lines.append(t(name, day=t.day(entry.spent_on, today)))
        elif mark.field == "currency":
            lines.append(t("mark.currency", currency=entry.money.currency))
        elif mark.field == "amount":
            lines.append(t("mark.amount", amount=t.amount(entry)))
    return tuple(lines)


def mark_buttons(booked: Booked, t: Localizer, *, today: date) -> Buttons:
    """Offer for each doubtful field what it may be instead; a press on what it is confirms it."""
    makers = {
        "date": _day_buttons,
        "merchant": _shop_buttons,
        "currency": _currency_buttons,
        "amount": _amount_buttons,
    }
    return tuple(
        row for mark in booked.marks for row in makers[mark.field](booked, mark, t, today=today)
    )


def _day_buttons(booked: Booked, mark: MarkedField, t: Localizer, *, today: date) -> Buttons:
    entry = booked.entry
    before = entry.spent_on - timedelta(days=1)
    days = (entry.spent_on, *(mark.days or (before,)))
    found = [
        press(day_title(day, today, t), buttons.move(entry.id, day), t)
        for day in dict.fromkeys(days[:_CANDIDATES])
    ]
    calendar = press(t("button.calendar"), buttons.calendar(entry.id, entry.spent_on), t)
    return in_rows((*found, calendar), 2 if len(found) == _CANDIDATES else 3)


def _shop_buttons(booked: Booked, mark: MarkedField, t: Localizer, *, today: date) -> Buttons:
    _ = today
    entry = booked.entry
    names = [name for name in (entry.merchant, *mark.words) if name]
    found = [
        press(shop_name(name), buttons.merchant(entry.id, name), t)
        for name in dict.fromkeys(names[:_CANDIDATES])
    ]
    return in_rows(found, 2)


def _currency_buttons(booked: Booked, mark: MarkedField, t: Localizer, *, today: date) -> Buttons:
    _ = today, mark
    entry = booked.entry
    confirm = press(
        t("mark.currency.right", currency=entry.money.currency),
        buttons.currency(entry.id, entry.money.currency),
        t,
    )
    other: Button = press(t("button.other_currency"), buttons.currencies(entry.id), t)
    return ((confirm, other),)


def _amount_buttons(booked: Booked, mark: MarkedField, t: Localizer, *, today: date) -> Buttons:
    _ = today, mark
    entry = booked.entry
    right = press(t("mark.amount.right", amount=t.amount(entry)), buttons.amount_right(entry.id), t)
    return ((right, press(t("mark.amount.other"), buttons.prompt(entry.id, "amount"), t)),)
