"""Change a series by words that name it again, as in `rent until March 2028`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ledger.recurring.editing import with_change, with_end, with_rule, with_times_left
from ledger.recurring.series import Series
from ledger.recurring.words import RecurringWords


def with_words(series: Series, words: RecurringWords, today: date) -> Series:
    """Return the series with the step, end, weekend rule and reminders that the words name."""
    plan, after = words.plan, series
    if words.stepped:
        after = with_rule(after, plan.rule, today)
    if plan.rule.weekend != "keep":
        after = with_change(after, "weekend", plan.rule.weekend, today)
    if plan.until is not None:
        after = with_end(after, plan.until, today)
    elif plan.count is not None:
        after = with_times_left(after, plan.count, today)
    if words.varies:
        after = replace(after, varies=True)
    reminders = {*after.reminders, *words.reminders}
    return replace(after, reminders=tuple(sorted(reminders, reverse=True)))
