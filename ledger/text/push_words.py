"""Read the words after /settings about what comes unasked: alerts, pushes, quiet hours, the card."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from ledger.money import AMOUNT_MAX, to_minor
from ledger.text.vocabulary import Vocabulary

Changes = dict[str, Any]
"""Fields of `Settings` with their new values, as JSON."""

KEYS = ("alerts", "weekly", "monthly", "nudge", "quiet", "pause", "card")

PERCENT_MAX = 200
"""A bare figure up to this is a share, a larger one a sum."""
THRESHOLDS_MAX = 6

_NUMBER = re.compile(r"(\d+(?:[.,]\d{1,3})?)\s*(%|[a-z]{3}\b|[€$£])?")
_HOUR = re.compile(r"(?:at |um |by )?(\d{1,2})(?:[:.]00)?(?: ?(am|pm|uhr|h))?")
_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP"}
_FILLER = re.compile(r"\b(?:and|und|at|bei|ab|from|me|if|when|over|über|me at)\b|[,;&]")
_NOON = 12
_DAY_HOURS = 24


def read_push_setting(
    key: str, value: str, today: date, currency: str, vocabulary: Vocabulary
) -> Changes | None:
    """Return the settings that a value chooses for one of `KEYS`, None for a value that does not fit."""
    if key == "alerts":
        return _read_alerts(value, currency, vocabulary)
    if key == "pause":
        return _read_pause(value, today, vocabulary)
    switch = {True: "on", False: "off"}
    for state, word in switch.items():
        if value in vocabulary.command_words("settings", word):
            return {"quiet_hours": []} if key == "quiet" else {f"{key}_on": state}
    if key == "quiet":
        return _read_hours(value)
    return None if key == "card" else _read_time(key, value, vocabulary)


def _read_alerts(value: str, currency: str, vocabulary: Vocabulary) -> Changes | None:
    """Read shares and sums: `50 90 100`, `at 700`, `80 % and 700 eur`."""
    if value in vocabulary.command_words("settings", "off"):
        return {"alert_percents": [], "alert_amounts": []}
    rest = _NUMBER.sub(" ", _FILLER.sub(" ", value)).strip()
    found = _NUMBER.findall(_FILLER.sub(" ", value))
    if rest or not found or len(found) > THRESHOLDS_MAX:
        return None
    percents: set[int] = set()
    amounts: set[tuple[int, str]] = set()
    for digits, unit in found:
        number = Decimal(digits.replace(",", "."))
        if unit == "%" or (not unit and number <= PERCENT_MAX and number == int(number)):
            percents.add(int(number))
        elif 0 < number <= AMOUNT_MAX:
            code = _SIGNS.get(unit, unit.upper()) or currency
            amounts.add((to_minor(number, code), code))
    changes: Changes = {}
    # A list of one kind leaves the other as it is.
    if percents:
        changes["alert_percents"] = sorted(percents)
    if amounts:
        changes["alert_amounts"] = [[minor, code] for minor, code in sorted(amounts)]
    return changes or None


def _read_pause(value: str, today: date, vocabulary: Vocabulary) -> Changes | None:
    for key, days in (("off", 0), ("today", 1), ("for_a_week", 7)):
        if value in vocabulary.command_words("settings", key):
            until = (today + timedelta(days=days)).isoformat() if days else ""
            return {"paused_until": until}
    return None


def _read_hours(value: str) -> Changes | None:
    """Read `22-7`, `from 22 to 7`, `22:00 - 07:00`."""
    parts = re.split(r"\s*(?:-|–|\bto\b|\bbis\b)\s*", re.sub(r"^(?:from|von) ", "", value))
    hours = [_hour(part) for part in parts]
    if len(hours) != 2 or None in hours or hours[0] == hours[1]:
        return None
    return {"quiet_hours": [hour for hour in hours if hour is not None]}


def _read_time(key: str, value: str, vocabulary: Vocabulary) -> Changes | None:
    """Read the hour of a push, and the weekday of the weekly one; either switches it on."""
    changes: Changes = {f"{key}_on": True}
    words = value.split()
    if key == "weekly" and words and (day := _weekday(words[0], vocabulary)) is not None:
        changes["weekly_day"] = day
        words = words[1:]
    if words:
        hour = _hour(" ".join(words))
        if hour is None:
            return None
        changes[f"{key}_hour"] = hour
    return changes if len(changes) > 1 else None


def _weekday(word: str, vocabulary: Vocabulary) -> int | None:
    """Return the weekday that a word names; Monday is 0."""
    # The reader of periods loads its tables with the first words that need them.
    from ledger.periods.period import Calendar, parse_period  # noqa: PLC0415

    monday = date(2026, 11, 16)
    period = parse_period(word, monday, calendar=Calendar(), language=vocabulary.language)
    return period.start.weekday() if period and period.days == 1 and word.isalpha() else None


def _hour(value: str) -> int | None:
    found = _HOUR.fullmatch(value.strip())
    if found is None:
        return None
    hour = int(found[1])
    if found[2] == "pm" and hour < _NOON:
        hour += _NOON
    elif found[2] == "am" and hour == _NOON:
        hour = 0
    return hour % _DAY_HOURS if hour <= _DAY_HOURS else None
