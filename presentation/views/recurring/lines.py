"""Write a series and its rule in a line."""

from __future__ import annotations

from datetime import date

from ledger.recurring.rules import Rule
from ledger.recurring.series import Series
from ports.messages import Reply
from ports.recurring import SeriesShown
from presentation.localizer import Localizer
from presentation.markup import EMPTY, Html, dotted

TITLE_MAX = 60
_LAST_DAY = 31
_MONTHS = 12


def series_name(series: Series, t: Localizer) -> Html:
    """Return amount and title: `€850.00 rent`."""
    amount = t.money(series.money, plus=series.type == "income")
    return t("entry.brief", amount=amount, title=t.user(series.title, TITLE_MAX))


def rule_words(rule: Rule, t: Localizer) -> Html:
    """Return a rule in words: `every month on day 1`."""
    if rule.unit == "day":
        return t("series.rule.day", rule.every)
    if rule.unit == "week":
        return t("series.rule.week", rule.every, weekday=t.weekday(rule.start.weekday()))
    if rule.every % _MONTHS == 0 and not rule.last_workday:
        day = t("series.day_of_month", day=rule.start.day, month=t.month_name(rule.start.month))
        return t("series.rule.year", rule.every // _MONTHS, day=day)
    if rule.last_workday:
        return t("series.rule.workday", rule.every)
    number = rule.month_day or rule.start.day
    if number == _LAST_DAY:
        return t("series.rule.last", rule.every)
    return t("series.rule.month", rule.every, day=number)


def series_line(series: Series, next_on: date | None, t: Localizer, *, today: date) -> Html:
    """Return a series as a line of a list."""
    state = next_words(series, next_on, t, today=today)
    return dotted(series_name(series, t), rule_words(series.plan.rule, t), state)


def series_told(value: SeriesShown, user: str, t: Localizer, *, today: date) -> Reply:
    """Tell a group of a change that was made by buttons; their message is seen by one person."""
    series, who = value.series, t.user(user, TITLE_MAX)
    if value.news == "gone":
        return Reply(t("series.told.gone", user=who, what=series_name(series, t)))
    line = series_line(series, value.next_on, t, today=today)
    return Reply(t("series.told", user=who, line=line))


def next_words(series: Series, next_on: date | None, t: Localizer, *, today: date) -> Html:
    """Return when a series is due next, or why it is not."""
    if series.ended or (next_on is None and not series.paused):
        return t("series.ended")
    if series.paused:
        return t("series.paused")
    assert next_on is not None, "only an ended or paused series has no next day"
    if next_on < today and series.remind_only:
        return t("series.due", day=t.day(next_on, today))
    return t("series.next", day=t.day(next_on, today))


def weekend_words(rule: Rule, t: Localizer) -> Html:
    """Return what is done on weekends, where something is."""
    return EMPTY if rule.weekend == "keep" else t(f"series.weekend.{rule.weekend}")


def series_again(series: Series, t: Localizer, *, is_there: bool) -> Html:
    """Show a series after undo or redo."""
    line = dotted(series_name(series, t), rule_words(series.plan.rule, t))
    return line if is_there else t("undone.gone", what=line)
