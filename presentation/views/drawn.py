"""Make the values of drawings, as plain text and whole numbers (see `presentation.pictures`).

Words are in the chat's language where this machine has a font for them; else words fall back to
English, dates to ISO, and a category to its number, which its line in the caption repeats.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from ledger.budgets.budget import BudgetState
from ledger.categories import GROUPS
from ledger.money import Money, round_to_minor
from ledger.periods.period import Period
from ledger.summary import CategoryTotal, Summary
from ports.answers import Summarised
from ports.messages import Json, Picture
from presentation.format import FALL, NBSP, RISE, write_money
from presentation.localizer import Localizer, Value
from presentation.pictures.fonts import drawable
from presentation.translations import FALLBACK, translations_for
from presentation.views.asking.filters import filter_names
from presentation.views.parts import budget_name

NO_CURRENCY = "XXX"
"""ISO 4217's code for no currency: every sign differs from it."""
ROWS_MAX = 7
"""Categories in a summary, the last of them the rest; text and picture show the same ones."""
_APART_MAX = 3
_WEEK_DAYS = 7
_HIGH_PERCENT = 80
_DAYS_MAX = 31
_WEEKS_MAX = 27
_YEARS_MAX = 3
"""Years up to which a bar is a month."""


def say(t: Localizer, message_id: str, n: int | None = None, **values: Value) -> str:
    """Return a text that can be drawn, in English where the chat's script has no font."""
    shown = {k: money(v, t) if isinstance(v, Money) else v for k, v in values.items()}
    text = t.plain(message_id, n, **shown)
    if drawable(text):
        return text
    # The settings stay, so that numbers keep the chat's own format.
    return Localizer(t.settings, translations_for(FALLBACK), t.own).plain(message_id, n, **shown)


def money(amount: Money, t: Localizer) -> str:
    """Write an amount that can be drawn, the English way where its sign has no font."""
    text = t.money(amount)
    return text if drawable(text) else write_money(amount, FALLBACK, NO_CURRENCY)


def dated(text: str, first: date, last: date) -> str:
    """Return a date's text, or its ISO form where the text cannot be drawn."""
    if drawable(text):
        return text
    return first.isoformat() if first == last else f"{first.isoformat()} – {last.isoformat()}"


def period_name(period: Period, t: Localizer, *, today: date) -> str:
    """Name a period so that it can be drawn."""
    return dated(t.period(period, today), period.start, period.end - timedelta(days=1))


def dated_period(period: Period, t: Localizer, *, today: date) -> str:
    """Name a period by its dates alone, so that it can be drawn."""
    return dated(t.dates(period, today), period.start, period.end - timedelta(days=1))


def category_label(category_id: str, number: int, t: Localizer) -> str:
    """Return a category's name for a drawing, or its number where its script has no font."""
    name = t.category_name(category_id)
    return name if drawable(name) else t.number(number)


def summary_picture(
    value: Summarised, t: Localizer, *, today: date, shown: int = ROWS_MAX - 1
) -> Picture:
    """Return the values of a summary's drawing with so many categories; pushes add a title."""
    sums = value.summary
    values: dict[str, Json] = {
        "theme": "light",
        "period": period_name(sums.period, t, today=today),
        "running": say(t, "picture.running") if sums.through else "",
        "headline": _headline(value, t),
        "spent": money(sums.spent, t),
        "spent_label": say(t, "picture.spent"),
        "change": bare(t.change(sums.change)),
        "direction": direction(sums.change),
        "against": say(
            t, "picture.against", before=dated_period(sums.before, t, today=today)
        ) if sums.change is not None else "",
        "rows": [*_rows(sums, t, shown)],
        "days": _bars(sums, t),
        "income": _income(sums, t),
        "apart": _apart(sums, t),
    }  # fmt: skip
    return Picture("summary", values)


def _headline(value: Summarised, t: Localizer) -> str:
    """Return the title of a push, or what was asked for where that can be drawn."""
    if value.kind != "asked":
        return say(t, f"picture.title.{value.kind}")
    parts = filter_names(replace(value.which, period=None), value.members, t)
    return " · ".join(part for part in parts if drawable(part))


def bare(change: str) -> str:
    """Strip the arrow from a change, because the drawing has its own."""
    return change.lstrip(f"{RISE}{FALL}{NBSP}")


def direction(change: Decimal | None) -> int:
    """Return 1 for more spending than before, -1 for less, 0 for the same or unknown."""
    # Rounded as it is shown, so that 0 % has no direction.
    if change is None or not round(change * 100):
        return 0
    return 1 if change > 0 else -1


def _rows(sums: Summary, t: Localizer, count: int) -> list[Json]:
    """Return a row for each of the first categories, and one for the rest."""
    shown = sums.categories[:count]
    found: list[Json] = [_row(sums, one, number, t) for number, one in enumerate(shown, start=1)]
    hidden = sums.categories[len(shown) :]
    if hidden:
        found.append(_rest(sums, hidden, t))
    return found


def _row(sums: Summary, one: CategoryTotal, number: int, t: Localizer) -> Json:
    return {
        "category": one.category,
        "label": category_label(one.category, number, t),
        "amount": money(one.total, t),
        "share": t.percent(sums.share(one)),
        "change": bare(t.change(one.change)),
        "direction": direction(one.change),
        # A category with more refunds than purchases has no length.
        "weight": max(0, one.total.minor),
    }


def _rest(sums: Summary, hidden: Sequence[CategoryTotal], t: Localizer) -> Json:
    total = Money(sum((c.total.amount for c in hidden), start=Decimal(0)), sums.currency)
    share = total.amount / sums.spent.amount if sums.spent.amount else Decimal(0)
    return {
        "category": "",
        "label": say(t, "picture.rest", len(hidden)),
        "amount": money(total, t),
        "share": t.percent(share),
        "change": "",
        "direction": 0,
        "weight": max(0, total.minor),
    }


def _bars(sums: Summary, t: Localizer) -> Json:
    """Return spending by day up to a month, by week up to half a year, else by month."""
    slots, sizes = add_up_bars(sums)
    last = sums.through or sums.period.last
    name, count = _averaged(sums, slots, last)
    average = Money(round_to_minor(sums.spent.amount / count, sums.currency), sums.currency)
    peak = max(range(len(sizes)), key=lambda i: sizes[i]) if any(sizes) else -1
    return {
        "sizes": [*sizes],
        "labels": [*_slot_labels(slots, sums.period, t)],
        "average": say(t, name, amount=average),
        "peak": peak,
        "peak_label": money(Money.of_minor(sizes[peak], sums.currency), t) if peak >= 0 else "",
        "until": sum(1 for start in slots if start <= last),
    }


def add_up_bars(sums: Summary) -> tuple[list[date], list[int]]:
    """Return the first day of each bar, and its spending in minor units."""
    slots = _slots(sums.period)
    sizes = [0] * len(slots)
    for on, spent in sums.days:
        # A bar holds the days from its start to the next one's.
        index = max((i for i, start in enumerate(slots) if start <= on), default=0)
        sizes[index] += spent.minor
    return slots, sizes


def _averaged(sums: Summary, slots: Sequence[date], last: date) -> tuple[str, int]:
    """Return the text of an average and what it is over: days that passed, or months of bars.

    Only what the ledger has existed for counts.
    """
    since = max(sums.period.start, sums.since or sums.period.start)
    if sums.period.days <= _WEEKS_MAX * 7 or sums.period.days > _YEARS_MAX * 366:
        return "picture.per_day", max(1, (last - since).days + 1)
    ends = [*slots[1:], sums.period.end]
    begun = [end for start, end in zip(slots, ends, strict=True) if start <= last and since < end]
    return "picture.per_month", max(1, len(begun))


def _slots(period: Period) -> list[date]:
    """Return the first day of each bar."""
    length = (period.end - period.start).days
    if length <= _DAYS_MAX:
        return [period.start + timedelta(days=i) for i in range(length)]
    if length <= _WEEKS_MAX * 7:
        return [period.start + timedelta(days=i) for i in range(0, length, 7)]
    return _months(period)


def _months(period: Period) -> list[date]:
    """Return the period's start and every first of a month in it; by year beyond three years."""
    step = 1 if (period.end - period.start).days <= _YEARS_MAX * 366 else 12
    starts = [period.start]
    month = period.start.year * 12 + period.start.month - 1
    while True:
        month += step
        start = date(month // 12, month % 12 + 1, 1)
        if start >= period.end:
            return starts
        starts.append(start)


def _slot_labels(slots: list[date], period: Period, t: Localizer) -> list[str]:
    """Return the label of each bar, empty where labels would touch."""
    if (period.end - period.start).days <= _WEEK_DAYS:
        named = [t.weekday(on.weekday(), "abbreviated") for on in slots]
        return [
            name if drawable(name) else str(on.day) for name, on in zip(named, slots, strict=True)
        ]
    if (period.end - period.start).days <= _DAYS_MAX:
        marked = {0, len(slots) - 1, *(i for i, on in enumerate(slots) if on.day in (10, 20))}
        return [str(on.day) if i in marked else "" for i, on in enumerate(slots)]
    # Rounded up, so at most 12 labels share the width.
    every = max(1, -(-len(slots) // 12))
    if (period.end - period.start).days > _YEARS_MAX * 366:
        return ["" if i % every else str(on.year) for i, on in enumerate(slots)]
    if (period.end - period.start).days > _WEEKS_MAX * 7:
        return ["" if i % every else _month_label(on, t) for i, on in enumerate(slots)]
    return ["" if i % every else f"{on.day}.{on.month}." for i, on in enumerate(slots)]


def _month_label(on: date, t: Localizer) -> str:
    name = t.month_name(on.month, "abbreviated")
    return name if drawable(name) else str(on.month)


def _income(sums: Summary, t: Localizer) -> Json:
    if not sums.income.amount:
        return None
    overspent = sums.saved.amount < 0
    shown = Money(abs(sums.saved.amount), sums.currency)
    return {
        "income_label": say(t, "picture.income"),
        "income": money(sums.income, t),
        "saved_label": say(t, "picture.overspent" if overspent else "picture.saved"),
        "saved": money(shown, t),
        "share": "" if overspent else t.percent(sums.saved.amount / sums.income.amount),
        "overspent": overspent,
        "spent_weight": max(0, sums.spent.minor),
        "income_weight": max(0, sums.income.minor),
    }


def _apart(sums: Summary, t: Localizer) -> str:
    if not sums.unconverted:
        return ""
    amounts = [money(one, t) for one in sums.unconverted[:_APART_MAX]]
    more = ["…"] if len(sums.unconverted) > _APART_MAX else []
    return say(t, "picture.apart", amounts=", ".join([*amounts, *more]))


def budgets_picture(states: Sequence[BudgetState], t: Localizer, *, today: date) -> Picture:
    """Return the values of the drawing of budgets."""
    rows: list[Json] = [
        _budget_row(state, number, t, today=today) for number, state in enumerate(states, start=1)
    ]
    return Picture("budgets", {"theme": "light", "title": say(t, "picture.budgets"), "rows": rows})


def _budget_row(state: BudgetState, number: int, t: Localizer, *, today: date) -> Json:
    name = budget_name(state, t)
    length = max(1, (state.period.end - state.period.start).days)
    # Today counts as passed, as it does in `days_left`.
    gone = min(length, max(0, (state.today - state.period.start).days + 1))
    over = state.left.amount < 0
    left = Money(abs(state.left.amount), state.left.currency)
    return {
        "icon": "all" if state.budget.scope in ("", *GROUPS) else state.budget.scope,
        "label": name if drawable(name) else t.number(number),
        "percent": t.percent(Decimal(state.percent) / 100),
        "spent_of": say(t, "picture.spent_of", spent=state.spent, limit=state.available),
        "left": say(t, "picture.over" if over else "picture.left", amount=left),
        "days": say(t, "picture.days_left", state.days_left),
        "period": period_name(state.period, t, today=today),
        "filled_permille": max(0, min(1000, int(state.share * 1000))),
        "day_permille": gone * 1000 // length,
        "state": "over" if over else "high" if state.percent >= _HIGH_PERCENT else "fine",
    }
