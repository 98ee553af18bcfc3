"""Read the period after /summary, /list and /export, in every language pack."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from ledger.periods.period import Calendar, Period, PeriodKind, day_period
from ledger.text.dates.calendar_days import YEAR_MIN
from ledger.text.lines.characters import clean, fold, shape
from ledger.text.lines.line import TextLine
from ledger.text.lines.reading import build_context, read_line
from ledger.text.model import TextContext
from ledger.text.vocabulary import Vocabulary, vocabulary_of

TEXT_MAX = 100
SPAN_MAX = 400
_UNITS: tuple[PeriodKind, ...] = ("day", "week", "fortnight", "month", "quarter", "year", "trip")

_YEAR_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})\.?")
_MONTH_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})")
_QUARTER = re.compile(r"(?:(\d{4})\s*[-/]?\s*)?q([1-4])(?:\s*[-/]?\s*(\d{4}))?")
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_YEAR_MAX = 2199
"""No later year has entries, and the very last ones have no period behind them."""
_SHORT_DAY = re.compile(r"\d{1,2}\.\d{1,2}")
"""Half of a range: no decimal here, whatever the language."""
_AROUND_MAX = timedelta(days=183)
"""Longest range around New Year whose days were typed without years."""
_JOINT = re.compile(r"\s+[-–/~]\s+|\.{2,}|…|[–~]|-|\s+")


class _Asked:
    """The question: the day, the conventions of the chat, and its vocabulary."""

    def __init__(self, today: date, calendar: Calendar, language: str) -> None:
        self.today = today
        self.calendar = calendar
        at = datetime(today.year, today.month, today.day, 12, tzinfo=UTC)
        self.chat = TextContext("private", "EUR", at, language)
        self.vocabulary = vocabulary_of(language.replace("_", "-").split("-")[0].lower())

    def running(self, kind: PeriodKind) -> Period | None:
        """Return the period of a kind that holds today; None for a trip where there is none."""
        match kind:
            case "trip" | "custom":
                return self.calendar.trip(self.today)
            case recurring:
                return self.calendar.of(recurring, self.today)

    def knows(self, year: int) -> bool:
        """Return whether periods of a year are understood."""
        return YEAR_MIN <= year <= self.today.year + 1

    def month(self, year: int, month: int) -> Period | None:
        """Return the month that starts in this calendar month."""
        if not (1 <= month <= 12 and self.knows(year)):
            return None
        return self.calendar.month_named(year, month)


def read_period(text: str, today: date, calendar: Calendar, language: str) -> Period | None:
    """Return the period that a text names; see `ledger.periods.period.parse_period`."""
    asked = _Asked(today, calendar, language)
    words = " ".join(fold(shape(clean(text[: TEXT_MAX * 2]))).split()).strip(" :,;!?")
    if not words:
        return asked.running("month")
    if len(words) > TEXT_MAX:
        return None
    for reader in (_numbers, _named, _spanned, _month_named, _one_day, _range, _trip):
        if found := reader(asked, words):
            return found
    return None


def _numbers(asked: _Asked, words: str) -> Period | None:
    """`2026`, `2026-09`, `9/2026`, `q3 2026`, `2026-Q3`, `3. Quartal 2026`."""
    if words.isdecimal() and len(words) == 4 and asked.knows(int(words)):
        return asked.calendar.year_named(int(words))
    if match := _YEAR_MONTH.fullmatch(words):
        return asked.month(int(match[1]), int(match[2]))
    if match := _MONTH_YEAR.fullmatch(words):
        return asked.month(int(match[2]), int(match[1]))
    if match := _QUARTER.fullmatch(_with_short_quarter(asked, words)):
        return (
            None if match[1] and match[3] else _quarter(asked, int(match[2]), match[1] or match[3])
        )
    return None


def _with_short_quarter(asked: _Asked, words: str) -> str:
    """Write `3. quartal 2026` and `quarter 3` as `q3 2026` and `q3`."""
    parts = [part.strip(".") for part in words.split()]
    at = next((i for i, part in enumerate(parts) if part in _quarter_words(asked.vocabulary)), None)
    if at is None:
        return words
    for number in (at - 1, at + 1):
        if 0 <= number < len(parts) and parts[number] in ("1", "2", "3", "4"):
            kept = [part for i, part in enumerate(parts) if i not in (at, number)]
            return " ".join((f"q{parts[number]}", *kept))
    return words


@lru_cache(maxsize=8)
def _quarter_words(vocabulary: Vocabulary) -> frozenset[str]:
    return frozenset(vocabulary.command_words("periods", "quarter"))


def _quarter(asked: _Asked, quarter: int, year_typed: str | None) -> Period | None:
    year = int(year_typed) if year_typed else asked.today.year
    if not asked.knows(year):
        return None
    found = asked.calendar.quarter_named(year, quarter)
    # Without a year the most recent one is meant.
    while not year_typed and found.start > asked.today:
        year -= 1
        found = asked.calendar.quarter_named(year, quarter)
    return found


# --- this week, last month


@lru_cache(maxsize=8)
def _phrases(vocabulary: Vocabulary) -> dict[str, tuple[PeriodKind, int]]:
    """Return every phrase for this or the last day, week, month or year; own language last."""
    phrases: dict[str, tuple[PeriodKind, int]] = {}
    sections = vocabulary.tables.commands.get("periods", {})
    for language in sorted(sections, key=lambda known: known == vocabulary.language):
        words = sections[language]
        for kind in _UNITS:
            for unit in words.get(kind, ()):
                phrases[unit] = (kind, 0)
                for key, offset in (("this", 0), ("last", -1)):
                    for led in words.get(key, ()):
                        for phrase in (f"{led} {unit}", f"{unit} {led}", f"{led}{unit}"):
                            phrases[phrase] = (kind, offset)
                        if led.endswith(unit):
                            phrases[led] = (kind, offset)
    phrases |= {"去年": ("year", -1), "今年": ("year", 0), "昨年": ("year", -1)}
    return phrases


def _without_lead(asked: _Asked, words: str) -> Iterator[str]:
    """Give the words, and again without the prepositions before them: `in`, `за`, `im`."""
    yield words
    parts = words.split()
    for drop in (1, 2):
        head = parts[drop - 1 : drop]
        if len(parts) <= drop or not head or not _is_preposition(asked, head[0]):
            return
        yield " ".join(parts[drop:])


def _is_preposition(asked: _Asked, word: str) -> bool:
    known = asked.vocabulary.tables.words.get(word, ())
    return any(m.role in ("connecting", "with", "of", "article") for m in known)


def _named(asked: _Asked, words: str) -> Period | None:
    phrases = _phrases(asked.vocabulary)
    for candidate in _without_lead(asked, words):
        if found := phrases.get(candidate):
            kind, offset = found
            period = asked.running(kind)
            if period is None or kind == "trip":
                # `last trip` and `this trip` are the one that the calendar names.
                return period
            return asked.calendar.previous(period) if offset else period
    return None


def _spanned(asked: _Asked, words: str) -> Period | None:
    """`last 7 days`, `30 дней`, `3 months`: so many days up to today."""
    line = _line(asked, words)
    number = next((i for i in range(len(line.tokens)) if line.key(i).isdecimal()), None)
    if number is None or len(line.key(number)) > 3 or line.days:
        return None
    last = asked.vocabulary.command_words("periods", "last")
    around = [line.key(i) for i in range(len(line.tokens)) if i not in (number, number + 1)]
    if any(word not in last and not _is_preposition(asked, word) for word in around):
        return None
    count = int(line.key(number))
    days = _unit_days(asked, line, number + 1)
    if not days or not 0 < count <= SPAN_MAX:
        return None
    end = asked.today + timedelta(days=1)
    if days < 28:
        return Period(end - timedelta(days=count * days), end)
    months = count * (12 if days > 31 else 1)
    number_of = asked.today.year * 12 + asked.today.month - 1 - months
    if number_of < YEAR_MIN * 12:
        return None
    start = date(number_of // 12, number_of % 12 + 1, min(asked.today.day, 28))
    return Period(start + timedelta(days=1), end)


def _unit_days(asked: _Asked, line: TextLine, at: int) -> int:
    if span := line.role(at, "span"):
        return span.value
    for kind, days in (("month", 30), ("year", 365), ("week", 7), ("day", 1)):
        for word in asked.vocabulary.command_words("periods", kind):
            if (
                len(word) > 2
                and line.key(at)[: max(3, len(word) - 1)] == word[: max(3, len(word) - 1)]
            ):
                return days
            if line.key(at) == word:
                return days
    return 0


# --- months and days by name


def _line(asked: _Asked, words: str) -> TextLine:
    return read_line(build_context(words, asked.chat, today=asked.today), days_only=True)


def _month_named(asked: _Asked, words: str) -> Period | None:
    """`september`, `september 2025`, `im März`: the most recent one without a year."""
    line = _line(asked, words)
    if line.days:
        return None
    month, year = None, None
    for at in range(len(line.tokens)):
        if named := line.role(at, "month"):
            month = named.value
        elif line.key(at).isdecimal() and len(line.key(at)) == 4:
            year = int(line.key(at))
        elif (
            not line.role(at, "connecting", "with", "of", "article", "last") and line.is_word(at)
        ) or line.key(at).isdecimal():
            return None
    if month is None:
        return None
    if year is None:
        year = asked.today.year - (month > asked.today.month)
    return asked.month(year, month)


def _one_day(asked: _Asked, words: str) -> Period | None:
    day = _day(asked, words)
    return day_period(day) if day else None


def _day(asked: _Asked, words: str) -> date | None:
    """Return the day that words name and nothing else, None for anything more or less."""
    line = read_line(build_context(words, asked.chat, today=asked.today))
    found = [(d.start, d.end, d.on) for d in line.days]
    found += [(a.start, a.end, a.day) for a in line.amounts if a.day]
    if len(found) != 1:
        return None
    start, end, on = found[0]
    if on is None or not YEAR_MIN <= on.year <= _YEAR_MAX:
        return None
    rest = (i for i in range(len(line.tokens)) if not start <= i < end)
    return on if all(line.is_sign(i, ".,:") for i in rest) else None


# --- ranges


def _range(asked: _Asked, words: str) -> Period | None:
    for halves in _halves(asked, words):
        left, right = (f"{half}." if _SHORT_DAY.fullmatch(half) else half for half in halves)
        end = _day(asked, right)
        if end is None:
            continue
        start = _day(asked, left)
        if start is None and left.isdecimal() and 1 <= int(left[:3]) <= end.day:
            start = end.replace(day=int(left))
        if start is None:
            continue
        start, end = _in_order(start, end, (left, right))
        return Period(start, end + timedelta(days=1))
    return None


def _in_order(start: date, end: date, typed: tuple[str, str]) -> tuple[date, date]:
    """Return the days of a range, the first one first.

    A day without a year takes that of the other: `20.12.-5.1.2027` begins in 2026. More than half a year
    around New Year was typed the wrong way round.
    """
    start_has_year, end_has_year = (_YEAR.search(half) is not None for half in typed)
    if end_has_year and not start_has_year:
        start = _with_year(start, end.year)
        around = _with_year(start, end.year - 1), end
    else:
        if start_has_year and not end_has_year:
            end = _with_year(end, start.year)
        around = start, _with_year(end, end.year + 1)
    if start <= end:
        return start, end
    is_around = not (start_has_year and end_has_year) and around[1] - around[0] <= _AROUND_MAX
    return around if is_around else (end, start)


def _trip(asked: _Asked, words: str) -> Period | None:
    """`trip 3.12.-14.12.`: the dates of a trip behind the word."""
    for word in asked.vocabulary.command_words("periods", "trip"):
        if words.startswith(f"{word} ") and (found := _range(asked, words[len(word) + 1 :])):
            return _nearest(found, words, asked.today)
    return None


def read_trip(text: str, today: date, language: str) -> Period | None:
    """Return the days that a text gives for a trip, None for any other words.

    Without a year it is the trip nearest to today: one that ended last week, or begins next month.
    """
    asked = _Asked(today, Calendar(), language)
    words = " ".join(fold(shape(clean(text[:TEXT_MAX]))).split()).strip(" :,;!?")
    found = _range(asked, words)
    return _nearest(found, words, today) if found else _trip(asked, words)


def _nearest(period: Period, words: str, today: date) -> Period:
    """Return a trip in the year that brings it nearest to today, unless its year was typed."""
    if _YEAR.search(words):
        return Period(period.start, period.end, "trip")
    around = [_in_year(period, period.start.year + years) for years in (-1, 0, 1)]
    return min(around, key=lambda trip: max(trip.start - today, today - trip.last, timedelta(0)))


def _in_year(period: Period, year: int) -> Period:
    """Return the same days of another year; 29 February becomes the 28th."""
    start = _with_year(period.start, year)
    last = _with_year(period.last, year + period.last.year - period.start.year)
    return Period(start, last + timedelta(days=1), "trip")


def _with_year(day: date, year: int) -> date:
    return day.replace(year=year, day=min(day.day, 28 if day.month == 2 else day.day))


def _halves(asked: _Asked, words: str) -> Iterator[tuple[str, str]]:
    """Give every way to cut the words at a dash, at dots, or at a word such as "to"."""
    start_words = asked.vocabulary.command_words("periods", "from")
    for word in sorted(start_words, key=len, reverse=True):
        if words.startswith(f"{word} "):
            words = words[len(word) + 1 :]
            break
    for word in asked.vocabulary.command_words("periods", "to"):
        joint = word if ord(word[0]) > 0x2E80 else f" {word} "
        left, found, right = words.partition(joint)
        if found and left and right:
            yield left.strip(), right.strip()
    for match in _JOINT.finditer(words):
        left, right = words[: match.start()].strip(), words[match.end() :].strip()
        if left and right:
            yield left, right
