"""Show a question with a button for each likely answer, one question at a time."""

from __future__ import annotations

from datetime import date

from ledger.entries.entry import Entry
from ledger.money import Money
from ledger.questions import DELETE, NONE_OF_THEM
from ports.answers import Asked, Captured, OpenQuestions, Option
from ports.messages import Button, Buttons, Reply
from presentation import buttons
from presentation.localizer import Localizer
from presentation.markup import EMPTY, Html, bold, dotted, escape, rows
from presentation.views.parts import NOBODY, Payers, brief, day_title, head, in_rows, named, press

_OPTIONS_MAX = 12
_WORDS_MAX = 100
_NAME_MAX = 40
_NARROW = 14
"""Labels up to this length stand two in a row."""


def asked(value: Asked, t: Localizer, *, today: date, payers: Payers = NOBODY) -> Reply:
    """Ask what could not be decided; a typed reply answers as well as a press."""
    words = t.listed(*(brief(one, t) for one in value.about)) or t.user(value.words, _WORDS_MAX)
    # The typed words are not kept, so a question that `/open` asks again names what it would book.
    words = words or t.listed(*(brief(one, t) for one in _first_option(value)))
    if value.is_typed:
        question = t.first((f"asked.typed.{value.kind}", "asked.typed.other"))
    else:
        question = t.first((f"asked.{value.kind}", "asked.other"), words=words, home=t.currency)
    about = _side_by_side(value, t, today=today, payers=payers) or _about(value, t)
    options = value.options[:_OPTIONS_MAX]
    found = [_button(value, index, option, t, today=today) for index, option in enumerate(options)]
    width = 2 if all(len(button.label) <= _NARROW for button in found) else 1
    return Reply(rows(about, question), (*in_rows(found, width), *_ways_out(value, t)))


def _first_option(value: Asked) -> tuple[Entry, ...]:
    return value.options[0].entries if value.options else ()


def open_questions(value: OpenQuestions, t: Localizer) -> Reply:
    """Say how many questions wait; each follows as a message of its own."""
    if not value.asked:
        return Reply(t("asked.nothing_open"))
    return Reply(t("asked.open", len(value.asked)))


def answered(value: Captured, t: Localizer) -> Reply:
    """Say that a question is answered, in its place and without its buttons."""
    if not value.booked:
        return Reply(t("asked.closed"))
    return Reply(t("asked.answered", what=brief(value.booked[0].entry, t)))


def withdrawn(t: Localizer) -> Reply:
    """Say that a question is closed, since its message was edited."""
    return Reply(t("asked.withdrawn"))


def _side_by_side(value: Asked, t: Localizer, *, today: date, payers: Payers) -> Html:
    """Show the receipt that may be the same next to the one that is booked."""
    if value.same_as is None or value.draft is None:
        return EMPTY
    booked = value.same_as
    payer = t.user(payers.get(booked.paid_by, ""), _NAME_MAX)
    new_payer = t.user(payers.get(value.draft.paid_by, ""), _NAME_MAX)
    sent = t.day(booked.created_at.date(), today)
    return rows(
        t("asked.same.booked", what=_receipt(booked, t, today=today, payer=payer), day=sent),
        t("asked.same.new", what=_receipt(value.draft, t, today=today, payer=new_payer)),
    )


def _receipt(entry: Entry, t: Localizer, *, today: date, payer: Html) -> Html:
    return dotted(t.amount(entry), named(entry, t), t.day(entry.spent_on, today), payer)


def _button(value: Asked, index: int, option: Option, t: Localizer, *, today: date) -> Button:
    return press(
        option_label(value, option, t, today=today), buttons.answer(value.question_id, index), t
    )


def _about(value: Asked, t: Localizer) -> Html:
    """Return the known facts; an amount that is in question is left out."""
    if value.draft is None or value.words:
        return EMPTY
    if value.kind == "receipt_total" or not value.draft.money.amount:
        title = named(value.draft, t)
        return bold(title) if title else EMPTY
    return head(value.draft, t)


def option_label(value: Asked, option: Option, t: Localizer, *, today: date) -> Html:
    """Describe the entry that an option would book, in a few words."""
    choices = [one for one in value.options if one != Option()]
    own = f"asked.{value.kind}.yes"
    if len(choices) == 1 and option in choices and t.has(own):
        return t(own)
    if len(option.entries) == 1:
        only = option.entries[0]
        own = f"asked.{value.kind}.{only.type}"
        if t.has(own):  # says by itself what becomes of the amount: spent, or income
            return t(own, amount=only.money)
        return _one(value, only, t, today=today)
    if option.entries:
        amounts = t.listed(*(t.amount(entry) for entry in option.entries))
        return t("option.several", len(option.entries), amounts=amounts)
    return _plain(value, option, t, today=today)


def _one(value: Asked, entry: Entry, t: Localizer, *, today: date) -> Html:
    """Describe an entry by its difference from the other options; for a receipt by that alone."""
    entries = [entry for option in value.options for entry in option.entries]
    dated = len({one.spent_on for one in entries}) > 1
    label = brief(entry, t)
    if value.draft is not None:
        label = escape(t.amount(entry))
        if dated and len({one.money for one in entries}) == 1:
            return t("option.value", what=day_title(entry.spent_on, today, t))
    if dated:
        label = t("option.dated", what=label, day=t.day(entry.spent_on, today))
    if len({one.type for one in entries}) > 1:
        label = t(f"option.{entry.type}", what=label)
    return label


def _plain(value: Asked, option: Option, t: Localizer, *, today: date) -> Html:
    if option.amount is not None:
        currency = value.draft.money.currency if value.draft else t.currency
        return t("option.value", what=t.money(Money(option.amount, currency)))
    if option.on is not None:
        return t("option.value", what=day_title(option.on, today, t))
    if option.category is not None:
        return t("option.value", what=t.category(option.category))
    return t.first((f"asked.{value.kind}.no", "asked.none_of_them"))


def _ways_out(value: Asked, t: Localizer) -> Buttons:
    """Offer to type another answer where a receipt is asked about, and to book nothing.

    An option that books nothing, or the no of a question about words, deletes it.
    """
    if value.kind == "which_entry":
        return ()
    if value.about:
        keep = press(t("button.keep_it"), buttons.answer(value.question_id, NONE_OF_THEM), t)
        delete = press(t("button.delete"), buttons.answer(value.question_id, DELETE), t)
        return ((delete, keep),)
    if value.draft is None or value.kind == "receipt_same":
        if any(option == Option() for option in value.options):
            return ()
        label = t.first((f"asked.{value.kind}.no", "asked.none_of_them"))
        return ((press(label, buttons.answer(value.question_id, NONE_OF_THEM), t),),)
    delete = press(t("button.delete"), buttons.answer(value.question_id, DELETE), t)
    if not value.options:
        return ((delete,),)
    other = press(t("asked.none_of_them"), buttons.answer(value.question_id, NONE_OF_THEM), t)
    return ((other, delete),)


def never_mind(t: Localizer) -> Reply:
    """Confirm that a question was closed without booking."""
    return Reply(t("asked.never_mind"))
