"""Change when a series is due, without moving what is booked already."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from ledger.recurring.rules import Plan, Rule, Unit
from ledger.recurring.series import Contract, Series


def open_from(series: Series, today: date) -> date:
    """Return the first day whose occurrence may still come."""
    return max(series.booked_to, today) if series.booked_to else today


def next_day(series: Series, today: date) -> date | None:
    """Return the nominal day of the next occurrence; None after the end.

    Of a bill, which nothing books, it is the next one from today on.
    """
    if series.ended:
        return None
    since = series.booked_to or min(today, series.plan.rule.start)
    return series.plan.next_from(max(since, today) if series.remind_only else since)


def with_step(series: Series, unit: Unit, every: int, today: date) -> Series:
    """Return the series with another step; the next occurrence keeps its day."""
    start = _next_or_today(series, today)
    day = None if unit != "month" else series.plan.rule.month_day or start.day
    workday = series.plan.rule.last_workday and unit == "month"
    return _restart(series, Rule(unit, every, start, day, workday), today)


def with_month_day(series: Series, day: int, today: date) -> Series:
    """Return the series due on another day of the month of its next occurrence."""
    start = _next_or_today(series, today)
    last = monthrange(start.year, start.month)[1]
    rule = replace(series.plan.rule, start=start.replace(day=min(day, last)), month_day=day)
    return _restart(series, replace(rule, last_workday=False), today)


def with_last_workday(series: Series, today: date) -> Series:
    """Return the series due on the last working day of a month."""
    rule = replace(series.plan.rule, start=_next_or_today(series, today), last_workday=True)
    return _restart(series, rule, today)


def with_weekday(series: Series, weekday: int, today: date) -> Series:
    """Return the series due on another weekday (Monday 0), in the week of its next occurrence."""
    start = _next_or_today(series, today)
    moved = start + timedelta(days=weekday - start.weekday())
    if moved < open_from(series, today):
        moved += timedelta(days=7)
    return _restart(series, replace(series.plan.rule, start=moved), today)


def with_rule(series: Series, rule: Rule, today: date) -> Series:
    """Return the series by another rule; its number of times left, end and weekend rule stay."""
    return _restart(series, rule, today)


def with_end(series: Series, until: date | None, today: date) -> Series:
    """Return the series with a last day instead of a number of times; None: without an end."""
    plan = replace(series.plan, until=until, count=None)
    return replace(_awake_if_over(series, today), plan=plan)


def with_times_left(series: Series, times: int, today: date) -> Series:
    """Return the series ending after so many more occurrences, skipped ones too."""
    passed = series.plan.rule.first_from(_next_or_today(series, today))
    plan = replace(series.plan, until=None, count=passed + times)
    return replace(_awake_if_over(series, today), plan=plan)


def times_left(series: Series, today: date) -> int | None:
    """Return how many occurrences are left; None for a series without a number of times."""
    if series.plan.count is None:
        return None
    passed = series.plan.rule.first_from(_next_or_today(series, today))
    return max(0, series.plan.count - passed)


def with_change(series: Series, name: str, value: Any, today: date) -> Series:  # noqa: ANN401 - JSON of a button
    """Return the series with one thing changed, named as in `CHANGES`."""
    return CHANGES[name](series, value, today)


def _with_weekend(series: Series, value: Any, _: date) -> Series:  # noqa: ANN401
    rule = replace(series.plan.rule, weekend=value)
    return replace(series, plan=replace(series.plan, rule=rule))


def _with_day_skipped(series: Series, value: Any, _: date) -> Series:  # noqa: ANN401
    skipped = series.plan.skipped | {date.fromisoformat(value)}
    return replace(series, plan=replace(series.plan, skipped=skipped))


def _with_reminder(series: Series, value: Any, _: date) -> Series:  # noqa: ANN401
    """Add a reminder of so many days before, or take it away."""
    reminders = set(series.reminders) ^ {value}
    return replace(series, reminders=tuple(sorted(reminders, reverse=True)))


def _with_contract(series: Series, value: Any, name: str) -> Series:  # noqa: ANN401
    contract = replace(series.contract or Contract(), **{name: value})
    return replace(series, contract=contract)


def _awake(series: Series, today: date) -> Series:
    """Return the series without the occurrences that passed while it slept."""
    return replace(series, booked_to=open_from(series, today))


def _awake_if_over(series: Series, today: date) -> Series:
    """Return the series; one that was over books nothing for the days since then."""
    return _awake(series, today) if next_day(series, today) is None else series


CHANGES: dict[str, Callable[[Series, Any, date], Series]] = {
    "step": lambda one, value, today: with_step(one, value[0], value[1], today),
    "month_day": with_month_day,
    "workday": lambda one, _, today: with_last_workday(one, today),
    "weekday": with_weekday,
    "weekend": _with_weekend,
    "until": lambda one, value, today: with_end(
        one, date.fromisoformat(value) if value else None, today
    ),
    "times": with_times_left,
    "skip": _with_day_skipped,
    "reminder": _with_reminder,
    "varies": lambda one, value, _: replace(one, varies=value),
    "paused": lambda one, value, today: replace(_awake(one, today), paused=value),
    "ended": lambda one, value, today: replace(_awake(one, today), ended=value),
    "notice_days": lambda one, value, _: _with_contract(one, value, "notice_days"),
    "renews_months": lambda one, value, _: _with_contract(one, value, "renews_months"),
}
"""The changes of a card's buttons, whose names are stored with them."""


def _next_or_today(series: Series, today: date) -> date:
    return next_day(series, today) or open_from(series, today)


def _restart(series: Series, rule: Rule, today: date) -> Series:
    """Return the series by another rule, with as many occurrences left as before.

    Days that passed are not booked by the new rule.
    """
    plan = series.plan
    count = times_left(series, today)
    rule = replace(rule, weekend=plan.rule.weekend)
    return replace(
        series,
        plan=Plan(rule, plan.until, count, plan.skipped),
        booked_to=open_from(series, today),
    )
