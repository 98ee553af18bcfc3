"""Show the page of a card with everything that can be changed, and the values that are typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from ledger.questions import NONE_OF_THEM
from ports.answers import Booked
from ports.messages import Buttons, Reply
from presentation import buttons
from presentation.localizer import Localizer
from presentation.markup import rows
from presentation.views.captured import confirmation_text
from presentation.views.parts import NOBODY, Payers, delete_button, in_rows, press
from presentation.views.settings.pickers import ticked

_NAME_MAX = 30
_MEMBERS_MAX = 40


def edit_page(booked: Booked, t: Localizer, *, today: date, payers: Payers = NOBODY) -> Reply:
    """Offer everything that can be changed; the text stays."""
    back = press(t("button.back"), buttons.show(booked.entry.id), t)
    text = confirmation_text(booked, t, today=today, payers=payers)
    return Reply(text, (*edit_buttons(booked, t, payers), (back,)))


def edit_buttons(booked: Booked, t: Localizer, payers: Payers) -> Buttons:
    """Return a button for each field, one to book the same again, the receipt and the deletion."""
    entry_id = booked.entry.id
    fields = [
        press(t("button.amount"), buttons.prompt(entry_id, "amount"), t),
        press(t("button.day"), buttons.dates(entry_id), t),
        press(t("button.category"), buttons.categories(entry_id), t),
        press(t("button.shop"), buttons.prompt(entry_id, "merchant"), t),
        press(t("button.note"), buttons.prompt(entry_id, "note"), t),
        press(t("button.currency"), buttons.currencies(entry_id), t),
    ]
    # In a private chat there is nobody else who may have paid.
    if payers:
        fields.append(press(t("button.payer"), buttons.payers(entry_id), t))
    others = [press(t("button.again"), buttons.again(entry_id), t)]
    if booked.has_picture:
        others.append(press(t("button.picture"), buttons.picture(entry_id), t))
    return (*in_rows(fields, 2), *in_rows([*others, delete_button(booked.entry, t)], 2))


def payer_choice(
    booked: Booked,
    t: Localizer,
    *,
    members: Mapping[int, str],
    today: date,
    payers: Payers = NOBODY,
) -> Reply:
    """Offer the members who may have paid; the present payer is ticked."""
    entry = booked.entry
    found = [
        press(
            ticked(t.user(name, _NAME_MAX), t, current=user_id == entry.paid_by),
            buttons.payer(entry.id, user_id),
            t,
        )
        for user_id, name in list(members.items())[:_MEMBERS_MAX]
    ]
    back = press(t("button.back"), buttons.show(entry.id), t)
    text = confirmation_text(booked, t, today=today, payers=payers)
    return Reply(text, (*in_rows(found, 2), (back,)))


def value_prompt(
    booked: Booked,
    t: Localizer,
    *,
    asked: tuple[str, str],
    today: date,
    payers: Payers = NOBODY,
) -> Reply:
    """Ask for a value to be typed; `asked` are the field and the id of the question."""
    field, question_id = asked
    back = press(t("button.back"), buttons.answer(question_id, NONE_OF_THEM), t)
    text = confirmation_text(booked, t, today=today, payers=payers)
    return Reply(rows(text, t(f"prompt.{field}")), ((back,),))
