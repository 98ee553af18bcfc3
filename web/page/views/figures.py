"""Show the sums of a period: spending, allowance, income, and how it adds up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from markupsafe import Markup

from ledger.budgets.allowance import Allowance
from ledger.entries.queries import EntryFilter
from ledger.money import Money
from ledger.pace import Pace
from ledger.summary import CategoryTotal, Summary
from presentation.charts import PaceValues, category_icon, grid_of, pace, share_bar, shares_ring
from presentation.views.drawn import bare, direction
from services.dashboard.overview import Overview
from web.page.views.parts import Context, Link, category_name

_RING_PARTS = 7
_LABELS = 4
_DAILY_MAX = 62
"""Days up to which every day has a row, and is named by its number alone."""
_ROWS_MAX = 60
"""Rows of a longer time, one every so many days."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change against the period before."""

    text: str
    direction: int
    """1 for more, -1 for less, 0 for neither."""
    label: str
    """The same in words: an arrow says nothing to a screen reader."""


@dataclass(frozen=True, slots=True)
class AllowancePart:
    """The allowance of a day, and how it is found."""

    per_day: str
    days: str
    explained: tuple[str, ...]
    is_short: bool
    """The rest does not cover what is committed."""


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """A category with its sum."""

    name: str
    icon: Markup
    bar: Markup
    amount: str
    share: str
    change: Change | None
    url: str


@dataclass(frozen=True, slots=True)
class PaceRow:
    """The running sums on a day."""

    day: str
    spent: str
    before: str


@dataclass(frozen=True, slots=True)
class PacePart:
    """The chart of running sums with its table."""

    chart: Markup
    rows: tuple[PaceRow, ...]
    has_before: bool
    before_name: str
    days: int
    """The number of days on the axis."""
    step: int
    """Days from one row to the next."""


@dataclass(frozen=True, slots=True)
class SumsPart:
    """The head of a period."""

    spent: Link
    change: Change | None
    against: str
    days_left: str
    ring: Markup
    apart: str
    income: Link | None
    saved: str
    is_overspent: bool
    saved_share: str


def sums_part(sums: Summary, which: EntryFilter, context: Context) -> SumsPart:
    """Return the sums of a period, or of its entries that a filter lets through."""
    t, links = context.t, context.links
    income = None
    if sums.income.amount:
        url = links.entries(replace(which, type="income"))
        income = Link(t.money(sums.income), url)
    saved = Money(abs(sums.saved.amount), sums.currency)
    share = ""
    if sums.income.amount and sums.saved.amount >= 0:
        share = t.percent(sums.saved.amount / sums.income.amount)
    change = change_of(sums.change, context)
    return SumsPart(
        Link(t.money(sums.spent), links.entries(which)),
        change,
        t.plain("app.against", days=t.dates(sums.before, context.today)) if change else "",
        _days_left(sums, context),
        _ring(sums, context),
        _apart(sums, context),
        income,
        t.money(saved),
        sums.saved.amount < 0,
        share,
    )


def change_of(change: Decimal | None, context: Context) -> Change | None:
    """Return a change as a fraction with its arrow, None where there is nothing to compare."""
    if change is None:
        return None
    t, towards = context.t, direction(change)
    text = bare(t.change(change))
    name = {1: "app.more", -1: "app.less"}.get(towards, "app.same")
    return Change(text, towards, t.plain(name, change=text))


def _days_left(sums: Summary, context: Context) -> str:
    if sums.through is None:
        return ""
    return context.t.plain("app.days_left", (sums.period.end - context.today).days)


def _ring(sums: Summary, context: Context) -> Markup:
    t = context.t
    # Refunds may exceed the spending of a category, and a ring has no negative part.
    weights = [(one.category, max(0, one.total.minor)) for one in sums.categories]
    shown = weights[:_RING_PARTS]
    rest = sum(weight for _, weight in weights[_RING_PARTS:])
    shown += [("", rest)] if rest else []
    said = ", ".join(
        f"{category_name(one.category, t)} {t.percent(sums.share(one))}"
        for one in sums.categories[:_RING_PARTS]
    )
    words = (t.plain("app.ring"), said or t.plain("app.nothing_spent"))
    return context.drawn(shares_ring(shown, words, name="ring"))


def _apart(sums: Summary, context: Context) -> str:
    """Name the amounts without a known rate, which are in no sum."""
    if not sums.unconverted:
        return ""
    t = context.t
    return t.plain("app.apart", amounts=", ".join(t.money(one) for one in sums.unconverted))


def category_rows(sums: Summary, context: Context) -> tuple[CategoryRow, ...]:
    """Return a row for each category, the largest first."""
    most = max((one.total.minor for one in sums.categories), default=1)
    # The largest sum may be zero or below, where refunds are all there is.
    return tuple(_category(one, sums, max(most, 1), context) for one in sums.categories)


def _category(one: CategoryTotal, sums: Summary, most: int, context: Context) -> CategoryRow:
    t = context.t
    which = EntryFilter(period=sums.period, scopes=(one.category,), categories=(one.category,))
    return CategoryRow(
        category_name(one.category, t),
        context.drawn(category_icon(one.category)),
        context.drawn(share_bar(one.category, one.total.minor / most)),
        t.money(one.total),
        t.percent(sums.share(one)),
        change_of(one.change, context),
        context.links.entries(which),
    )


def allowance_part(allowance: Allowance | None, context: Context) -> AllowancePart | None:
    """Return what may be spent a day, and how that is found."""
    if allowance is None:
        return None
    t = context.t
    over = Money(abs(allowance.free.amount), allowance.free.currency)
    explained = [_rest(allowance, context)]
    if allowance.committed.amount:
        explained.append(t.plain("app.allowance.committed", amount=allowance.committed))
    is_short = allowance.free.amount < 0
    # Without anything committed the line before says the same figure.
    if is_short and allowance.free != allowance.left:
        explained.append(t.plain("app.allowance.short", amount=over))
    days = t.plain("app.allowance.days", allowance.days)
    return AllowancePart(t.money(allowance.per_day), days, tuple(explained), is_short)


def _rest(allowance: Allowance, context: Context) -> str:
    """Say what is left of a budget or an income, or by how much it is overspent."""
    t, left = context.t, allowance.left
    if left.amount >= 0:
        return t.plain(f"app.allowance.{allowance.basis}", left=left)
    over = Money(-left.amount, left.currency)
    return t.plain(f"app.allowance.over_{allowance.basis}", over=over)


def pace_part(overview: Overview, context: Context) -> PacePart | None:
    """Return how spending added up, against the whole period before."""
    found, sums, t = overview.pace, overview.summary, context.t
    if found is None or not any((*found.spent, *found.before)):
        return None
    before = t.settings.calendar.previous(sums.period)
    before_name = t.dates(before, context.today)
    values = PaceValues(
        found.spent,
        found.before,
        found.days,
        grid=tuple(
            (line, t.money(Money.of_minor(line, sums.currency)))
            for line in grid_of(max((*found.spent, *found.before)))
        ),
        labels=_labels(found, sums),
    )
    # A year has a row a week, a longer time as many: hundreds of rows help nobody and weigh more than the
    # rest of the page.
    step = 1 if found.days <= _DAILY_MAX else max(7, found.days // _ROWS_MAX)
    shown = range(0, len(found.spent), step)
    rows = tuple(_pace_row(day, found, sums, context) for day in shown)
    said = t.plain("app.pace.said", spent=sums.spent)
    if found.before:
        today = min(len(found.spent), len(found.before)) - 1
        then = Money.of_minor(found.before[today], sums.currency)
        said = t.plain("app.pace.said_against", spent=sums.spent, then=then, before=before_name)
    chart = pace(values, (t.plain("app.pace.title"), said), name="pace")
    drawn = context.drawn(chart)
    return PacePart(drawn, rows, bool(found.before), before_name, found.days, step)


def _labels(found: Pace, sums: Summary) -> tuple[tuple[int, str], ...]:
    """Return the days below the axis: the first, the last, and some between."""
    last = found.days - 1
    marks = sorted({round(last * part / _LABELS) for part in range(_LABELS + 1)})
    days = [(mark, sums.period.start + timedelta(days=mark)) for mark in marks]
    is_long = found.days > _DAILY_MAX
    return tuple(
        (mark, f"{day.day}.{day.month}." if is_long else str(day.day)) for mark, day in days
    )


def _pace_row(day: int, found: Pace, sums: Summary, context: Context) -> PaceRow:
    t = context.t
    before = ""
    if found.before:
        minor = found.before[min(day, len(found.before) - 1)]
        before = t.money(Money.of_minor(minor, sums.currency))
    on = sums.period.start + timedelta(days=day)
    return PaceRow(
        t.dated(on, context.today),
        t.money(Money.of_minor(found.spent[day], sums.currency)),
        before,
    )
