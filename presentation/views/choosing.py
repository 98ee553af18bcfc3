"""Offer categories or days for one entry in place of its buttons; the text stays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from ports.answers import Booked
from ports.messages import Reply
from presentation import buttons
from presentation.localizer import Localizer
from presentation.markup import rows
from presentation.views.captured import confirmation_text
from presentation.views.parts import NOBODY, Payers, day_title, in_rows, press

_CATEGORIES_MAX = 60
_DAYS = 7


def category_grid(booked: Booked, t: Localizer, *, today: date, payers: Payers = NOBODY) -> Reply:
    """Offer every category; the present one is ticked."""
    ids = t.choosable(booked.entry.type)[:_CATEGORIES_MAX]
    return category_choice(booked, ids, t, today=today, payers=payers)


def category_choice(
    booked: Booked, ids: Sequence[str], t: Localizer, *, today: date, payers: Payers = NOBODY
) -> Reply:
    """Offer the categories of a group that was named where a category is needed."""
    entry = booked.entry
    found = [
        press(
            t("choice.current", what=t.category(i)) if i == entry.category else t.category(i),
            buttons.category(entry.id, i),
            t,
        )
        for i in ids
    ]
    back = press(t("button.back"), buttons.show(entry.id), t)
    text = confirmation_text(booked, t, today=today, payers=payers)
    return Reply(text, (*in_rows(found, 2), (back,)))


def day_choice(booked: Booked, t: Localizer, *, today: date, payers: Payers = NOBODY) -> Reply:
    """Offer the last seven days; any other day can be typed as a reply."""
    entry = booked.entry
    days = [today - timedelta(days=i) for i in range(_DAYS)]
    found = [press(day_title(day, today, t), buttons.move(entry.id, day), t) for day in days]
    back = press(t("button.back"), buttons.show(entry.id), t)
    text = confirmation_text(booked, t, today=today, payers=payers)
    return Reply(rows(text, t("entry.other_day")), (*in_rows(found, 2), (back,)))
