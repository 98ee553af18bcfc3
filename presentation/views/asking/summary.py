"""Show a summary, asked for or pushed, as a caption under its picture."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from ledger.entries.queries import EntryFilter
from ledger.money import Money
from ledger.periods.period import Period
from ledger.summary import CategoryTotal, Summary
from ports.answers import Summarised
from ports.messages import Button, Buttons, Reply
from presentation import buttons
from presentation.localizer import Localizer
from presentation.markup import CAPTION_MAX, EMPTY, Html, blocks, dotted, fitting, rows, seen_units
from presentation.pictures.fonts import drawable
from presentation.views.asking.filters import filter_parts
from presentation.views.drawn import ROWS_MAX, summary_picture
from presentation.views.parts import budget_line, in_rows, press
from presentation.views.pushes import highlights, push_buttons
from presentation.views.recurring.offers import offer_buttons, offer_line, upcoming_lines

_BUDGETS_MAX = 3
_UNCONVERTED_MAX = 5
_CATEGORIES_MAX = 6
_CATEGORIES_PER_ROW = 3


def summary(value: Summarised, t: Localizer, *, today: date) -> Reply:
    """Show the figures of a period; explain how to begin when it is empty."""
    sums = value.summary
    if not (sums.count or sums.income.amount):
        return _empty(value, t, today=today)
    top = rows(_title(value, t, today=today), _spent(sums, t, today=today))
    waiting = t("summary.open", value.open_questions) if value.open_questions else EMPTY
    foot = blocks(
        highlights(value.highlights, t),
        rows(_income(sums, t), _unconverted(sums, t)),
        _budgets(value, t),
        upcoming_lines(value.upcoming, t, today=today),
        offer_line(value.offer, t) if value.offer else EMPTY,
        waiting,
    )
    # A caption has a quarter of a message's length; 4 units are the blank lines between three
    # blocks.
    room = CAPTION_MAX - seen_units(top) - seen_units(foot) - 4
    if room < 0:
        # Long budget names can fill the caption alone; then budgets are left out, `/budget` has
        # them.
        foot, room = _income(sums, t), CAPTION_MAX - seen_units(top) - 200
    shown = _count_rows(sums, t, room)
    text = blocks(top, _categories(sums, t, shown), foot)
    picture = summary_picture(value, t, today=today, shown=shown)
    return Reply(text, _buttons(value, t, today=today), picture)


def _title(value: Summarised, t: Localizer, *, today: date) -> Html:
    title = t(f"summary.title.{value.kind}", period=_asked(value, t, today=today))
    return t("summary.running", title=title) if value.summary.through else title


def _asked(value: Summarised, t: Localizer, *, today: date) -> Html | str:
    """Name the period, behind the categories, tags or words that were asked for."""
    if value.kind != "asked":
        # A push says itself that it is about a week or a month.
        return t.dates(value.summary.period, today)
    which = replace(value.which, period=value.summary.period)
    return dotted(*filter_parts(which, value.members, t, today=today))


def _spent(sums: Summary, t: Localizer, *, today: date) -> Html:
    """Return spending against the period before (as many days of it while this one runs)."""
    if sums.change is None:
        return t("summary.spent", amount=sums.spent)
    return t(
        "summary.spent_against",
        amount=sums.spent,
        change=t.change(sums.change),
        before=t.dates(sums.before, today),
    )


def _count_rows(sums: Summary, t: Localizer, room: int) -> int:
    """Return how many categories have a row of their own, in the text as in the picture."""
    lines = [_category(sums, one, i, t) for i, one in enumerate(sums.categories, start=1)]
    if len(lines) <= ROWS_MAX and fitting(lines, room) == len(lines):
        return len(lines)
    # 60 units are kept for the row of the rest, which never stands for a single category.
    return min(fitting(lines, room - 60), ROWS_MAX - 1, max(len(lines) - 2, 0))


def _categories(sums: Summary, t: Localizer, shown: int) -> Html:
    """Write a row for each category that is shown, and one for the rest."""
    lines = [_category(sums, one, i, t) for i, one in enumerate(sums.categories[:shown], start=1)]
    hidden = sums.categories[shown:]
    if not hidden:
        return rows(*lines)
    rest = sum((c.total.amount for c in hidden), start=Decimal(0))
    return rows(*lines, t("summary.rest", len(hidden), amount=Money(rest, sums.currency)))


def _category(sums: Summary, one: CategoryTotal, number: int, t: Localizer) -> Html:
    """Return a category's line, with its number where the picture could show only that."""
    name = t.category(one.category)
    figures = dotted(t.money(one.total), t.percent(sums.share(one)), t.change(one.change))
    if drawable(t.category_name(one.category)):
        return t("summary.row", category=name, figures=figures)
    return t("summary.row_numbered", number=number, category=name, figures=figures)


def _income(sums: Summary, t: Localizer) -> Html:
    if not sums.income.amount:
        return EMPTY
    if sums.saved.amount < 0:
        over = Money(-sums.saved.amount, sums.currency)
        return t("summary.income_overspent", income=sums.income, over=over)
    share = t.percent(sums.saved.amount / sums.income.amount)
    return t("summary.income_saved", income=sums.income, saved=sums.saved, share=share)


def _unconverted(sums: Summary, t: Localizer) -> Html:
    """Return amounts without a known rate, which are outside every total."""
    if not sums.unconverted:
        return EMPTY
    amounts = [t.money(money) for money in sums.unconverted]
    hidden = len(amounts) - _UNCONVERTED_MAX
    if hidden > 1:
        more = t.plain("summary.more_currencies", hidden)
        amounts = [*amounts[:_UNCONVERTED_MAX], more]
    return t("summary.unconverted", amounts=t.listed(*amounts))


def _budgets(value: Summarised, t: Localizer) -> Html:
    return rows(*(budget_line(state, t) for state in value.budgets[:_BUDGETS_MAX]))


def _buttons(value: Summarised, t: Localizer, *, today: date) -> Buttons:
    """Return the ways to other periods, into the categories, into the entries, and out."""
    if value.kind != "asked":
        # A push stays as it is, so its entries are a message of their own.
        entries = press(t("button.entries"), buttons.entries(value.summary.period), t)
        offered = offer_buttons(value.offer, t) if value.offer else ()
        return ((entries,), *offered, *push_buttons(value.kind, value.open_questions, t))
    which = value.which
    entries = press(t("button.entries"), buttons.page(which), t)
    return (
        _beside(value, t, today=today),
        *_into_categories(value, t),
        (entries, *_out(value, t)),
    )


def _beside(value: Summarised, t: Localizer, *, today: date) -> tuple[Button, ...]:
    """Return the periods before and after, the latter once it has begun."""
    period, calendar = value.summary.period, value.settings.calendar
    before, after = calendar.previous(period), calendar.next(period)
    found = [_of_period(value, "button.earlier", before, t, today=today)]
    if after.start <= today:
        found.append(_of_period(value, "button.later", after, t, today=today))
    return tuple(found)


def _of_period(
    value: Summarised, label: str, period: Period, t: Localizer, *, today: date
) -> Button:
    named = t(label, period=t.dates(period, today))
    return press(named, buttons.summary(replace(value.which, period=period)), t)


def _into_categories(value: Summarised, t: Localizer) -> Buttons:
    """Return a button for each of the largest categories, unless only one is summed up."""
    found = value.summary.categories
    if len(found) < 2:  # noqa: PLR2004  # the same figures again
        return ()
    which = value.which
    into = [
        press(
            t.category(one.category),
            buttons.summary(replace(which, scopes=(one.category,), categories=(one.category,))),
            t,
        )
        for one in found[:_CATEGORIES_MAX]
    ]
    return in_rows(into, _CATEGORIES_PER_ROW)


def _out(value: Summarised, t: Localizer) -> tuple[Button, ...]:
    """Return the way back to all spending of the period."""
    if not value.which.is_narrow:
        return ()
    everything = EntryFilter(period=value.summary.period)
    return (press(t("button.all_spending"), buttons.summary(everything), t),)


def _empty(value: Summarised, t: Localizer, *, today: date) -> Reply:
    asked = _asked(value, t, today=today)
    if value.kind != "asked":
        return Reply(t(f"summary.empty.{value.kind}", period=asked))
    if value.latest is None:
        name = "summary.nothing_matches" if value.which.is_narrow else "summary.empty.asked"
        return Reply(
            t(name, period=asked), _rows_of(_beside(value, t, today=today), _out(value, t))
        )
    text = t("summary.empty.other", period=asked, day=t.day(value.latest, today))
    ways = (*_beside(value, t, today=today), *_to_latest(value, t, today=today))
    picture = summary_picture(value, t, today=today, shown=0)
    return Reply(text, _rows_of(ways, _out(value, t)), picture)


def _rows_of(*found: tuple[Button, ...]) -> Buttons:
    """Return rows of buttons without the empty ones."""
    return tuple(row for row in found if row)


def _to_latest(value: Summarised, t: Localizer, *, today: date) -> tuple[Button, ...]:
    """Return the period of this kind in which the latest entry lies."""
    latest, calendar = value.latest, value.settings.calendar
    assert latest is not None
    match value.summary.period.kind:
        case "trip" | "custom":
            return ()
        case kind:
            period = calendar.of(kind, latest)
    if period in (calendar.previous(value.summary.period), calendar.next(value.summary.period)):
        return ()
    return (_of_period(value, "button.latest", period, t, today=today),)
