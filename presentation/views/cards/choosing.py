"""Offer categories or days for one entry in place of its buttons; the text stays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from ledger.money import round_to_minor
from ports.answers import Booked
from ports.messages import Reply
from presentation import buttons
from presentation.choices import currencies_for
from presentation.localizer import Localizer
from presentation.markup import escape, rows
from presentation.views.captured import confirmation_text
from presentation.views.parts import NOBODY, Payers, day_title, in_rows, press

_CATEGORIES_MAX = 60
_DAYS = 7
_CURRENCIES_MAX = 9


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
    """Offer the last seven days and a calendar; any day can be typed as a reply, too."""
    entry = booked.entry
    days = [today - timedelta(days=i) for i in range(_DAYS)]
    found = [press(day_title(day, today, t), buttons.move(entry.id, day), t) for day in days]
    found.append(press(t("button.calendar"), buttons.calendar(entry.id, entry.spent_on), t))
    back = press(t("button.back"), buttons.show(entry.id), t)
    text = confirmation_text(booked, t, today=today, payers=payers)
    return Reply(rows(text, t("entry.other_day")), (*in_rows(found, 2), (back,)))


def currency_choice(booked: Booked, t: Localizer, *, today: date, payers: Payers = NOBODY) -> Reply:
    """Offer currencies that can hold the figure; any other can be typed as a reply."""
    entry = booked.entry
    current = entry.money.currency
    marked = [one.words for one in booked.marks if one.field == "currency"]
    likely = (current, *(marked[0] if marked else ()), *currencies_for(t.currency))
    codes = [code for code in dict.fromkeys(likely) if _holds(entry.money.amount, code)]
    found = [
        press(
            t("choice.current", what=escape(code)) if code == current else code,
            buttons.currency(entry.id, code),
            t,
        )
        for code in codes[:_CURRENCIES_MAX]
    ]
    back = press(t("button.back"), buttons.show(entry.id), t)
    text = confirmation_text(booked, t, today=today, payers=payers)
    return Reply(rows(text, t("entry.other_currency")), (*in_rows(found, 3), (back,)))


def _holds(amount: Decimal, code: str) -> bool:
    """Return whether a currency has the digits for a figure."""
    return round_to_minor(amount, code) == amount
