"""Show all series, the card of one, and the pages on which it is changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from ledger.recurring.editing import times_left
from ledger.recurring.series import Series
from ports.messages import Button, Buttons, Json, Reply
from ports.recurring import SeriesAmount, SeriesListed, SeriesShown
from presentation import buttons
from presentation.localizer import Localizer
from presentation.markup import EMPTY, TEXT_MAX, Html, blocks, fitting, rows
from presentation.views.parts import in_rows, press
from presentation.views.recurring.lines import (
    next_words,
    rule_words,
    series_line,
    series_name,
    weekend_words,
)
from presentation.views.recurring.offers import offer_buttons, offer_line
from presentation.views.settings.pickers import ticked

_LISTED_MAX = 30
_LIST_ROOM = TEXT_MAX - 600
_STEPS: tuple[tuple[str, int], ...] = (
    ("day", 1),
    ("week", 1),
    ("week", 2),
    ("month", 1),
    ("month", 3),
    ("month", 6),
    ("month", 12),
)
_REMINDERS = (0, 1, 3, 7, 14, 30)
_NOTICES = (0, 14, 30, 90)
_TIMES = (1, 3, 6, 12, 24, 36)
_MONTHS = 12
_TYPED_MAX = 6
_LATER_YEARS = (2, 3, 4)
_RENEWALS = (0, 1, 3, 12)
_DAYS_PER_ROW = 7
_DAYS = 31


def series_listed(value: SeriesListed, t: Localizer, *, today: date) -> Reply:
    """List all series, each with a button."""
    offers = rows(*(offer_line(one, t) for one in value.offers))
    taken = tuple(row for one in value.offers for row in offer_buttons(one, t, named=True))
    if not value.series:
        text = blocks(t("series.none"), offers, t("series.how", currency=t.currency))
        return Reply(text, taken)
    calendar = press(t("feed.button.show"), buttons.feed("show"), t)
    lines = [series_line(one, on, t, today=today) for one, on in value.series]
    shown = min(fitting(lines, _LIST_ROOM), _LISTED_MAX)
    more = t("series.more", len(lines) - shown) if shown < len(lines) else EMPTY
    found = [
        press(series_name(one, t), buttons.series(one.id), t) for one, _ in value.series[:shown]
    ]
    listed = rows(t("series.title", len(lines)), *lines[:shown], more)
    return Reply(
        blocks(listed, offers, t("series.edit_how")), (*in_rows(found, 2), (calendar,), *taken)
    )


def series_shown(value: SeriesShown, t: Localizer, *, today: date) -> Reply:
    """Show a series with the buttons of a page."""
    series = value.series
    if value.news == "gone":
        return Reply(t("series.gone", what=series_name(series, t)))
    title = t("series.made") if value.news == "made" else EMPTY
    monthly = EMPTY if value.stepped else t("series.monthly_guessed")
    days = t.listed(*(t.dated(day, today) for day in value.typed[:_TYPED_MAX]))
    typed = t("series.typed", len(value.typed), days=days) if value.typed else EMPTY
    text = blocks(title, rows(_facts(value, t, today=today), monthly, typed), _ask(value, t))
    return Reply(text, _PAGES[value.page](value, t, today))


def series_amount(value: SeriesAmount, t: Localizer) -> Reply:
    """Ask which entries another amount is meant for."""
    series = value.series
    reaches = ("this", "on", "all") if value.has_entry else ("on",)
    found = [
        press(t(f"series.reach.{one}"), buttons.series_amount(series.id, value.money, one), t)
        for one in reaches
    ]
    leave = press(t("series.leave"), buttons.dismiss(), t)
    asked = t("series.which_amount", what=series_name(series, t), amount=value.money)
    return Reply(asked, in_rows((*found, leave), 1))


def _facts(value: SeriesShown, t: Localizer, *, today: date) -> Html:
    series = value.series
    reminders = t.listed(*(_days_before(days, t) for days in series.reminders))
    return rows(
        t("series.head", what=series_name(series, t)),
        rule_words(series.plan.rule, t),
        weekend_words(series.plan.rule, t),
        next_words(series, value.next_on, t, today=today),
        t("series.until", day=t.dated(series.plan.until, today)) if series.plan.until else EMPTY,
        t("series.count", series.plan.count) if series.plan.count is not None else EMPTY,
        t("series.varies") if series.varies else EMPTY,
        t("series.remind_only") if series.remind_only else EMPTY,
        t("series.reminds", days=reminders) if series.reminders else EMPTY,
        *_contract(series, t, today=today),
    )


def _days_before(days: int, t: Localizer) -> Html:
    return t("series.days_before", days) if days else t("series.days_before.none")


def _contract(series: Series, t: Localizer, *, today: date) -> tuple[Html, ...]:
    contract = series.contract
    if contract is None:
        return ()
    trial, end, by = contract.trial_ends, contract.term_end(today), contract.notice_by(today)
    renews = contract.renews_months
    return (
        t("series.trial", day=t.dated(trial, today)) if trial else EMPTY,
        t("series.term", day=t.dated(end, today)) if end else EMPTY,
        t("series.renews", renews) if renews else EMPTY,
        t("series.notice_by", day=t.dated(by, today)) if by else EMPTY,
    )


def _ask(value: SeriesShown, t: Localizer) -> Html:
    """Return what a page asks; the first one says how another amount is set."""
    title = t.user(value.series.title, 40)
    if value.page:
        return t(f"series.page.{value.page}", title=title)
    return EMPTY if value.series.ended else t("series.amount_how", title=title)


def _main(value: SeriesShown, t: Localizer, today: date) -> Buttons:
    series = value.series
    back = press(t("series.button.all"), buttons.series_list(), t)
    remove = press(t("series.button.remove"), buttons.series_remove(series.id), t)
    if series.ended:
        again = _set(series, "ended", t("series.button.again"), t, value=False)
        return ((again,), (remove, back))
    pages = [
        press(t(f"series.button.{page}"), buttons.series(series.id, page), t)
        for page in ("step", "day", "weekend", "end", "reminders", "contract")
    ]
    varies = _choice(
        series,
        "varies",
        t("series.button.varies"),
        t,
        value=not series.varies,
        current=series.varies,
    )
    end = _set(series, "ended", t("series.button.stop"), t, value=True)
    found = (*_paid(value, t), _next_buttons(value, t, today))
    return (*found, *in_rows((*pages, varies, end), 2), (remove, back))


def _paid(value: SeriesShown, t: Localizer) -> Buttons:
    """Offer to book the next bill, before its day or after it."""
    if not value.series.remind_only or value.next_nominal is None:
        return ()
    action = buttons.series_pay(value.series.id, value.next_nominal)
    return ((press(t("series.button.paid"), action, t),),)


def _next_buttons(value: SeriesShown, t: Localizer, today: date) -> tuple[Button, ...]:
    series, nominal, on = value.series, value.next_nominal, value.next_on
    if series.paused:
        return (_set(series, "paused", t("series.button.resume"), t, value=False),)
    pause = _set(series, "paused", t("series.button.pause"), t, value=True)
    if nominal is None or on is None:
        return (pause,)
    label = t("series.button.skip", day=t.dated(on, today))
    return (_set(series, "skip", label, t, value=nominal.isoformat()), pause)


def _step(value: SeriesShown, t: Localizer, _: date) -> Buttons:
    rule = value.series.plan.rule
    found = [
        _choice(
            value.series,
            "step",
            t(f"series.step.{unit}{every}"),
            t,
            value=[unit, every],
            current=(rule.unit, rule.every) == (unit, every),
        )
        for unit, every in _STEPS
    ]
    return (*in_rows(found, 2), _back(value, t))


def _day(value: SeriesShown, t: Localizer, _: date) -> Buttons:
    series, rule = value.series, value.series.plan.rule
    if rule.unit == "day":
        return (_back(value, t),)
    if rule.unit == "week":
        now = rule.start.weekday()
        days = [
            _choice(series, "weekday", t.weekday(day), t, value=day, current=day == now)
            for day in range(7)
        ]
        return (*in_rows(days, 2), _back(value, t))
    now = 0 if rule.last_workday else rule.month_day or rule.start.day
    numbers = [
        _choice(series, "month_day", str(day), t, value=day, current=day == now)
        for day in range(1, _DAYS + 1)
    ]
    workday = _choice(
        series, "workday", t("series.workday"), t, value=True, current=rule.last_workday
    )
    return (*in_rows(numbers, _DAYS_PER_ROW), (workday,), _back(value, t))


def _weekend(value: SeriesShown, t: Localizer, _: date) -> Buttons:
    now = value.series.plan.rule.weekend
    found = [
        _choice(
            value.series, "weekend", t(f"series.weekend.{one}"), t, value=one, current=one == now
        )
        for one in ("keep", "before", "after")
    ]
    return (*in_rows(found, 1), _back(value, t))


def _end(value: SeriesShown, t: Localizer, today: date) -> Buttons:
    """Offer a last month or a number of times, or no end."""
    series, until = value.series, value.series.plan.until
    left = times_left(series, today)
    never = _choice(
        series,
        "until",
        t("series.end.never"),
        t,
        value="",
        current=until is None and left is None,
    )
    times = _numbers(series, "times", "series.end.times", _TIMES, [left or 0], t)
    ends = [
        _choice(
            series,
            "until",
            t("series.end.month", month=t.month(day)),
            t,
            value=day.isoformat(),
            current=day == until,
        )
        for day in _last_days(today)
    ]
    return ((never,), *in_rows(times, 2), *in_rows(ends, 2), _back(value, t))


def _last_days(today: date) -> list[date]:
    """Return the last days of the next twelve months, and of the Decembers behind them."""
    first = today.year * _MONTHS + today.month
    months = [*range(first, first + _MONTHS)]
    months += [(today.year + years) * _MONTHS + _MONTHS for years in _LATER_YEARS]
    # Month numbers are of the month after, whose first day follows the last day.
    return [date(number // _MONTHS, number % _MONTHS + 1, 1) - date.resolution for number in months]


def _reminders(value: SeriesShown, t: Localizer, _: date) -> Buttons:
    days = value.series.reminders
    found = _numbers(value.series, "reminder", "series.days_before", _REMINDERS, days, t)
    return (*in_rows(found, 2), _back(value, t))


def _contract_page(value: SeriesShown, t: Localizer, _: date) -> Buttons:
    series, known = value.series, value.series.contract
    notice = (known.notice_days,) if known else ()
    renews = (known.renews_months,) if known else ()
    return (
        *in_rows(_numbers(series, "notice_days", "series.notice", _NOTICES, notice, t), 2),
        *in_rows(_numbers(series, "renews_months", "series.renewal", _RENEWALS, renews, t), 2),
        _back(value, t),
    )


def _numbers(  # noqa: PLR0913, PLR0917 - a row of choices
    series: Series,
    name: str,
    label: str,
    numbers: Sequence[int],
    current: Sequence[int],
    t: Localizer,
) -> list[Button]:
    return [
        _choice(
            series,
            name,
            t(label, number) if number else t(f"{label}.none"),
            t,
            value=number,
            current=number in current,
        )
        for number in numbers
    ]


def _set(series: Series, name: str, label: str, t: Localizer, *, value: Json) -> Button:
    return press(label, buttons.series_set(series.id, name, value), t)


_PAGE_OF = {
    "month_day": "day",
    "workday": "day",
    "weekday": "day",
    "reminder": "reminders",
    "until": "end",
    "times": "end",
    "varies": "",
    "notice_days": "contract",
    "renews_months": "contract",
}


def _choice(  # noqa: PLR0913 - a button and whether it is the present choice
    series: Series, name: str, label: str, t: Localizer, *, value: Json, current: bool
) -> Button:
    action = buttons.series_set(series.id, name, value, _PAGE_OF.get(name, name))
    return press(ticked(label, t, current=current), action, t)


def _back(value: SeriesShown, t: Localizer) -> tuple[Button, ...]:
    return (press(t("button.back"), buttons.series(value.series.id), t),)


_PAGES: dict[str, Callable[[SeriesShown, Localizer, date], Buttons]] = {
    "": _main,
    "step": _step,
    "day": _day,
    "weekend": _weekend,
    "end": _end,
    "reminders": _reminders,
    "contract": _contract_page,
}
