"""The words after /settings about what comes unasked, in English and German."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ledger.text import parse_setting

TODAY = date(2026, 11, 20)

KNOWN: list[tuple[str, dict[str, Any]]] = [
    ("alerts 50 90 100", {"alert_percents": [50, 90, 100]}),
    ("alerts 50%, 90 % and 100%", {"alert_percents": [50, 90, 100]}),
    ("tell me at 700", {"alert_amounts": [[70000, "EUR"]]}),
    ("alert me at 700 usd", {"alert_amounts": [[70000, "USD"]]}),
    ("alerts 80 700€", {"alert_percents": [80], "alert_amounts": [[70000, "EUR"]]}),
    ("alerts off", {"alert_percents": [], "alert_amounts": []}),
    ("weekly friday 20", {"weekly_on": True, "weekly_day": 4, "weekly_hour": 20}),
    ("weekly sunday", {"weekly_on": True, "weekly_day": 6}),
    ("weekly off", {"weekly_on": False}),
    ("monthly 9:00", {"monthly_on": True, "monthly_hour": 9}),
    ("nudge 8 pm", {"nudge_on": True, "nudge_hour": 20}),
    ("nudge on", {"nudge_on": True}),
    ("quiet 22-7", {"quiet_hours": [22, 7]}),
    ("quiet from 22:00 to 07:00", {"quiet_hours": [22, 7]}),
    ("quiet off", {"quiet_hours": []}),
    ("pause week", {"paused_until": "2026-11-27"}),
    ("pause today", {"paused_until": "2026-11-21"}),
    ("pause off", {"paused_until": ""}),
    ("card on", {"card_on": True}),
    ("pinned card off", {"card_on": False}),
]
GERMAN: list[tuple[str, dict[str, Any]]] = [
    ("Warnungen 50 90 100", {"alert_percents": [50, 90, 100]}),
    ("warne mich bei 700", {"alert_amounts": [[70000, "EUR"]]}),
    ("Wochenübersicht Freitag 20", {"weekly_on": True, "weekly_day": 4, "weekly_hour": 20}),
    ("Erinnerung um 20 Uhr", {"nudge_on": True, "nudge_hour": 20}),
    ("Ruhe 22 bis 7", {"quiet_hours": [22, 7]}),
    ("Wochenuebersicht Freitag 20", {"weekly_on": True, "weekly_day": 4, "weekly_hour": 20}),
    ("nicht stoeren 22-7", {"quiet_hours": [22, 7]}),
    ("Pause eine Woche", {"paused_until": "2026-11-27"}),
    ("Karte an", {"card_on": True}),
]


@pytest.mark.parametrize(("words", "changes"), KNOWN)
def test_english_words(words: str, changes: dict[str, Any]) -> None:
    assert parse_setting(words, TODAY, "en", "EUR") == changes


@pytest.mark.parametrize(("words", "changes"), GERMAN)
def test_german_words(words: str, changes: dict[str, Any]) -> None:
    assert parse_setting(words, TODAY, "de", "EUR") == changes


@pytest.mark.parametrize(
    "words",
    [
        "alerts",
        "alerts soon",
        "alerts -5",
        "alerts 1 2 3 4 5 6 7",
        "weekly at noonish",
        "weekly 25",
        "quiet 22",
        "quiet 22-22",
        "quiet 22-99",
        "nudge 8.15",
        "pause forever",
        "card maybe",
    ],
)
def test_words_without_a_meaning_change_nothing(words: str) -> None:
    assert parse_setting(words, TODAY, "en", "EUR") is None


def test_sums_have_the_digits_of_their_currency() -> None:
    assert parse_setting("alerts 70000", TODAY, "en", "JPY") == {"alert_amounts": [[70000, "JPY"]]}
