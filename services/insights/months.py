"""Find what a month is about: its forecast, categories that changed, limits, and habits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from ledger.entries.queries import DaySum, EntryFilter
from ledger.insights.changes import (
    PASSED_MIN,
    PERIODS,
    SHOWN_MAX,
    Parts,
    Sum,
    decompose,
    find_changed,
)
from ledger.insights.insight import (
    BudgetFact,
    ChangeFact,
    ForecastFact,
    HabitFact,
    Insight,
    bucket_of,
    bucket_of_share,
)
from ledger.insights.proposals import PERIODS_MAX, find_habit, propose_limits
from ledger.money import Money
from ledger.periods.period import Period
from ledger.recurring.detection import list_spendings
from services.insights.forecast import forecast
from services.insights.repeats import Repeats
from services.scope import Scope

NEWS_PERCENT = 15
"""A forecast is news where it differs so much from the usual sum."""
BUDGETS_MAX = 2
_SHOPS_MAX = 5


def find_forecast(scope: Scope, repeats: Repeats) -> Iterator[Insight]:
    """Yield the forecast of the running month; it is news only after half of it."""
    found = forecast(scope, repeats=repeats)
    # On the last day the forecast would be the sum that is spent, said twice.
    if found is None or not found.days_ahead:
        return
    usual, minor = found.expected.usual_minor or 0, found.expected.minor
    passed = (scope.today - found.period.start).days + 1
    is_off = abs(minor - usual) * 100 >= usual * NEWS_PERCENT
    yield Insight(
        "forecast",
        "",
        found.period.start.isoformat(),
        bucket_of_share(minor, usual),
        ForecastFact(found),
        abs(minor - usual),
        EntryFilter(period=found.period, type="expense"),
        is_news=found.band is not None and passed * 2 >= found.period.days and is_off,
    )


def find_changes(scope: Scope, repeats: Repeats) -> Iterator[Insight]:
    """Yield the categories that changed most against the same days of earlier months.

    In the first days of a month it is the one before, as a whole.
    """
    period = _compared(scope)
    parts = [_same_days(one, period) for one in _list_before(scope, period, PERIODS)]
    if len(parts) < PERIODS:
        return
    now = _sums(scope, period)
    before = [_sums(scope, one) for one in parts]
    names = find_changed(now, before)[:SHOWN_MAX]
    shops = _list_new_shops(scope, repeats, period) if names else []
    for name in names:
        at_shops = {
            shop: one for shop in shops if (one := _sum_at(scope, period, name, shop)).number
        }
        new = Sum(
            sum(one.number for one in at_shops.values()),
            sum(one.minor for one in at_shops.values()),
        )
        found = decompose(now.get(name, Sum()), [one.get(name, Sum()) for one in before], new)
        fact = _change(scope, name, period, now.get(name, Sum()), found)
        yield Insight(
            "change",
            name,
            scope.settings.calendar.of("month", period.start).start.isoformat(),
            bucket_of_share(found.minor, found.usual_minor),
            replace(fact, periods=len(parts), shops=tuple(at_shops)),
            abs(found.minor),
            EntryFilter(period=period, categories=(name,), scopes=(name,) if name else ()),
        )


def _change(scope: Scope, name: str, period: Period, now: Sum, found: Parts) -> ChangeFact:
    def money(minor: int) -> Money:
        return Money.of_minor(minor, scope.settings.currency)

    return ChangeFact(
        name,
        period,
        0,
        money(now.minor),
        money(found.usual_minor),
        money(found.by_shops),
        money(found.by_number),
        money(found.by_price),
        found.number,
        found.usual_number,
        money(found.mean),
        money(found.usual_mean),
    )


def _compared(scope: Scope) -> Period:
    month = scope.settings.calendar.of("month", scope.today)
    passed = (scope.today - month.start).days + 1
    if passed < PASSED_MIN:
        return scope.settings.calendar.previous(month)
    end = scope.today + timedelta(days=1)
    # The kind tells `_same_days` whether earlier months are compared whole.
    return month if end == month.end else Period(month.start, end, "custom")


def _same_days(one: Period, period: Period) -> Period:
    """Return as many days of an earlier month as have passed of this one."""
    if period.kind == "month":
        return one
    return Period(one.start, min(one.end, one.start + timedelta(days=period.days)), "custom")


def _list_before(scope: Scope, period: Period, count: int) -> list[Period]:
    """Return the months before one, the latest first, that lie wholly in the ledger."""
    first = scope.repositories.entries.first_day(scope.ledger.id)
    month = scope.settings.calendar.of("month", period.start)
    found: list[Period] = []
    while first is not None and len(found) < count:
        month = scope.settings.calendar.previous(month)
        if month.start < first:
            break
        found.append(month)
    return found


def _sums(scope: Scope, period: Period) -> dict[str, Sum]:
    return {
        one.category: Sum(one.count, one.minor)
        for one in scope.repositories.entries.totals(scope.ledger.id, period)
        if one.type == "expense" and one.currency is None
    }


def _list_new_shops(scope: Scope, repeats: Repeats, period: Period) -> list[str]:
    """Return shops that the ledger did not know before; none where it knew no shop at all."""
    # A chat that has just begun to name shops would have nothing but new ones.
    knew_some = any(one.merchant and one.spent_on < period.start for one in repeats.entries)
    if not knew_some:
        return []
    return scope.repositories.entries.new_merchants(scope.ledger.id, period, limit=_SHOPS_MAX)


def _sum_at(scope: Scope, period: Period, category: str, shop: str) -> Sum:
    which = EntryFilter(period=period, type="expense", categories=(category,), merchant=shop)
    totals = scope.repositories.entries.totals(scope.ledger.id, period, which)
    known = [one for one in totals if one.currency is None]
    return Sum(sum(one.count for one in known), sum(one.minor for one in known))


def find_budgets(scope: Scope, repeats: Repeats) -> Iterator[Insight]:
    """Yield limits for categories without one, by what they usually cost."""
    month = scope.settings.calendar.of("month", scope.today)
    # Turned round, because `propose_limits` takes the oldest first.
    periods = _list_before(scope, month, PERIODS_MAX)[::-1]
    if not periods:
        return
    days = scope.repositories.entries.daily(
        scope.ledger.id, Period(periods[0].start, periods[-1].end)
    )
    recurring = [
        DaySum(one.spent_on, one.category, one.base.money.minor)
        for one in repeats.entries
        if one.id in repeats.ids and one.base
    ]
    # An empty scope means everything, so entries without a category get no proposal.
    taken = {one.scope for one in scope.repositories.budgets.list_all(scope.ledger.id)} | {""}
    found = propose_limits(days, recurring, periods, scope.settings.currency)
    open_to = [one for one in found if one.category not in taken]
    for one in open_to[:BUDGETS_MAX]:
        limit = Money.of_minor(one.limit, scope.settings.currency)
        usual = Money.of_minor(one.usual, scope.settings.currency)
        whole = Period(periods[0].start, periods[-1].end, "custom")
        yield Insight(
            "budget",
            one.category,
            month.start.isoformat(),
            bucket_of(one.limit),
            BudgetFact(one.category, limit, usual, one.periods),
            # A limit touches only a part of the sum; the whole would outweigh every change.
            one.usual // 10,
            EntryFilter(period=whole, categories=(one.category,), scopes=(one.category,)),
        )


def find_habits(scope: Scope, repeats: Repeats) -> Iterator[Insight]:
    """Yield the small purchases that add up most in the month that is compared."""
    period = _compared(scope)
    # The latest entries do not reach back to the first day, so sums would be too low.
    if repeats.first_day is not None and repeats.first_day > period.start:
        return
    currency = scope.settings.currency
    bought = [
        one
        for one in list_spendings(one for one in repeats.entries if one.id not in repeats.ids)
        if one.type == "expense" and one.currency == currency and period.contains(one.on)
    ]
    spent = sum(minor for _, minor in scope.repositories.entries.days(scope.ledger.id, period))
    habit = find_habit(bought, spent)
    if habit is None:
        return
    yield Insight(
        "habit",
        habit.key,
        period.start.isoformat(),
        bucket_of_share(habit.minor, spent),
        HabitFact(habit.title, Money.of_minor(habit.minor, currency), habit.number, period),
        # A habit is hardly dropped whole, so a change of the same size is told first.
        habit.minor // 4,
        EntryFilter(period=period, words=habit.title),
    )
