"""Show the settings of what comes unasked: summaries, the nudge, quiet hours, alerts, the card."""

from __future__ import annotations

from collections.abc import Callable

from ledger.money import Money
from ports.messages import Buttons, Json
from presentation import buttons
from presentation.localizer import Localizer
from presentation.views.parts import in_rows, press
from presentation.views.settings.pickers import choice, hours, switch, ticked, weekdays

_PERCENTS: tuple[tuple[int, ...], ...] = ((80, 100), (50, 80, 100), (90, 100), (100,), ())
_QUIET: tuple[tuple[int, ...], ...] = ((22, 7), (22, 8), (21, 7), (23, 8), ())
_PAGES = ("weekly", "monthly", "nudge", "quiet", "card", "alerts")


def pages(t: Localizer) -> dict[str, Callable[[], Buttons]]:
    """Return the buttons of each page."""
    return {
        "weekly": lambda: _weekly(t),
        "monthly": lambda: _timed("monthly", on=t.settings.monthly_on, t=t),
        "nudge": lambda: _timed("nudge", on=t.settings.nudge_on, t=t),
        "quiet": lambda: _quiet(t),
        "card": lambda: _card(t),
        "alerts": lambda: _alerts(t),
    }


def page_of(field: str) -> str | None:
    """Return the page on which a field of `Settings` is changed, None for another's."""
    start = field.split("_", maxsplit=1)[0]
    return {"alert": "alerts", "paused": "quiet"}.get(start, start if start in _PAGES else None)


def values(t: Localizer) -> dict[str, str]:
    """Return each page's setting as it is now."""
    s, off = t.settings, t("settings.off")
    weekly = t("settings.weekly_at", day=t.weekday(s.weekly_day), time=t.time(s.weekly_hour))
    return {
        "weekly": weekly if s.weekly_on else off,
        "monthly": t.time(s.monthly_hour) if s.monthly_on else off,
        "nudge": t.time(s.nudge_hour) if s.nudge_on else off,
        "quiet": _between(s.quiet_hours, t) if s.quiet_hours else off,
        "card": t("settings.on") if s.card_on else off,
        "alerts": _thresholds(s.alert_percents, s.alert_amounts, t) or off,
    }


def _weekly(t: Localizer) -> Buttons:
    both = switch("weekly_on", "weekly", t)
    if not t.settings.weekly_on:
        return (both,)
    days = weekdays("weekly_day", t.settings.weekly_day, "weekly", t)
    return (both, *days, *hours("weekly_hour", "weekly", t))


def _timed(kind: str, *, on: bool, t: Localizer) -> Buttons:
    both = switch(f"{kind}_on", kind, t)
    return (both, *hours(f"{kind}_hour", kind, t)) if on else (both,)


def _quiet(t: Localizer) -> Buttons:
    """Offer quiet hours, and the end of a pause that runs."""
    offered = dict.fromkeys((*_QUIET[:-1], t.settings.quiet_hours or (22, 7), ()))
    found = [
        choice(
            "quiet_hours",
            [*pair],
            _between(pair, t) if pair else t.plain("settings.off"),
            "quiet",
            t,
        )
        for pair in offered
    ]
    end = press(t("button.pause_end"), buttons.set_to("paused_until", "", "quiet"), t)
    paused: Buttons = ((end,),) if t.settings.paused_until else ()
    return (*in_rows(found, 2), *paused)


def _between(pair: tuple[int, ...], t: Localizer) -> str:
    first, end = pair
    return t.plain("settings.between", first=t.time(first), end=t.time(end))


def _card(t: Localizer) -> Buttons:
    """Offer the card; the page that it is switched on with becomes the card."""
    on = ticked(t.plain("settings.on"), t, current=t.settings.card_on)
    off = choice("card_on", value=False, label=t.plain("settings.off"), page="card", t=t)
    return ((press(on, buttons.pin_card(), t), off),)


def _alerts(t: Localizer) -> Buttons:
    """Offer shares; sums are typed, and can be taken away here."""
    s = t.settings
    offered = dict.fromkeys((*_PERCENTS[:-1], s.alert_percents or (80, 100), ()))
    found = [
        choice(
            "alert_percents",
            [*percents],
            _thresholds(percents, (), t) or t.plain("settings.off"),
            "alerts",
            t,
        )
        for percents in offered
    ]
    none: Json = []
    amounts = t.plain("settings.no_amounts", amounts=_thresholds((), s.alert_amounts, t))
    without = press(amounts, buttons.set_to("alert_amounts", none, "alerts"), t)
    waits = ticked(t.plain("settings.after_income"), t, current=s.alert_after_income)
    income = buttons.set_to("alert_after_income", not s.alert_after_income, "alerts")
    more: Buttons = ((without,),) if s.alert_amounts else ()
    return (*in_rows(found, 1), *more, (press(waits, income, t),))


def _thresholds(percents: tuple[int, ...], amounts: tuple[Money, ...], t: Localizer) -> str:
    """List shares and sums; empty where there are none."""
    shares = t.listed(*(t.number(percent) for percent in percents))
    found = [t.plain("settings.percents", percents=shares)] if percents else []
    return t.listed(*found, *(t.money(amount) for amount in amounts)) if found or amounts else ""
