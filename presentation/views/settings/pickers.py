"""Build buttons to pick a currency, a time zone or a language, in set-up and settings.

Long lists go by pages. A place is `""` (the likeliest few), `"3"` (page three of all currencies),
`"Europe"` or `"Europe:2"` (page two of a continent's zones), `"world"` (the continents).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from ports.messages import Action, Button, Buttons, Json
from presentation import buttons, choices, zones
from presentation.localizer import Localizer
from presentation.translations import spoken
from presentation.views.parts import in_rows, press

Chosen = Callable[[str], Action]
"""Makes the action of choosing a value."""
Shown = Callable[[str], Action]
"""Makes the action of going to a place in the list."""

WORLD = "world"


def currency_buttons(t: Localizer, place: str, *, choose: Chosen, go: Shown) -> Buttons:
    """Offer currencies: the likeliest eight, or a page of all."""
    if not place:
        first = choices.currencies_for(t.currency)
        found = [_currency(code, t, choose) for code in first]
        return (*in_rows(found, 4), (press(t("button.all_currencies"), go("0"), t),))
    page = int(place) if place.isdecimal() else 0
    codes, pages = _page(choices.all_currencies(), page, choices.CURRENCIES_PER_PAGE)
    return (*in_rows([_currency(code, t, choose) for code in codes], 4), *_turn(page, pages, go, t))


def _currency(code: str, t: Localizer, choose: Chosen) -> Button:
    return press(ticked(code, t, current=code == t.currency), choose(code), t)


def zone_buttons(t: Localizer, place: str, *, now: datetime, choose: Chosen, go: Shown) -> Buttons:
    """Offer time zones by their current time; by continent for the rest of the world."""
    if not place:
        first = choices.zones_for(t.currency, t.settings.timezone)
        found = [_zone(zone, t, choose, now) for zone in first]
        return (*in_rows(found, 2), (press(t("button.all_zones"), go(WORLD), t),))
    continent, _, number = place.partition(":")
    if continent not in choices.CONTINENTS:
        names = [press(t(f"continent.{c.lower()}"), go(c), t) for c in choices.CONTINENTS]
        return in_rows([*names, _zone("UTC", t, choose, now)], 3)
    page = int(number) if number.isdecimal() else 0
    there, pages = _page(zones.list_zones(continent), page, choices.ZONES_PER_PAGE)
    found = [_zone(zone, t, choose, now) for zone in there]
    turn = _turn(page, pages, lambda where: go(f"{continent}:{where}"), t)
    return (*in_rows(found, 2), *turn)


def found_zones(found: Sequence[str], t: Localizer, *, now: datetime, choose: Chosen) -> Buttons:
    """Offer the zones that a person's words or place may mean."""
    return in_rows([_zone(zone, t, choose, now) for zone in found], 2)


def _zone(zone: str, t: Localizer, choose: Chosen, now: datetime) -> Button:
    there = now.astimezone(ZoneInfo(zone))
    label = t("choice.zone", city=t.zone(zone), time=t.time(there.hour, there.minute))
    return press(ticked(label, t, current=zone == t.settings.timezone), choose(zone), t)


def language_buttons(t: Localizer, *, choose: Chosen) -> Buttons:
    """Offer every language that has a whole catalogue, by its own name."""
    current = t.words.own.language
    found = [
        press(ticked(name, t, current=language == current), choose(language), t)
        for language, name in spoken()
    ]
    return in_rows(found, 2)


def ticked(label: str, t: Localizer, *, current: bool) -> str:
    """Mark the present choice."""
    return t("choice.current", what=label) if current else label


def _page(values: Sequence[str], page: int, size: int) -> tuple[Sequence[str], int]:
    pages = -(-len(values) // size)
    start = min(max(0, page), pages - 1) * size
    return values[start : start + size], pages


def _turn(page: int, pages: int, go: Shown, t: Localizer) -> Buttons:
    """Return buttons to the page before and after."""
    found: list[Button] = []
    if page > 0:
        found.append(press(t("button.previous"), go(str(page - 1)), t))
    if page < pages - 1:
        found.append(press(t("button.next"), go(str(page + 1)), t))
    return (tuple(found),) if found else ()


def choice(name: str, value: Json, label: str, page: str, t: Localizer) -> Button:
    """Return a button that sets a value; the present one is ticked."""
    current = getattr(t.settings, name)
    present = list(current) == value if isinstance(current, tuple) else current == value
    return press(ticked(label, t, current=present), buttons.set_to(name, value, page), t)


def weekdays(name: str, current: int, page: str, t: Localizer) -> Buttons:
    """Offer every weekday; Monday is 0."""
    assert 0 <= current < 7  # noqa: PLR2004 -- days of a week
    return in_rows([choice(name, day, t.weekday(day), page, t) for day in range(7)], 2)


def hours(name: str, page: str, t: Localizer) -> Buttons:
    """Offer the hours at which people are awake."""
    return in_rows([choice(name, hour, t.time(hour), page, t) for hour in choices.HOURS], 4)


def switch(name: str, page: str, t: Localizer) -> tuple[Button, ...]:
    """Offer on and off."""
    on = choice(name, value=True, label=t.plain("settings.on"), page=page, t=t)
    off = choice(name, value=False, label=t.plain("settings.off"), page=page, t=t)
    return on, off
