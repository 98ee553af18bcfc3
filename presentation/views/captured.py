"""Confirm booked entries, and explain the parts that were not booked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from ledger.entries.source_keys import recurring_occurrence
from ledger.money import Money
from ledger.periods.period import Period
from ports.answers import Booked, Captured, Corrected, Refused
from ports.messages import Button, Buttons, Line, Reply
from presentation import buttons
from presentation.localizer import Localizer
from presentation.markup import EMPTY, TEXT_MAX, Html, blocks, dotted, fitting, rows, seen_units
from presentation.views.cards.doubtful_fields import mark_buttons, mark_lines
from presentation.views.parts import (
    NOBODY,
    Payers,
    brief,
    budget_lines,
    counted,
    delete_button,
    facts,
    head,
    in_rows,
    named,
    press,
    remarks,
)

_CANDIDATES = 3
_REFUSED_MAX = 1200
"""UTF-16 units for what was not booked; a long pasted list of bad lines is cut there."""
_MORE_MAX = 80
_WIDE_ROWS = 8
"""Up to so many entries each has a button with its name; beyond, a number."""
_BUTTONS_MAX = 10
_NUMBERS_PER_ROW = 5


def captured(
    value: Captured, t: Localizer, *, today: date, payers: Payers = NOBODY
) -> Reply | None:
    """Confirm booked entries and list refused parts; None when there are neither.

    Questions in `value.asked` are messages of their own (`asked`), alerts too (`alert`).
    """
    if value.silent or not (value.booked or value.refused):
        return None
    # A silent answer and an empty one both mean no message, because a group's chatter gets none.
    left_out = _refused(value.refused, t)
    if len(value.booked) == 1:
        reply = confirmation(value.booked[0], t, today=today, payers=payers)
        return reply if not left_out else Reply(blocks(Html(reply.text), left_out), reply.buttons)
    if not value.booked:
        return Reply(left_out)
    return _several(value.booked, left_out, t, today=today, payers=payers)


def confirmation(booked: Booked, t: Localizer, *, today: date, payers: Payers = NOBODY) -> Reply:
    """Confirm one entry; every later edit of the message shows this as well."""
    said = _said(booked, t, today=today, payers=payers)
    opener = press(brief(booked.entry, t), buttons.open_entry(booked.entry.id), t)
    return Reply(
        rows(*said, *budget_lines([booked], t)),
        confirmation_buttons(booked, t, today=today),
        line=Line(dotted(*said), opener),
    )


def corrected(value: Corrected, t: Localizer, *, today: date, payers: Payers = NOBODY) -> Reply:
    """Show an entry after a correction; it takes the place of its confirmation."""
    reply = confirmation(value.booked, t, today=today, payers=payers)
    if value.learned:
        reply = Reply(rows(reply.text, t("entry.learned")), reply.buttons)
    further = _follow_buttons(value, t)
    return replace(reply, buttons=(*reply.buttons, further)) if further else reply


def _follow_buttons(value: Corrected, t: Localizer) -> tuple[Button, ...]:
    """Offer a corrected entry's change to its series: from now on, or all of it."""
    entry = value.booked.entry
    if value.before is None or recurring_occurrence(entry.source_key) is None:
        return ()
    return tuple(
        press(t(f"series.reach.{reach}"), buttons.series_follow(entry.id, reach), t)
        for reach in ("on", "all")
    )


def confirmation_text(
    booked: Booked, t: Localizer, *, today: date, payers: Payers = NOBODY
) -> Html:
    """Return amount and purpose, facts, remarks, and the state of its budgets."""
    return rows(*_said(booked, t, today=today, payers=payers), *budget_lines([booked], t))


def _said(booked: Booked, t: Localizer, *, today: date, payers: Payers) -> tuple[Html, ...]:
    return (
        head(booked.entry, t),
        facts(booked, t, today=today, payers=payers),
        counted(booked.entry, t, today=today),
        *remarks(booked, t, today=today),
        *mark_lines(booked, t, today=today),
    )


def confirmation_buttons(booked: Booked, t: Localizer, *, today: date) -> Buttons:
    """Return the buttons of a confirmation; a doubtful field gets its likeliest values."""
    entry = booked.entry
    doubts = mark_buttons(booked, t, today=today)
    others = (Button(t.button("button.edit"), buttons.edit(entry.id)), delete_button(entry, t))
    if not entry.category_guessed:
        category = Button(t.button("button.category"), buttons.categories(entry.id))
        return (*doubts, (category, *others))
    # The guess itself comes first: pressing it confirms the guess and teaches the chat.
    likely = [i for i in (entry.category, *booked.alternatives) if i]
    candidates = tuple(
        press(t.category(i), buttons.category(entry.id, i), t)
        for i in list(dict.fromkeys(likely))[:_CANDIDATES]
    )
    more = press(t("button.more"), buttons.categories(entry.id), t)
    return (*doubts, *in_rows(candidates, 2), (more, *others))


def _several(
    booked: Sequence[Booked], left_out: Html, t: Localizer, *, today: date, payers: Payers
) -> Reply:
    lines = [
        t("captured.row", i, what=_row(one, t, today=today, payers=payers))
        for i, one in enumerate(booked, start=1)
    ]
    total = _total(booked, t)
    title = t("captured.several_total" if total else "captured.several", len(booked), total=total)
    state = rows(*budget_lines(booked, t))
    # Total, budgets and refusals must be seen whole, so only rows of entries are cut.
    room = TEXT_MAX - seen_units(title) - seen_units(left_out) - seen_units(state) - _MORE_MAX
    shown = fitting(lines, room)
    more = t("captured.more", len(lines) - shown) if shown < len(lines) else EMPTY
    text = blocks(title, rows(*lines[:shown], more), state, left_out)
    return Reply(text, _openers(booked, min(shown, _BUTTONS_MAX), t))


def _row(one: Booked, t: Localizer, *, today: date, payers: Payers) -> Html:
    """Return one entry of several as a line of amount, purpose, facts and remarks."""
    title = named(one.entry, t)
    amount = t.amount(one.entry)
    what = t("entry.brief", amount=amount, title=title) if title else amount
    rate = counted(one.entry, t, today=today)
    said = (rate, *remarks(one, t, today=today), *mark_lines(one, t, today=today))
    return dotted(what, facts(one, t, today=today, payers=payers), *said)


def _total(booked: Sequence[Booked], t: Localizer) -> str:
    """Return the sum of several entries; empty unless currency and type are the same."""
    kinds = {(one.entry.money.currency, one.entry.type) for one in booked}
    # A sum over currencies needs a rate, and expenses with income would cancel each other out.
    if len(kinds) != 1:
        return ""
    ((currency, kind),) = kinds
    amount = sum(
        (one.entry.money.amount for one in booked), start=Money.of_minor(0, currency).amount
    )
    return t.money(Money(amount, currency), plus=kind == "income")


def _openers(booked: Sequence[Booked], count: int, t: Localizer) -> Buttons:
    """Return a button for each of the first `count` entries, and one that lists the others.

    A button carries the entry in a few words, or its number when there are many.
    """
    # More buttons hide the message on a phone, and Telegram takes at most 100.
    opened = booked[:count]
    others = (_list_button(booked, t),) if len(booked) > count else ()
    if len(booked) <= _WIDE_ROWS:
        wide = [press(brief(b.entry, t), buttons.open_entry(b.entry.id), t) for b in opened]
        return (*in_rows(wide, 2), *in_rows(others, 1))
    numbered = [
        Button(t.number(i), buttons.open_entry(one.entry.id))
        for i, one in enumerate(opened, start=1)
    ]
    return (*in_rows(numbered, _NUMBERS_PER_ROW), *in_rows(others, 1))


def _list_button(booked: Sequence[Booked], t: Localizer) -> Button:
    """Return the button that lists the entries from the first to the last day of these."""
    days = {one.entry.spent_on for one in booked}
    end = max(days) + timedelta(days=1)
    period = Period(min(days), end, "day" if len(days) == 1 else "custom")
    return press(t("button.list_all"), buttons.entries(period), t)


def _refused(refused: Sequence[Refused], t: Localizer) -> Html:
    """List every part that was not booked, with the reason and the remedy."""
    lines = [refusal(one, t) for one in refused]
    shown = fitting(lines, _REFUSED_MAX)
    more = t("captured.more_refused", len(lines) - shown) if shown < len(lines) else EMPTY
    return rows(*lines[:shown], more)


def refusal(one: Refused, t: Localizer) -> Html:
    """Return the reason why one part was not booked."""
    values = {name: t.user(value, 80) for name, value in one.values.items()}
    why = t.first((f"refused.{one.reason}", "refused.not_understood"), **values)
    if not one.words:
        return why
    return t("refused.part", words=t.user(one.words, 80), why=why)
