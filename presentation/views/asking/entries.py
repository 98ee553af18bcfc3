"""Show entries in pages, and one entry in detail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from ledger.entries.entry import Entry
from ledger.entries.queries import Cursor, EntryFilter
from ports.answers import Booked, Page, WhichEntry
from ports.messages import Action, Button, Buttons, Reply
from presentation import buttons
from presentation.localizer import Localizer
from presentation.markup import (
    CAPTION_MAX,
    EMPTY,
    TEXT_MAX,
    Html,
    blocks,
    bold,
    dotted,
    fitting,
    rows,
    seen_units,
)
from presentation.views.asking.filters import filter_parts
from presentation.views.cards.editing import edit_buttons
from presentation.views.parts import (
    NOBODY,
    Payers,
    budget_lines,
    category_of,
    counted,
    day_title,
    head,
    in_rows,
    named,
    press,
    remarks,
    shop_name,
    tags,
)

_NUMBERS_PER_ROW = 5
_CHOICES_MAX = 40
_FULL_NOTE_MAX = 1000


@dataclass(frozen=True, slots=True)
class PagePlace:
    """The place of a page: behind which others it comes, and in what kind of message."""

    trail: tuple[Cursor, ...] = ()
    """The cursors that led here, as the button carried them; empty on the first page."""
    in_picture: bool = False


FIRST_PAGE = PagePlace()


def page(
    value: Page,
    t: Localizer,
    *,
    today: date,
    payers: Payers = NOBODY,
    place: PagePlace = FIRST_PAGE,
) -> Reply:
    """List a page of entries, newest first; a number opens the entry of that line.

    In a picture's caption a number shows the entry in the place of the page.
    """
    trail, in_picture = place.trail, place.in_picture
    title = _title(value, t, today=today)
    if value.is_unasked and value.entries:
        title = rows(t("page.find_how"), EMPTY, title)
    if not value.entries:
        empty = _empty_page(value, title, t, today=today)
        return replace(empty, keeps_picture=in_picture)
    days = _days(value, t, today=today, payers=payers)
    # Long notes, names and tags may exceed a message, so rows are cut; buttons still open them.
    room = CAPTION_MAX if in_picture else TEXT_MAX
    shown = days[: fitting(days, room - seen_units(title) - 2)]
    opens = [
        Button(t.number(number), _opening(one, value, trail, in_picture=in_picture))
        for number, one in enumerate(value.entries, start=value.first)
    ]
    return Reply(
        blocks(title, rows(*shown)),
        (*in_rows(opens, _NUMBERS_PER_ROW), *_turn(value, t, trail)),
        keeps_picture=in_picture,
    )


def _opening(one: Entry, value: Page, trail: Sequence[Cursor], *, in_picture: bool) -> Action:
    if in_picture:
        return buttons.look(one.id, value.which, trail)
    return buttons.open_entry(one.id)


def _empty_page(value: Page, title: Html, t: Localizer, *, today: date) -> Reply:
    """Say why there is nothing, and where there is something."""
    if value.latest is not None:
        latest = t("page.latest", day=t.day(value.latest, today))
        every = buttons.page(replace(value.which, period=None))
        return Reply(
            rows(title, t("page.empty_period"), latest), ((press(t("button.any_time"), every, t),),)
        )
    return Reply(rows(title, t(_reason(value.which))))


def _reason(which: EntryFilter) -> str:
    """Return the text for no match, or for a ledger without entries."""
    if which.words:
        return "page.nothing_found"
    return "page.nothing_matches" if which.is_narrow else "page.empty"


def _title(value: Page, t: Localizer, *, today: date) -> Html:
    last = value.first + len(value.entries) - 1
    return dotted(
        bold(t("page.title")),
        *filter_parts(value.which, value.members, t, today=today),
        t("page.place", first=value.first, last=last, total=value.total) if value.entries else "",
    )


def _days(value: Page, t: Localizer, *, today: date, payers: Payers) -> list[Html]:
    """Return a heading per day, and a line per entry below it."""
    lines: list[Html] = []
    numbered = enumerate(value.entries, start=value.first)
    # `groupby` needs no sorting here, because a page is ordered by day.
    for day, group in groupby(numbered, key=lambda pair: pair[1].spent_on):
        lines.append(bold(day_title(day, today, t)))
        lines.extend(_line(number, one, t, payers) for number, one in group)
    return lines


def _line(number: int, entry: Entry, t: Localizer, payers: Payers) -> Html:
    title = named(entry, t)
    amount = t.amount(entry)
    what = t("entry.brief", amount=amount, title=title) if title else amount
    payer = t.user(payers.get(entry.paid_by, ""), 40)
    facts = dotted(what, category_of(entry, t), payer, tags(entry, t))
    return t("captured.row", number, what=facts)


def _turn(value: Page, t: Localizer, trail: Sequence[Cursor]) -> Buttons:
    found: list[Button] = []
    if trail:
        # A cursor only leads forward, so the button carries the cursors of all earlier pages.
        back = buttons.page(value.which, trail[:-1])
        found.append(press(t("button.newer"), back, t))
    if value.next:
        onward = buttons.page(value.which, (*trail, value.next))
        found.append(press(t("button.older"), onward, t))
    turns = (tuple(found),) if found else ()
    if value.which.period is None:
        return turns
    return (*turns, (press(t("button.summary"), buttons.summary(value.which), t),))


def entry(booked: Booked, t: Localizer, *, today: date, payers: Payers = NOBODY) -> Reply:
    """Show every detail of an entry, with all of its actions."""
    one = booked.entry
    if one.deleted_at is not None:
        way_back = press(t("button.undo"), buttons.restore(one.id), t)
        return Reply(rows(head(one, t), t("entry.deleted")), ((way_back,),))
    payer = payers.get(one.paid_by, "")
    facts = rows(
        category_of(one, t),
        t.dated(one.spent_on, today),
        t("entry.paid_by", name=t.user(payer, 40)) if payer else "",
        tags(one, t),
        counted(one, t, today=today),
        *remarks(booked, t, today=today),
    )
    text = blocks(rows(_full_head(one, t), facts), rows(*budget_lines([booked], t)))
    return Reply(text, edit_buttons(booked, t, payers))


def _full_head(one: Entry, t: Localizer) -> Html:
    """Return the first line with the note as long as a message can hold it."""
    title = dotted(t.user(shop_name(one.merchant or ""), 200), t.user(one.note, _FULL_NOTE_MAX))
    if not title:
        return t("entry.head_bare", amount=t.amount(one))
    return t("entry.head", amount=t.amount(one), title=title)


def which_entry(value: WhichEntry, t: Localizer) -> Reply:
    """Ask which of several entries a correction means."""
    found = [
        press(_choice(one, t), buttons.correct(one.id, value.words), t)
        for one in value.entries[:_CHOICES_MAX]
    ]
    return Reply(t("asked.which_entry"), in_rows(found, 1))


def _choice(one: Entry, t: Localizer) -> Html:
    title = t.user(one.title, 60)
    amount = t.amount(one)
    return t("entry.brief", amount=amount, title=title) if title else Html(amount)
