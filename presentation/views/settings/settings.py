"""Show settings as pages of buttons, with every change at once.

Pages: `main`, `currency`, `timezone`, `language`, `week_start`, `month_start`, `periods` with
`fortnight_start`, `quarter_start`, `year_start` and `trip`, `weekly`, `monthly`, `alerts`,
`show_today`, `privacy`. Any other name shows `main`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from ledger.periods.days import day_of
from ledger.periods.period import MonthDay
from ledger.settings import parse_month_day, parse_trip
from ports.messages import Action, Button, Buttons, Json, Reply
from presentation import buttons, choices
from presentation.localizer import Localizer, localizer_for
from presentation.markup import EMPTY, Html, rows, visible
from presentation.views.parts import in_rows, press
from presentation.views.settings import push_settings
from presentation.views.settings.pickers import (
    choice,
    currency_buttons,
    found_zones,
    language_buttons,
    switch,
    ticked,
    weekdays,
    zone_buttons,
)
from presentation.views.settings.typed_choices import TypedChoice

MAIN = "main"
_BUTTONS_ONLY = frozenset({"privacy", "show_today"})
"""Settings that no typed words choose; a value behind their name leads to their buttons."""
_NAME_MIN = 4
"""Letters from which the beginning of a setting's name names it."""
PERIODS = "periods"
_LAST_DAY = 31
_WORDS_MAX = 40
_PERIOD_PAGES = ("fortnight_start", "quarter_start", "year_start", "trip")
_YEAR_STARTS = ("01-01", "02-01", "04-01", "04-06", "07-01", "09-01", "10-01", "11-01")
"""Calendar years, and the fiscal, tax and school years of most countries."""
_QUARTER_STARTS = ("01-01", "02-01", "03-01")


def settings(page: str, t: Localizer, *, now: datetime, place: str = "") -> Reply:
    """Show a page of the settings; `place` is where in a long list of choices one is."""
    lists = {
        "currency": lambda: currency_buttons(t, place, choose=_setter(page), go=_goer(page)),
        "timezone": lambda: zone_buttons(t, place, now=now, choose=_setter(page), go=_goer(page)),
        "language": lambda: language_buttons(t, choose=_setter(page)),
    }
    today = day_of(now, t.settings.timezone)
    pages: dict[str, Callable[[], Buttons]] = {
        **lists,
        PERIODS: lambda: _pages(period_labels(t), t),
        "fortnight_start": lambda: _fortnight_starts(t, today),
        "quarter_start": lambda: _quarter_starts(t),
        "year_start": lambda: _year_starts(t),
        "trip": lambda: _trip(t),
        "week_start": lambda: weekdays("week_start", t.settings.week_start, page, t),
        "month_start": lambda: _month_starts(t),
        **push_settings.pages(t),
        "show_today": lambda: (switch("show_today", page, t),),
        "privacy": lambda: _privacy(t),
    }
    if page not in pages:
        return Reply(t("settings.main"), _main(t))
    # A list within a page leads back to the page, a page to the one that it is listed on.
    above = page if place else PERIODS if page in _PERIOD_PAGES else MAIN
    back = press(t("button.back"), buttons.settings(above), t)
    return Reply(t(f"settings.text.{page}"), (*pages[page](), (back,)))


def _setter(name: str) -> Callable[[str], Action]:
    return lambda value: buttons.set_to(name, value, MAIN)


def _goer(page: str) -> Callable[[str], Action]:
    return lambda where: buttons.settings(page, where)


def _main(t: Localizer) -> Buttons:
    """Show every setting with its present value; a tap opens its page."""
    programs = press(t("tokens.button.show"), buttons.tokens(), t)
    return (*_pages(labels(t), t), (programs,))


def _pages(found: dict[str, Html], t: Localizer) -> Buttons:
    return in_rows([press(label, buttons.settings(page), t) for page, label in found.items()], 1)


def page_of(field: str) -> str:
    """Return the page on which a field of `Settings` is changed."""
    pages = {
        "local_only": "privacy",
        "month_workday": "month_start",
    }
    return pages.get(field) or push_settings.page_of(field) or field


def labels(t: Localizer) -> dict[str, Html]:
    """Return each page's setting with its present value."""
    s = t.settings
    values: dict[str, str] = {
        "currency": s.currency,
        "timezone": t.zone(s.timezone),
        "language": t("language.name"),
        "week_start": t.weekday(s.week_start),
        "month_start": _month_start(t),
        PERIODS: "",
        **push_settings.values(t),
        "show_today": t("settings.on" if s.show_today else "settings.off"),
        "privacy": t("settings.privacy_local" if s.local_only else "settings.privacy_standard"),
    }
    return {name: t(f"settings.button.{name}", value=value) for name, value in values.items()}


def settings_page_named(words: str, t: Localizer) -> str | None:
    """Return the page that words name (`time zone`, `currency CHF`), None where none is named.

    English names count in every chat, next to those of its own language.
    """
    english = localizer_for(replace(t.settings, language="en"))
    return _find_page(words, t) or _find_page(words, english)


def _find_page(words: str, t: Localizer) -> str | None:
    said = " ".join(words.casefold().split())
    for page, label in (labels(t) | period_labels(t)).items():
        title = visible(label).partition("·")[0].strip().casefold()
        begun = len(said) >= _NAME_MIN and title.startswith(said)
        chosen_there = page in _BUTTONS_ONLY and said.startswith(f"{title} ")
        if begun or chosen_there:
            return page
    return None


def period_labels(t: Localizer) -> dict[str, Html]:
    """Return the settings of the longer periods with their present values."""
    s = t.settings
    values = {
        "fortnight_start": _from_day(date.fromisoformat(s.fortnight_start), t)
        if s.fortnight_start
        else t.plain("settings.with_week"),
        "quarter_start": _month_day(s.quarter_start, t)
        if s.quarter_start
        else t.plain("settings.with_year"),
        "year_start": _month_day(s.year_start, t),
        "trip": _trip_days(t) or t.plain("settings.none"),
    }
    return {name: t(f"settings.button.{name}", value=value) for name, value in values.items()}


def _month_start(t: Localizer) -> Html:
    s = t.settings
    if s.month_start == _LAST_DAY:
        return t("settings.last_workday" if s.month_workday else "settings.last_day")
    if s.month_workday:
        return t("settings.day_or_workday", day=s.month_start)
    return t("settings.day_of_month", day=s.month_start)


def _month_starts(t: Localizer) -> Buttons:
    """Offer every day, the last one, the last working day, and the Friday before a weekend."""
    s = t.settings
    found = [
        _both(day, t.number(day), t, workday=s.month_workday) for day in choices.MONTH_STARTS[:-1]
    ]
    last = _both(_LAST_DAY, t.plain("settings.last_day"), t, workday=False)
    workday = _both(_LAST_DAY, t.plain("settings.last_workday"), t, workday=True)
    forward = ticked(t.plain("settings.friday_before"), t, current=s.month_workday)
    switch = buttons.set_to("month_workday", not s.month_workday, "month_start")
    return (*in_rows(found, 7), (last, workday), (press(forward, switch, t),))


def _both(day: int, label: str, t: Localizer, *, workday: bool) -> Button:
    """Return a button that sets the day and whether it is brought forward."""
    current = (t.settings.month_start, t.settings.month_workday) == (day, workday)
    values: dict[str, Json] = {"month_start": day, "month_workday": workday}
    shown = ticked(label, t, current=current)
    return press(shown, buttons.set_all(values, "month_start"), t)


def _fortnight_starts(t: Localizer, today: date) -> Buttons:
    """Offer the fortnight that begins with this week, and the one that began a week ago."""
    week = t.settings.calendar.of("week", today).start
    running = t.settings.calendar.of("fortnight", today).start
    found = []
    for start in (week - timedelta(days=7), week):
        label = ticked(_from_day(start, t), t, current=start == running)
        value = start.isoformat()
        found.append(press(label, buttons.set_to("fortnight_start", value, "fortnight_start"), t))
    return (tuple(found),)


def _quarter_starts(t: Localizer) -> Buttons:
    found = [
        choice("quarter_start", value, _quarter_months(value, t), "quarter_start", t)
        for value in _QUARTER_STARTS
    ]
    same = t.plain("settings.with_year")
    return (*in_rows(found, 1), (choice("quarter_start", "", same, "quarter_start", t),))


def _quarter_months(value: str, t: Localizer) -> str:
    """Name the four days on which quarters begin."""
    month, day = parse_month_day(value)
    days = [_day_of((month + more, day), t) for more in (0, 3, 6, 9)]
    return t.listed(*days)


def _year_starts(t: Localizer) -> Buttons:
    values = dict.fromkeys((*_YEAR_STARTS, t.settings.year_start))
    found = [choice("year_start", value, _month_day(value, t), "year_start", t) for value in values]
    return in_rows(found, 2)


def _trip(t: Localizer) -> Buttons:
    if not t.settings.trip:
        return ()
    none = press(t("settings.no_trip"), buttons.set_to("trip", "", "trip"), t)
    return ((none,),)


def _trip_days(t: Localizer) -> str:
    trip = parse_trip(t.settings.trip) if t.settings.trip else None
    return t.dates(trip, trip.start) if trip else ""


def _month_day(value: str, t: Localizer) -> str:
    return _day_of(parse_month_day(value), t)


def _day_of(month_day: MonthDay, t: Localizer) -> str:
    # A leap year, because 29 February may be chosen; the year is not shown.
    day = date(2024, *month_day)
    return t.days(day, day, day)


def _from_day(day: date, t: Localizer) -> str:
    return t.plain("settings.from_day", day=t.days(day, day, day))


def _privacy(t: Localizer) -> Buttons:
    local = choice("local_only", value=True, label=t("settings.local_only"), page="privacy", t=t)
    cloud = choice(
        "local_only", value=False, label=t("settings.cloud_allowed"), page="privacy", t=t
    )
    return ((local,), (cloud,))


def zones_found(found: Sequence[str], t: Localizer, *, now: datetime) -> Reply:
    """Offer the time zones of a typed or sent place; without any, explain how to find one."""
    if not found:
        return Reply(
            t("settings.zone_unknown"),
            zone_buttons(t, "", now=now, choose=_setter("timezone"), go=_goer("timezone")),
        )
    return Reply(
        t("settings.zones_found"), found_zones(found, t, now=now, choose=_setter("timezone"))
    )


def choices_typed(choice: TypedChoice, t: Localizer, *, now: datetime) -> Reply:
    """Offer what words may mean where that is several values or none."""
    if choice.page == "timezone":
        return zones_found(choice.values, t, now=now)
    shown = settings(choice.page, t, now=now)
    words = t.user(choice.words, _WORDS_MAX)
    return Reply(t(f"settings.unknown.{choice.page}", words=words), shown.buttons)


def setting_typed(name: str, t: Localizer, *, now: datetime) -> Reply:
    """Show the page of a setting that was chosen in words, with its new value."""
    page = page_of(name)
    label = (labels(t) | period_labels(t))[page]
    shown = settings(page, t, now=now)
    said = rows(t("settings.typed", setting=label), _unspoken(t) if page == "language" else EMPTY)
    return Reply(said, shown.buttons)


def _unspoken(t: Localizer) -> Html:
    """Say that texts are in another language than the one that was chosen, where that is so."""
    chosen = t.settings.language.partition("-")[0].lower()
    if chosen == t.words.own.language:
        return EMPTY
    return t("settings.language_unspoken", language=t.language_name(chosen, t.words.own.language))


def budgets_keep_currency(currencies: Sequence[str], t: Localizer) -> Reply:
    """Tell after a change of the currency that budgets stay in theirs."""
    return Reply(t("settings.budgets_keep_currency", currencies=", ".join(currencies)))


def setting_changed(name: str, user: str, t: Localizer) -> Reply:
    """Tell a group which setting somebody changed; the page itself is seen by one person."""
    label = (labels(t) | period_labels(t)).get(page_of(name))
    return Reply(t("settings.changed", user=t.user(user, 60), setting=label or name))
