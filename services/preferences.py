"""Change settings of a ledger one at a time, checked and recorded for undo."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from ledger.errors import InputError
from ledger.money import is_currency
from ledger.periods.days import is_zone
from ledger.settings import Settings, parse_month_day, parse_trip, with_settings_fields
from ports.messages import Json
from services.entries.changing import require_admin
from services.entries.recording import begin
from services.restating import Restating
from services.scope import Scope
from services.settings import apply_settings

_WEEKDAYS = range(7)
"""Monday is 0."""
_HOURS = range(24)
_MONTH_STARTS = range(1, 32)
"""A month without the day starts on its last one."""
_PERCENTS = range(1, 1000)
PROMPT_MAX = 300
"""Characters of the instruction by which a model phrases insights."""


_ADMINS = frozenset(
    {
        "currency",
        "timezone",
        "language",
        "week_start",
        "month_start",
        "month_workday",
        "fortnight_start",
        "quarter_start",
        "year_start",
    }
)
"""Settings that decide how the entries of all members count."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """Changes settings by name; names are the fields of `Settings`."""

    restating: Restating = field(default_factory=Restating)

    def change(self, scope: Scope, changes: dict[str, Json]) -> Settings:
        """Set these fields and replan the pushes.

        Raises:
            InputError: A value is out of range (`bad_setting`, with the field's name).
            NotAllowedError: In a group, a setting that decides how all entries count is its admins'.
        """
        if _ADMINS.intersection(changes):
            require_admin(scope, "settings_admins_only")
        settings = with_settings_fields(scope.settings, checked(changes))
        # An unchanged setting makes no operation, which `/undo` would otherwise reverse first.
        if settings == scope.settings:
            return settings
        recorder = begin(scope, "settings")
        recorder.settings(scope.settings, settings)
        recorder.write()
        apply_settings(scope, settings, self.restating)
        return settings


def checked(changes: dict[str, Json]) -> dict[str, Json]:
    """Return the changes as they are, or raise `InputError` for the first that cannot be."""
    for name, value in changes.items():
        if not _fits(name, value):
            raise InputError("bad_setting", name=name)
    return changes


def _fits(name: str, value: Json) -> bool:  # noqa: PLR0911 -- one line per setting
    match name:
        case "week_start" | "weekly_day":
            return value in _WEEKDAYS
        case "month_start":
            return value in _MONTH_STARTS
        case "weekly_hour" | "monthly_hour" | "nudge_hour":
            return value in _HOURS
        case (
            "weekly_on"
            | "monthly_on"
            | "month_workday"
            | "local_only"
            | "show_today"
            | "set_up"
            | "alert_after_income"
            | "nudge_on"
            | "card_on"
        ):
            return isinstance(value, bool)
        case "insights_prompt":
            return isinstance(value, str) and len(value) <= PROMPT_MAX
        case "quiet_hours":
            return value == [] or _are_hours(value)
        case "alert_percents":
            return isinstance(value, list) and all(percent in _PERCENTS for percent in value)
        case "alert_amounts":
            return isinstance(value, list) and all(_is_amount(pair) for pair in value)
        case _:
            return isinstance(value, str) and _fits_text(name, value)


def _fits_text(name: str, value: str) -> bool:
    match name:
        case "currency":
            return is_currency(value)
        case "timezone":
            return is_zone(value)
        case "language":
            # Any tag is kept, because formats follow it even where texts fall back to English.
            return value.replace("-", "").isalnum()
        case "paused_until":
            return not value or _is_day(value)
        case "fortnight_start" | "quarter_start" | "year_start" | "trip":
            return _is_date_setting(name, value)
        case _:
            return False


def _are_hours(value: Json) -> bool:
    """Return whether a value is a pair of different hours."""
    return (
        isinstance(value, list)
        and len(value) == 2  # noqa: PLR2004
        and all(hour in _HOURS for hour in value)
        and value[0] != value[1]
    )


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_amount(pair: Json) -> bool:
    """Return whether a value is a pair of positive minor units and a currency."""
    if not isinstance(pair, list) or len(pair) != 2:  # noqa: PLR2004
        return False
    minor, code = pair
    return isinstance(minor, int) and minor > 0 and isinstance(code, str) and is_currency(code)


def _is_date_setting(name: str, value: str) -> bool:
    """Return whether a text says when a kind of period begins; empty is the default of most."""
    if not value:
        return name != "year_start"
    parse = {"fortnight_start": date.fromisoformat, "trip": parse_trip}.get(name, parse_month_day)
    try:
        parse(value)
    except (ValueError, OverflowError):
        return False
    return True
