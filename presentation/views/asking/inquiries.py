"""Show the answer to a question: what was understood, the figure, its number of entries, and buttons.

The first line states the reading, so that a wrong one is seen. Every figure leads to its entries.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from ledger.entries.entry import Entry
from ledger.inquiries.answers import Figures, Group, InquiryAnswer
from ledger.inquiries.query import Op, Query
from ledger.money import Money
from ledger.periods.period import Period
from ports.messages import Button, Buttons, Reply
from presentation import buttons
from presentation.localizer import Localizer
from presentation.markup import EMPTY, Html, blocks, bold, dotted, escape, fitting, rows
from presentation.views.asking.filters import filter_parts
from presentation.views.asking.inquiry_buttons import action_of, lines_button
from presentation.views.parts import brief, in_rows, press, shop_name

_LINES_MAX = 3000
_NAME_MAX = 40
_OPENED_MAX = 6
"""Groups that have a button of their own."""
_APART_MAX = 5


def inquiry(value: InquiryAnswer, t: Localizer) -> Reply:
    """Answer a question about the ledger."""
    title = reading(value, t)
    if value.figures.is_empty and value.query.op not in ("recurring", "price"):
        if value.lines is None:
            return _empty(value, title, t)
        return Reply(blocks(title, rows(*_remarks(value, t))), _buttons(value, t))
    text = blocks(title, rows(_BODIES[value.query.op](value, t)), rows(*_remarks(value, t)))
    return Reply(text, _buttons(value, t))


def reading(value: InquiryAnswer, t: Localizer) -> Html:
    """Say how a question was understood: the operation, and every condition."""
    which = replace(value.which, type=None)
    parts = filter_parts(which, value.members, t, today=value.today)
    if value.query.filter.item:
        parts.insert(0, t("page.words", words=t.user(value.query.filter.item, _NAME_MAX)))
    whole = value.which.period is None and value.query.op not in ("last_time", "price")
    return dotted(bold(_title(value.query, t)), *parts, t("inquiry.all_time") if whole else EMPTY)


def _title(query: Query, t: Localizer) -> Html:
    if query.op in ("total", "count", "list") or query.type == "both":
        kind = "count" if query.op == "count" else query.type
        title = t(f"inquiry.title.{kind}")
    else:
        title = t(f"inquiry.title.{query.op}")
    if query.by_count and query.by:
        return t("inquiry.title.often", by=t(f"inquiry.by.{query.by}"))
    if query.by and query.op in ("total", "top", "compare", "trend"):
        return t("inquiry.title.by", title=title, by=t(f"inquiry.by.{query.by}"))
    if query.type == "income" and query.op not in ("total", "count"):
        return t("inquiry.title.of_income", title=title)
    return title


def _empty(value: InquiryAnswer, title: Html, t: Localizer) -> Reply:
    """Say that nothing was found, and where there is something."""
    latest = t("page.latest", day=t.day(value.latest, value.today)) if value.latest else EMPTY
    near = (
        t("inquiry.near", names=", ".join(t.user(name, _NAME_MAX) for name in value.near))
        if value.near
        else EMPTY
    )
    found: list[Button] = []
    if value.latest:
        anytime = replace(value.query, filter=replace(value.query.filter, period=None))
        found.append(press(t("button.any_time"), buttons.inquiry(anytime), t))
    for name in value.near:
        asked = replace(value.query.filter, words="", merchant=name)
        found.append(
            press(t.user(name, _NAME_MAX), buttons.inquiry(replace(value.query, filter=asked)), t)
        )
    for one in value.categories:
        asked = replace(value.query.filter, words="", scopes=(one,))
        action = buttons.inquiry(replace(value.query, filter=asked))
        found.append(press(t.category(one), action, t))
    of_category = t("inquiry.of_category") if value.categories else EMPTY
    text = rows(t("inquiry.nothing"), latest, near, of_category)
    return Reply(blocks(title, text), in_rows(found, 2))


def _remarks(value: InquiryAnswer, t: Localizer) -> list[Html]:
    """Name what is in no sum, what was taken off, and which words were found."""
    found: list[Html] = []
    if value.typed:
        found.append(t("inquiry.typed", amounts=", ".join(t.money(one) for one in value.typed)))
    if value.figures.apart:
        shown = ", ".join(t.money(money) for money in value.figures.apart[:_APART_MAX])
        found.append(t("inquiry.apart", amounts=shown))
    if value.figures.refunds:
        found.append(t("inquiry.refunds", value.figures.refunds))
    if value.searched:
        asked = t.user(value.query.filter.words, _NAME_MAX)
        found.append(t("inquiry.searched", words=asked, found=t.user(value.searched, _NAME_MAX)))
    if value.lines is not None:
        words = t.user(value.which.words, _NAME_MAX)
        amount = _amounts(value.lines, t)
        found.append(t("inquiry.lines", value.lines.count, words=words, amount=amount))
    if value.receipts and value.groups:
        found.append(t("inquiry.of_receipts", value.receipts))
    found += [t("inquiry.nothing_without", words=t.user(words, _NAME_MAX)) for words in value.kept]
    return found


# --- the figures of each operation


def _total(value: InquiryAnswer, t: Localizer) -> Html:
    total = t("inquiry.total", value.figures.count, amount=_amounts(value.figures, t))
    return rows(total, *_groups(value, t)) if value.groups else total


def _count(value: InquiryAnswer, t: Localizer) -> Html:
    total = t("inquiry.count", value.figures.count, amount=_amounts(value.figures, t))
    return rows(total, *_groups(value, t)) if value.groups else total


def _average(value: InquiryAnswer, t: Localizer) -> Html:
    if value.average is None:
        return _total(value, t)
    if value.query.op == "median":
        return t("inquiry.median", int(value.units), amount=value.average)
    if value.per is None:
        return t("inquiry.average", int(value.units), amount=value.average)
    average = t(
        f"inquiry.average.{value.per}",
        round(value.units),
        amount=value.average,
        units=value.units.quantize(Decimal("0.1")).normalize(),
    )
    return rows(average, _total(replace(value, groups=()), t))


def _top(value: InquiryAnswer, t: Localizer) -> Html:
    if value.query.by == "item":
        return rows(*_groups(value, t)) if value.groups else t("inquiry.no_items")
    return rows(*_groups(value, t), EMPTY, _total(replace(value, groups=()), t))


def _groups(value: InquiryAnswer, t: Localizer) -> list[Html]:
    by_time = value.query.op == "trend" or value.query.by in ("day", "week", "month")
    ranked = value.query.op == "top" or not by_time
    text = "inquiry.item" if value.query.by == "item" else "inquiry.group"
    lines = [
        t(
            text if ranked else "inquiry.step",
            group.figures.count,
            place=t.number(place),
            name=group_name(group, value, t),
            amount=_amounts(group.figures, t),
        )
        for place, group in enumerate(value.groups, start=1)
    ]
    shown = lines[: fitting(lines, _LINES_MAX)]
    hidden = value.others + len(lines) - len(shown)
    return [*shown, t("inquiry.others", hidden)] if hidden else shown


def _amounts(figures: Figures, t: Localizer) -> str:
    """Write a sum; where all of it lacks a rate, the amounts themselves."""
    if figures.apart and not figures.total.amount:
        return " + ".join(t.money(money) for money in figures.apart[:_APART_MAX])
    return t.money(figures.total)


def group_name(group: Group, value: InquiryAnswer, t: Localizer) -> Html:
    """Name a group of a sum."""
    match value.query.by or ("month" if value.query.op == "trend" else "category"), group.key:
        case _, Period() as period:
            return escape(t.dates(period, value.today))
        case "weekday", int(day):
            return escape(t.weekday(day))
        case "member", int(user_id):
            name = next((m.name for m in value.members if m.user_id == user_id), "…")
            return t.user(name, _NAME_MAX)
        case "tag" | "item" as kind, str(name):
            return t.user(f"#{name}" if kind == "tag" else name, _NAME_MAX)
        case "category", str(category):
            return escape(t.category(category))
        case _, key:
            return t.user(shop_name(str(key)), _NAME_MAX) if key else t("inquiry.no_shop")


def _entries(value: InquiryAnswer, t: Localizer) -> Html:
    lines = [_entry(entry, value.today, t) for entry in value.entries]
    return rows(*lines[: fitting(lines, _LINES_MAX)], _of_all(value, t))


def _entry(entry: Entry, today: date, t: Localizer) -> Html:
    return dotted(brief(entry, t), t.day(entry.spent_on, today))


def _of_all(value: InquiryAnswer, t: Localizer) -> Html:
    return t("inquiry.of_all", value.figures.count, amount=value.figures.total)


def _last_time(value: InquiryAnswer, t: Localizer) -> Html:
    if not value.entries:
        return t("inquiry.nothing")
    entry = value.entries[0]
    days = (value.today - entry.spent_on).days
    when = t("inquiry.ago", days) if days > 1 else EMPTY
    return rows(
        dotted(bold(t.dated(entry.spent_on, value.today)), when), brief(entry, t), _of_all(value, t)
    )


def _share(value: InquiryAnswer, t: Localizer) -> Html:
    whole = value.before.total if value.before else value.figures.total
    if not whole.amount:
        return _total(value, t)
    share = t.percent(value.figures.total.amount / whole.amount)
    return t(
        "inquiry.share", value.figures.count, share=share, amount=value.figures.total, whole=whole
    )


def _compare(value: InquiryAnswer, t: Localizer) -> Html:
    if value.before is None or value.before_period is None:
        alone = value.query.compare_to == "average_n" and not value.groups
        return rows(_total(value, t), t("inquiry.no_earlier") if alone else EMPTY)
    now, before = value.figures.total, value.before.total
    period = t.dates(value.before_period, value.today)
    told = t("inquiry.total", value.figures.count, amount=now)
    begun = t("inquiry.begun", day=t.dated(value.begun, value.today)) if value.begun else EMPTY
    if value.begun and value.before_period.last < value.begun:
        return rows(told, begun)  # a rise from what nobody recorded would be an invention
    lines = [
        told,
        _averaged(value, before, period, t)
        if value.query.compare_to == "average_n"
        else t("inquiry.before", value.before.count, amount=before, period=period),
        begun,
        _change(now, before, t),
    ]
    if value.before.apart:
        shown = ", ".join(t.money(money) for money in value.before.apart[:_APART_MAX])
        lines.append(t("inquiry.apart_before", amounts=shown))
    return rows(*lines)


def _averaged(value: InquiryAnswer, mean: Money, period: str, t: Localizer) -> Html:
    """Say over how many earlier periods an average goes, and whether only their first days count."""
    asked = value.which.period
    runs = asked is not None and asked.contains(value.today) and asked.last != value.today
    key = "inquiry.before_average.running" if runs else "inquiry.before_average"
    return t(key, int(value.units), amount=mean, period=period)


def _change(now: Money, before: Money, t: Localizer) -> Html:
    difference = Money(now.amount - before.amount, now.currency)
    if not difference.amount:
        return t("inquiry.same")
    key = "inquiry.more" if difference.amount > 0 else "inquiry.less"
    amount = Money(abs(difference.amount), now.currency)
    change = t.change(difference.amount / before.amount) if before.amount > 0 else ""
    return dotted(t(key, amount=amount), change)


def _trend(value: InquiryAnswer, t: Localizer) -> Html:
    lines = _groups(value, t)
    changed: Sequence[Html] = ()
    if len(value.groups) > 1:
        first, last = value.groups[0].figures.total, value.groups[-1].figures.total
        changed = (_change(last, first, t),)
    return rows(*lines, *changed, _total(replace(value, groups=()), t))


def _projection(value: InquiryAnswer, t: Localizer) -> Html:
    if value.average is None:
        return rows(_total(value, t), t("inquiry.no_pace"))
    end = value.which.period.last if value.which.period else value.today
    day = t.day(end, value.today)
    return rows(t("inquiry.projected", amount=value.average, day=day), _total(value, t))


def _recurring(value: InquiryAnswer, t: Localizer) -> Html:
    if not value.series:
        return t("inquiry.none_due")
    lines = [
        t(
            "inquiry.due",
            day=t.dated(on, value.today),
            title=t.user(series.title, _NAME_MAX),
            amount=series.money,
        )
        for series, on in value.series
    ]
    return rows(*lines[: fitting(lines, _LINES_MAX)])


def _price(value: InquiryAnswer, t: Localizer) -> Html:
    if not value.prices:
        return t("inquiry.no_price")
    lines = [
        dotted(
            t("inquiry.price", name=t.user(one.name, _NAME_MAX), amount=one.price),
            t.user(one.merchant, _NAME_MAX),
            t.day(one.on, value.today),
        )
        for one in value.prices
    ]
    return rows(*lines)


_BODIES: dict[Op, Callable[[InquiryAnswer, Localizer], Html]] = {
    "total": _total,
    "count": _count,
    "average": _average,
    "median": _average,
    "top": _top,
    "largest": _entries,
    "smallest": _entries,
    "share": _share,
    "compare": _compare,
    "trend": _trend,
    "last_time": _last_time,
    "projection": _projection,
    "recurring": _recurring,
    "price": _price,
}


# --- buttons


def _buttons(value: InquiryAnswer, t: Localizer) -> Buttons:
    latest_first = value.query.op == "trend"
    groups = value.groups[-_OPENED_MAX:] if latest_first else value.groups[:_OPENED_MAX]
    opened = [
        press(group_name(group, value, t), action, t)
        for group in groups
        if (action := action_of(group, value))
    ]
    opened += [
        press(t.plain("inquiry.open", amount=t.amount(entry)), buttons.open_entry(entry.id), t)
        for entry in value.entries
    ]
    opened += [
        press(t.day(one.on, value.today), buttons.open_entry(one.entry_id), t)
        for one in value.prices
    ]
    return (*in_rows(opened, 2), *lines_button(value, t), *_whole(value, t))


def _whole(value: InquiryAnswer, t: Localizer) -> Buttons:
    if not value.figures.count or value.query.op in ("recurring", "price"):
        return ()
    shown = press(t.plain("button.entries_of", value.figures.count), buttons.found(value.which), t)
    return ((shown,),)
