"""Show a summary, asked for or pushed, as a caption under its picture."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from ledger.money import Money
from ledger.period import Period
from ledger.summary import CategoryTotal, Summary
from ports.answers import Summarised
from ports.messages import Button, Buttons, Reply
from presentation import buttons
from presentation.localizer import Localizer
from presentation.markup import CAPTION_MAX, EMPTY, Html, blocks, dotted, fitting, rows, seen_units
from presentation.pictures.fonts import drawable
from presentation.views.drawn import ROWS_MAX, summary_picture
from presentation.views.filters import filter_parts
from presentation.views.parts import budget_line, press
from presentation.views.pushes import highlights, push_buttons

_BUDGETS_MAX = 3
_UNCONVERTED_MAX = 5


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
        waiting,
    )
    # A caption has a quarter of a message's length; 4 units are the blank lines between three
    # blocks.
    room = CAPTION_MAX - seen_units(top) - seen_units(foot) - 4
    if room < 0:
        # Long budget names can fill the caption alone; then budgets are left out, `/budget` has
        # them.
        foot, room = _income(sums, t), CAPTION_MAX - seen_units(top) - 200
    text = blocks(top, _categories(sums, t, room), foot)
    return Reply(text, _buttons(value, t, today=today), summary_picture(value, t, today=today))


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


def _categories(sums: Summary, t: Localizer, room: int) -> Html:
    """Write the rows of the picture: each category, or the first ones and the rest."""
    lines = [_category(sums, one, i, t) for i, one in enumerate(sums.categories, start=1)]
    if len(lines) <= ROWS_MAX and fitting(lines, room) == len(lines):
        return rows(*lines)
    # 60 units are kept for the row of the rest.
    shown = min(fitting(lines, room - 60), ROWS_MAX - 1)
    rest = sum((c.total.amount for c in sums.categories[shown:]), start=Decimal(0))
    amount = Money(rest, sums.currency)
    # "1 more category" would take as much room as its name.
    if len(lines) - shown == 1:
        last = t.category(sums.categories[-1].category)
        return rows(*lines[:shown], t("summary.rest_one", category=last, amount=amount))
    return rows(*lines[:shown], t("summary.rest", len(lines) - shown, amount=amount))


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
    return t("summary.income_saved", income=sums.income, saved=sums.saved)


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
    entries = press(
        t("button.entries"), buttons.page(replace(value.which, period=value.summary.period)), t
    )
    if value.kind != "asked":
        return ((entries,), *push_buttons(value.kind, value.open_questions, t))
    return ((_earlier(value, t, today=today), entries),)


def _earlier(value: Summarised, t: Localizer, *, today: date) -> Button:
    """Return the whole period before, which begins where the compared stretch does."""
    # `sums.before` is cut to as many days as have passed; the button shows the whole period.
    sums = value.summary
    before = Period(sums.before.start, sums.period.start, sums.period.kind)
    label = t("button.earlier", period=t.period(before, today))
    return press(label, buttons.summary(replace(value.which, period=before)), t)


def _empty(value: Summarised, t: Localizer, *, today: date) -> Reply:
    text = t(f"summary.empty.{value.kind}", period=_asked(value, t, today=today))
    if value.kind != "asked":
        return Reply(text)
    return Reply(text, ((_earlier(value, t, today=today),),))
