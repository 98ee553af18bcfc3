"""Take phrases about a standing entry out of a text: days, steps and ends, by the words of a language."""

from __future__ import annotations

import re
import tomllib
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from importlib import resources

from ledger.periods.period import Calendar, Period, parse_period
from ledger.recurring.rules import Unit, Weekend

_DAY_WORDS_MAX = 4
"""Words of the longest day: `6 April of 2027`."""
_ISO_MONTH = re.compile(r"(\d{4})-(\d{2})")
_NAMED_MONTH = re.compile(r"([^\W\d]+)\s+(\d{4})")
_YEAR_DIGITS = 4
_MONTHS = 12
_PAST_MAX = timedelta(days=31)
"""A start without a year may lie so far back; its occurrences since then are booked as missed."""
_WEEK = 7


@dataclass(slots=True)
class PhraseReader:
    """Takes phrases out of a text, and collects their meaning."""

    text: str
    words: Mapping[str, Sequence[str]]
    language: str
    today: date
    step: tuple[Unit, int] | None = None
    month_day: int | None = None
    weekday_day: date | None = None
    """A day that names the weekday or the day of the year."""
    last_workday: bool = False
    start: date | None = None
    until: date | None = None
    count: int | None = None
    lasting: tuple[Unit, int] | None = None
    """The time from the first occurrence to the end, `for 3 months`."""
    weekend: Weekend = "keep"
    varies: bool = False
    reminders: list[int] = field(default_factory=list)
    is_impossible: bool = False
    """A phrase names a rule that cannot be: `every 0 days`, `on 42`."""

    def take(self, pattern: str) -> re.Match[str] | None:
        """Return the last match of a pattern, which is taken out of the text.

        The rule stands behind the entry, whose note may hold the same words (`daily bread`).
        """
        every = re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", self.text, re.IGNORECASE)
        found = max(every, key=re.Match.start, default=None)
        if found:
            self.text = " ".join(f"{self.text[: found.start()]} {self.text[found.end() :]}".split())
        return found

    def any_of(self, *keys: str) -> str:
        """Return the pattern of all phrases of these keys."""
        phrases = sorted((p for key in keys for p in self.words[key]), key=len, reverse=True)
        return "|".join(map(re.escape, phrases))

    def take_day(self, key: str) -> date | None:
        """Take a day behind a word of a key; the longest run of words that names one."""
        for lead in re.finditer(rf"(?<!\w)(?:{self.any_of(key)})\s+", self.text, re.IGNORECASE):
            following = self.text[lead.end() :].split()
            for length in range(min(_DAY_WORDS_MAX, len(following)), 0, -1):
                words = " ".join(following[:length])
                if day := self._name_day(words.rstrip(",;"), key):
                    self.text = " ".join([self.text[: lead.start()].strip(), *following[length:]])
                    self.text = self.text.strip()
                    return day
        return None

    def name_end(self, words: str) -> date | None:
        """Return the last day of what words name."""
        return self._name_day(words, "end") if words else None

    def _name_day(self, words: str, key: str) -> date | None:
        if words.isdecimal() and len(words) != _YEAR_DIGITS:
            return None
        period = _name_month(words, self.today, self.language) or parse_period(
            words, self.today, language=self.language
        )
        if period is None:
            return None
        has_year = re.search(rf"\d{{{_YEAR_DIGITS}}}", words) is not None
        if key == "end":
            return period.last if has_year else self._next_end(words, period)
        if period.days > 1:
            return None
        return period.start if has_year else next_of_name(period.start, self.today - _PAST_MAX)

    def _next_end(self, words: str, period: Period) -> date:
        """Return the day that an end without a year means, today or later; `yesterday` stays past."""
        if period.last >= self.today:
            return period.last
        is_month = _name_month(f"{words} {self.today.year}", self.today, self.language) is not None
        if is_month or any(map(str.isdecimal, words)):
            return next_of_name(period.last, self.today)
        tomorrow = self.today + timedelta(days=1)
        later = parse_period(words, tomorrow, language=self.language)
        # A weekday stays where it is, or moves by a week; other words move with the day.
        is_weekday = later is not None and (later.last - period.last).days % _WEEK == 0
        return (
            period.last + timedelta(days=_WEEK) if is_weekday and period.days == 1 else period.last
        )


def _name_month(words: str, today: date, language: str) -> Period | None:
    """Return the month that a name with a year, or `2028-03`, means; also one far ahead."""
    if found := _ISO_MONTH.fullmatch(words):
        year, month = int(found[1]), int(found[2])
        return Calendar().month_named(year, month) if 1 <= month <= _MONTHS else None
    if found := _NAMED_MONTH.fullmatch(words):
        named = parse_period(found[1], today, language=language)
        if named is not None and named.kind == "month":
            return Calendar().month_named(int(found[2]), named.start.month)
    return None


def next_of_name(day: date, earliest: date) -> date:
    """Return the next day of this name that is not before another day."""
    for year in (earliest.year, earliest.year + 1):
        last = monthrange(year, day.month)[1]
        found = date(year, day.month, min(day.day, last))
        if found >= earliest:
            return found
    return day


@cache
def words_of(language: str) -> Mapping[str, Sequence[str]]:
    """Return the phrases of a language together with the English ones."""
    text = resources.files(__package__).joinpath("words.toml").read_text("utf-8")
    table = tomllib.loads(text)
    own = table.get(language, {})
    return {key: [*own.get(key, ()), *words] for key, words in table["en"].items()}
