"""Read the words after /settings: when periods begin, and what comes unasked."""

from __future__ import annotations

from datetime import date

from ledger.periods.period import Calendar, Period, parse_period
from ledger.settings import write_trip
from ledger.text.dates.periods import read_trip
from ledger.text.lines.characters import clean, fold
from ledger.text.push_words import KEYS as PUSH_KEYS
from ledger.text.push_words import Changes, read_push_setting
from ledger.text.vocabulary import Vocabulary, vocabulary_of

TEXT_MAX = 100
LAST_DAY = 31
_KEYS = ("week_start", "month_start", "fortnight_start", "quarter_start", "year_start", "trip")


def parse_setting(text: str, today: date, language: str, currency: str = "EUR") -> Changes | None:
    """Return the settings that words choose, None for words that choose none.

    `month start 25`, `last working day`, `week start sunday`, `fortnights from 20 Nov`,
    `year start 6 April`, `quarters off`, `trip 3.12.-14.12.`, `alerts 50 90 100`, `tell me at 700`
    (in the ledger's `currency`), `weekly friday 20`, `quiet 22-7`, `pause week`, `card on`.
    """
    words = " ".join(fold(clean(text[:TEXT_MAX])).split()).strip(" :,;!?")
    vocabulary = vocabulary_of(language.replace("_", "-").split("-")[0].lower())
    if _is(words, "last_workday", vocabulary):
        return _month(words, vocabulary)
    for phrase, key in _phrases(vocabulary):
        if words.startswith(f"{phrase} "):
            value = words[len(phrase) :].strip(" :=")
            if key in PUSH_KEYS:
                return read_push_setting(key, value, today, currency, vocabulary)
            return _read(key, value, today, vocabulary)
    return None


def _phrases(vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """Return every name of a setting with its key, the longest first."""
    found = [(phrase, key) for key in (*_KEYS, *PUSH_KEYS) for phrase in _known(key, vocabulary)]
    return sorted(found, key=lambda pair: -len(pair[0]))


def _known(key: str, vocabulary: Vocabulary) -> list[str]:
    return vocabulary.command_words("settings", key)


def _is(words: str, key: str, vocabulary: Vocabulary) -> bool:
    return words in _known(key, vocabulary)


def _read(key: str, value: str, today: date, vocabulary: Vocabulary) -> Changes | None:
    if key == "month_start":
        return _month(value, vocabulary)
    if key == "trip":
        return _trip(value, today, vocabulary)
    if key in ("fortnight_start", "quarter_start") and _is(value, "off", vocabulary):
        return {key: ""}
    day = _day(value, today, vocabulary)
    if day is None:
        return None
    if key == "week_start":
        return {key: day.weekday()}
    return {key: day.isoformat() if key == "fortnight_start" else f"{day:%m-%d}"}


def _month(value: str, vocabulary: Vocabulary) -> Changes | None:
    """Read a day of the month, the last one, or the last working day."""
    if _is(value, "last_workday", vocabulary):
        return {"month_start": LAST_DAY, "month_workday": True}
    workday = False
    for phrase in sorted(_known("workday", vocabulary), key=len, reverse=True):
        if value.endswith(f" {phrase}"):
            value, workday = value.removesuffix(phrase).strip(" ,"), True
            break
    if _is(value, "last_day", vocabulary):
        return {"month_start": LAST_DAY, "month_workday": workday}
    number = value.rstrip(".").removesuffix("th").removesuffix("st")
    number = number.removesuffix("nd").removesuffix("rd").removeprefix("am ").removeprefix("on ")
    if not (number.isascii() and number.isdecimal() and 1 <= int(number) <= LAST_DAY):
        return None
    return {"month_start": int(number), "month_workday": workday}


def _trip(value: str, today: date, vocabulary: Vocabulary) -> Changes | None:
    if _is(value, "off", vocabulary):
        return {"trip": ""}
    found = read_trip(value, today, vocabulary.language)
    return {"trip": write_trip(found.start, found.last)} if found else None


def _day(value: str, today: date, vocabulary: Vocabulary) -> date | None:
    """Return the day that words name and nothing else."""
    period: Period | None = parse_period(
        value, today, calendar=Calendar(), language=vocabulary.language
    )
    return period.start if value and period and period.days == 1 else None
