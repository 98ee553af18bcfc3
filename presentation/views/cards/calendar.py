"""Show the days of a month as buttons, in weeks that begin as the chat's do."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from ports.answers import Booked
from ports.messages import Action, Button, Reply
from presentation import buttons
from presentation.localizer import Localizer
from presentation.markup import rows
from presentation.views.captured import confirmation_text
from presentation.views.parts import NOBODY, Payers, in_rows, press
from presentation.views.settings.pickers import ticked

_WEEK = 7
_FIRST_YEAR = 2000
_BLANK, _NOTHING = "\u2800", "\u200b"
"""Telegram refuses an empty label; the first character only looks empty, the second has no width."""


def calendar(
    booked: Booked, t: Localizer, *, month: date, today: date, payers: Payers = NOBODY
) -> Reply:
    """Offer the days of a month up to today, and the months before and after it."""
    entry = booked.entry
    back = press(t("button.back"), buttons.dates(entry.id), t)
    text = confirmation_text(booked, t, today=today, payers=payers)
    names = [
        press(
            t.weekday((t.settings.week_start + i) % _WEEK, "abbreviated"), _here(booked, month), t
        )
        for i in range(_WEEK)
    ]
    days = _days(booked, month, t, today)
    return Reply(
        rows(text, t("entry.other_day")),
        (tuple(names), *in_rows(days, _WEEK), _turn(booked, month, t, today), (back,)),
    )


def _days(booked: Booked, month: date, t: Localizer, today: date) -> list[Button]:
    """Return whole weeks of buttons up to today; places that hold no day are blank."""
    entry = booked.entry
    _, length = monthrange(month.year, month.month)
    length = max(0, min(length, (today - month).days + 1))
    lead = (month.weekday() - t.settings.week_start) % _WEEK
    cells: list[Button] = []
    for place in range(-(-(lead + length) // _WEEK) * _WEEK):
        number = place - lead + 1
        day = month + timedelta(days=number - 1)
        if 1 <= number <= length:
            label = ticked(t.number(number), t, current=day == entry.spent_on)
            cells.append(press(label, buttons.move(entry.id, day), t))
        else:
            # A label of its own for each, as no two buttons of a card are alike.
            cells.append(Button(_BLANK + _NOTHING * len(cells), _here(booked, month)))
    return cells


def _turn(booked: Booked, month: date, t: Localizer, today: date) -> tuple[Button, ...]:
    found = []
    before = (month - timedelta(days=1)).replace(day=1)
    after = (month + timedelta(days=31)).replace(day=1)
    if before.year >= _FIRST_YEAR:
        label = t("button.earlier", period=t.month(before))
        found.append(press(label, buttons.calendar(booked.entry.id, before), t))
    if after <= today:
        label = t("button.later", period=t.month(after))
        found.append(press(label, buttons.calendar(booked.entry.id, after), t))
    return tuple(found)


def _here(booked: Booked, month: date) -> Action:
    return buttons.calendar(booked.entry.id, month)
