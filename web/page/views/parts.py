"""Build the parts that several views share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from markupsafe import Markup

from ledger.chats import Member
from ledger.entries.entry import Entry
from ledger.money import Money
from ledger.periods.period import Period, RecurringKind
from ledger.settings import Settings
from presentation.charts import category_icon
from presentation.localizer import Localizer
from presentation.markup import visible
from presentation.page_links import Links
from presentation.views.parts import day_title, shop_name

_KINDS: tuple[RecurringKind, ...] = ("week", "month", "year")
_MERCHANT_MAX = 80


@dataclass(frozen=True, slots=True)
class Context:
    """The words and formats of a ledger, its day, its links and its people, for every view."""

    t: Localizer
    today: date
    links: Links
    members: Sequence[Member] = ()

    def drawn(self, svg: str) -> Markup:
        """Mark a drawing of `presentation.charts` as safe; it escapes its own texts."""
        return Markup(svg)  # noqa: S704

    def payer(self, user_id: int) -> str:
        """Return who paid, where a ledger has several people."""
        if len(self.members) < 2:  # noqa: PLR2004  # everything is paid by the only one
            return ""
        return next((m.name for m in self.members if m.user_id == user_id), "")


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads somewhere."""

    label: str
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class PeriodBar:
    """The period of a view, with the ways to others."""

    name: str
    earlier: Link
    later: Link | None
    kinds: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry in a list."""

    url: str
    icon: Markup
    title: str
    facts: tuple[str, ...]
    amount: str
    counted: str
    """The amount in the ledger's currency, where that is another; else empty."""
    is_income: bool
    has_picture: bool


@dataclass(frozen=True, slots=True)
class DayRows:
    """The entries of a day."""

    day: str
    rows: tuple[EntryRow, ...]


def period_bar(period: Period, settings: Settings, context: Context) -> PeriodBar:
    """Return the period's name, its neighbours, and the week, month and year around it."""
    t, links, calendar = context.t, context.links, settings.calendar
    before, after = calendar.previous(period), calendar.next(period)
    # Another kind shows today where the period holds it, else the end of what was shown.
    anchor = context.today if period.contains(context.today) else period.last
    kinds = tuple(
        Link(t.plain(f"app.kind.{kind}"), links.overview(other), other == period)
        for kind in _KINDS
        for other in (calendar.of(kind, anchor),)
    )
    later = None
    if after.start <= context.today:
        later = Link(t.dates(after, context.today), links.overview(after))
    return PeriodBar(
        capital(t.period(period, context.today)),
        Link(t.dates(before, context.today), links.overview(before)),
        later,
        kinds,
    )


def entry_row(entry: Entry, context: Context, *, dated: bool = False) -> EntryRow:
    """Return the row of an entry; `dated` names its day, for lists that are not cut into days."""
    t = context.t
    title = entry_title(entry, context)
    category = category_name(entry.category, t)
    facts = (
        category if title != category else "",
        day_title(entry.spent_on, context.today, t) if dated else "",
        context.payer(entry.paid_by),
        " ".join(f"#{tag}" for tag in entry.tags),
    )
    foreign = entry.base is not None and entry.base.money.currency != entry.money.currency
    return EntryRow(
        context.links.entry(entry.id),
        context.drawn(category_icon(entry.category)),
        title,
        tuple(fact for fact in facts if fact),
        t.amount(entry),
        t.money(entry.base.money) if entry.base and foreign else "",
        entry.type == "income",
        entry.receipt_id is not None,
    )


def entry_title(entry: Entry, context: Context) -> str:
    """Return shop and note of an entry, or else its category."""
    shop = shop_name(entry.merchant or "")[:_MERCHANT_MAX]
    return " · ".join(filter(None, (shop, entry.note))) or category_name(entry.category, context.t)


def category_name(category: str, t: Localizer) -> str:
    """Name a category without its emoji; an entry without one has a text too."""
    return t.category_name(category) if category else t.plain("category.none")


def day_rows(entries: Sequence[Entry], context: Context) -> tuple[DayRows, ...]:
    """Return entries, newest first, by their days."""
    return tuple(
        DayRows(
            day_title(day, context.today, context.t),
            tuple(entry_row(one, context) for one in found),
        )
        for day, found in groupby(entries, key=lambda one: one.spent_on)
    )


def money(amount: Money, context: Context) -> str:
    """Write an amount."""
    return context.t.money(amount)


def plain(text: str) -> str:
    """Return the visible text of a part that was made for the chat."""
    return visible(text)


def capital(text: str) -> str:
    """Begin a text with a capital, as it does at the head of a view."""
    return text[:1].upper() + text[1:]
