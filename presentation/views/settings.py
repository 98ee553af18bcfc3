"""Show settings as pages of buttons, with every change at once.

Pages: `main`, `currency`, `timezone`, `language`, `week_start`, `month_start`, `weekly`,
`monthly`, `alerts`, `privacy`. Any other name shows `main`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from ports.messages import Action, Button, Buttons, Json, Reply
from presentation import buttons, choices
from presentation.localizer import Localizer
from presentation.markup import Html
from presentation.views.parts import in_rows, press
from presentation.views.pickers import (
    currency_buttons,
    found_zones,
    language_buttons,
    ticked,
    zone_buttons,
)

MAIN = "main"
_LAST_DAY = 31
_ALERTS: tuple[tuple[int, ...], ...] = ((80, 100), (50, 80, 100), (90, 100), (100,), ())


def settings(page: str, t: Localizer, *, now: datetime, place: str = "") -> Reply:
    """Show a page of the settings; `place` is where in a long list of choices one is."""
    lists = {
        "currency": lambda: currency_buttons(t, place, choose=_setter(page), go=_goer(page)),
        "timezone": lambda: zone_buttons(t, place, now=now, choose=_setter(page), go=_goer(page)),
        "language": lambda: language_buttons(t, choose=_setter(page)),
    }
    pages: dict[str, Callable[[], Buttons]] = {
        **lists,
        "week_start": lambda: _weekdays("week_start", t.settings.week_start, page, t),
        "month_start": lambda: _month_starts(t),
        "weekly": lambda: _weekly(t),
        "monthly": lambda: _monthly(t),
        "alerts": lambda: _alerts(t),
        "privacy": lambda: _privacy(t),
    }
    if page not in pages:
        return Reply(t("settings.main"), _main(t))
    # A list within a page leads back to the page, a page to the main one.
    back = press(t("button.back"), buttons.settings(page if place else MAIN), t)
    return Reply(t(f"settings.text.{page}"), (*pages[page](), (back,)))


def _setter(name: str) -> Callable[[str], Action]:
    return lambda value: buttons.set_to(name, value, MAIN)


def _goer(page: str) -> Callable[[str], Action]:
    return lambda where: buttons.settings(page, where)


def _main(t: Localizer) -> Buttons:
    """Show every setting with its present value; a tap opens its page."""
    return in_rows(
        [press(label, buttons.settings(page), t) for page, label in labels(t).items()], 1
    )


def page_of(field: str) -> str:
    """Return the page on which a field of `Settings` is changed."""
    pages = {"alert_percents": "alerts", "local_only": "privacy"}
    start = field.split("_", maxsplit=1)[0]
    return pages.get(field) or (start if start in ("weekly", "monthly") else field)


def labels(t: Localizer) -> dict[str, Html]:
    """Return each page's setting with its present value."""
    s = t.settings
    off = t("settings.off")
    weekly = t("settings.weekly_at", day=t.weekday(s.weekly_day), time=t.time(s.weekly_hour))
    alerts = t.listed(*(t.number(p) for p in s.alert_percents))
    values: dict[str, str] = {
        "currency": s.currency,
        "timezone": t.zone(s.timezone),
        "language": t("language.name"),
        "week_start": t.weekday(s.week_start),
        "month_start": _month_start(s.month_start, t),
        "weekly": weekly if s.weekly_on else off,
        "monthly": t.time(s.monthly_hour) if s.monthly_on else off,
        "alerts": t("settings.percents", percents=alerts) if s.alert_percents else off,
        "privacy": t("settings.privacy_local" if s.local_only else "settings.privacy_standard"),
    }
    return {name: t(f"settings.button.{name}", value=value) for name, value in values.items()}


def _choice(name: str, value: Json, label: str, page: str, t: Localizer) -> Button:
    """Return a button that sets a value; the present one is ticked."""
    current = getattr(t.settings, name)
    present = list(current) == value if isinstance(current, tuple) else current == value
    return press(ticked(label, t, current=present), buttons.set_to(name, value, page), t)


def _weekdays(name: str, current: int, page: str, t: Localizer) -> Buttons:
    assert 0 <= current < 7  # noqa: PLR2004 -- days of a week
    return in_rows([_choice(name, day, t.weekday(day), page, t) for day in range(7)], 2)


def _hours(name: str, page: str, t: Localizer) -> Buttons:
    return in_rows([_choice(name, hour, t.time(hour), page, t) for hour in choices.HOURS], 4)


def _month_start(day: int, t: Localizer) -> Html:
    return t("settings.last_day") if day == _LAST_DAY else t("settings.day_of_month", day=day)


def _month_starts(t: Localizer) -> Buttons:
    days: Sequence[int] = choices.MONTH_STARTS[:-1]
    found = [_choice("month_start", day, t.number(day), "month_start", t) for day in days]
    last = _choice("month_start", _LAST_DAY, t.plain("settings.last_day"), "month_start", t)
    return (*in_rows(found, 7), (last,))


def _switch(name: str, page: str, t: Localizer) -> tuple[Button, ...]:
    on = _choice(name, value=True, label=t.plain("settings.on"), page=page, t=t)
    off = _choice(name, value=False, label=t.plain("settings.off"), page=page, t=t)
    return on, off


def _weekly(t: Localizer) -> Buttons:
    switch = _switch("weekly_on", "weekly", t)
    if not t.settings.weekly_on:
        return (switch,)
    days = _weekdays("weekly_day", t.settings.weekly_day, "weekly", t)
    return (switch, *days, *_hours("weekly_hour", "weekly", t))


def _monthly(t: Localizer) -> Buttons:
    switch = _switch("monthly_on", "monthly", t)
    if not t.settings.monthly_on:
        return (switch,)
    return (switch, *_hours("monthly_hour", "monthly", t))


def _alerts(t: Localizer) -> Buttons:
    found = []
    for percents in _ALERTS:
        listed = t.listed(*(t.number(percent) for percent in percents))
        label = t("settings.percents", percents=listed) if percents else t("settings.off")
        found.append(_choice("alert_percents", [*percents], label, "alerts", t))
    return in_rows(found, 1)


def _privacy(t: Localizer) -> Buttons:
    local = _choice("local_only", value=True, label=t("settings.local_only"), page="privacy", t=t)
    cloud = _choice(
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


def setting_changed(name: str, user: str, t: Localizer) -> Reply:
    """Tell a group which setting somebody changed; the page itself is seen by one person."""
    label = labels(t).get(page_of(name))
    return Reply(t("settings.changed", user=t.user(user, 60), setting=label or name))
