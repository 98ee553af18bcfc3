"""Say each kind of insight in a sentence or two."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from ledger.insights.insight import (
    BudgetFact,
    ChangeFact,
    FixedCost,
    FixedCostsFact,
    ForecastFact,
    HabitFact,
    Insight,
    PriceFact,
    StepFact,
    UnusualFact,
)
from ledger.money import Money
from ledger.recurring.detection import CADENCES
from presentation.localizer import Localizer
from presentation.markup import EMPTY, Html, rows
from presentation.views.parts import brief

_NAME_MAX = 40
_LISTED_MAX = 4
_STEPS = {
    (one.unit, one.every): f"series.cadence.{one.name}" for one in CADENCES if one.name != "month"
}
"""Texts of the steps that are named; most amounts come every month."""


def say(insight: Insight, t: Localizer, *, today: date) -> Html:
    """Return an insight in words."""
    return _SENTENCES[type(insight.fact)](insight.fact, t, today)


def _forecast(fact: ForecastFact, t: Localizer, today: date) -> Html:
    found = fact.forecast
    name = t.period(found.period, today)
    first = t(
        f"insight.forecast.{found.expected.basis}",
        period=name[:1].upper() + name[1:],
        total=found.total,
        spent=found.spent,
    )
    committed = found.expected.committed
    lines = [
        t.plain(
            "insight.forecast.due",
            amount=Money.of_minor(one.minor, found.currency),
            title=t.user(one.title, _NAME_MAX),
            day=t.day(one.on, today),
        )
        for one in committed[:_LISTED_MAX]
    ]
    hidden = len(committed) - len(lines)
    if hidden:
        lines.append(t.plain("insight.more", hidden))
    band = found.band
    return rows(
        first,
        t("insight.forecast.band", low=band[0], high=band[1]) if band else EMPTY,
        t("insight.forecast.usual", usual=found.usual) if found.usual else EMPTY,
        t("insight.forecast.committed", items=t.listed(*lines)) if lines else EMPTY,
    )


def _change(fact: ChangeFact, t: Localizer, today: date) -> Html:
    difference = Money(fact.total.amount - fact.usual.amount, fact.total.currency)
    direction = "more" if difference.amount > 0 else "less"
    first = t(
        f"insight.change.{direction}",
        category=t.category(fact.category),
        days=t.dates(fact.period, today),
        total=fact.total,
        difference=abs_money(difference),
        usual=fact.usual,
        periods=fact.periods,
    )
    shops = t.listed(*(t.user(shop, _NAME_MAX) for shop in fact.shops))
    number = "number_others" if fact.shops else "number"
    return rows(
        first,
        _part("shops", fact.by_shops, t, shops=shops),
        _part(number, fact.by_number, t, number=fact.number, usual=fact.usual_number),
        _part("price", fact.by_price, t, mean=fact.mean, usual=fact.usual_mean),
    )


def _part(name: str, amount: Money, t: Localizer, **values: Any) -> Html:  # noqa: ANN401 - by name
    """Say one part of a change; parts of nothing are left out."""
    if not amount.amount:
        return EMPTY
    return t(f"insight.change.{name}", amount=t.money(amount, plus=True), **values)


def abs_money(money: Money) -> Money:
    """Return an amount without its sign."""
    return Money(abs(money.amount), money.currency)


def _unusual(fact: UnusualFact, t: Localizer, today: date) -> Html:
    return t(
        "insight.unusual",
        fact.count,
        entry=brief(fact.entry, t),
        day=t.day(fact.entry.spent_on, today),
        usual=fact.usual,
    )


def _step(fact: StepFact, t: Localizer, today: date) -> Html:
    direction = "dearer" if fact.a_year.amount > 0 else "cheaper"
    return t(
        f"insight.step.{direction}",
        title=t.user(fact.title, _NAME_MAX),
        amount=fact.money,
        before=fact.before,
        day=t.day(fact.on, today),
        a_year=abs_money(fact.a_year),
    )


def _fixed_costs(fact: FixedCostsFact, t: Localizer, _: date) -> Html:
    lines = [_fixed_cost(one, t) for one in fact.found[:_LISTED_MAX]]
    hidden = len(fact.found) - len(lines)
    if hidden:
        lines.append(t("insight.more", hidden))
    return t("insight.fixed", len(fact.found), a_month=fact.a_month, items=t.listed(*lines))


def _fixed_cost(one: FixedCost, t: Localizer) -> Html:
    named = t("entry.brief", amount=one.money, title=t.user(one.title, _NAME_MAX))
    step = _STEPS.get((one.unit, one.every))
    return t("insight.fixed.item", named=named, step=t(step)) if step else named


def _budget(fact: BudgetFact, t: Localizer, _: date) -> Html:
    return t(
        "insight.budget",
        fact.periods,
        category=t.category(fact.category),
        usual=fact.usual,
        limit=fact.limit,
    )


def _price(fact: PriceFact, t: Localizer, today: date) -> Html:
    change = fact.money.amount / fact.before.amount - Decimal(1)
    return t(
        "insight.price",
        fact.count,
        item=t.user(fact.item, _NAME_MAX),
        shop=t.user(fact.shop, _NAME_MAX),
        amount=fact.money,
        before=fact.before,
        change=t.change(change),
        since=t.dated(fact.since, today),
    )


def _habit(fact: HabitFact, t: Localizer, today: date) -> Html:
    return t(
        "insight.habit",
        fact.number,
        title=t.user(fact.title, _NAME_MAX),
        total=fact.total,
        days=t.dates(fact.period, today),
    )


_SENTENCES: dict[type, Callable[[Any, Localizer, date], Html]] = {
    ForecastFact: _forecast,
    ChangeFact: _change,
    UnusualFact: _unusual,
    StepFact: _step,
    FixedCostsFact: _fixed_costs,
    BudgetFact: _budget,
    PriceFact: _price,
    HabitFact: _habit,
}
