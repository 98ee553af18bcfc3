"""Read the days of a statement's cells."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from ledger.receipt.fields.dates import read_month
from ledger.statements.values import DayOrder

_CLOCK = re.compile(
    r"[ T,]+\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\.\d+)?\s*(?:[ap]\.?m\.?)?\s*"
    r"(?:Z|UTC|[+-]\d{2}:?\d{2})?$",
    re.IGNORECASE,
)
_FIGURES = re.compile(r"(\d{1,4})([-/. ])\s?(\d{1,2})\2\s?(\d{1,4})\.?")
_COMPACT = re.compile(r"(?:19|20)\d{6}")
_EASTERN = re.compile(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]?")
_DAY_FIRST = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|\.)?[ \-/]?(?:de )?([^\W\d]{3,})\.?[ \-/,]*(?:de )?(\d{4}|\d{2})"
)
_MONTH_FIRST = re.compile(r"([^\W\d]{3,})\.?[ \-]?(\d{1,2})(?:st|nd|rd|th)?,?[ \-](\d{4}|\d{2})")
_WEEKDAY = re.compile(r"^[^\W\d]{2,10}\.?,? (?=\d)")
_YEAR_DIGITS = 4
_PIVOT = 70
"""Two-digit years below this are of this century."""


@lru_cache(maxsize=1 << 14)
def parse_day(cell: str, order: DayOrder) -> date | None:
    """Return the day of a cell; `order` decides only where figures alone do not.

    A year of four digits in front is always year, month, day; names of months decide themselves.
    """
    text = _CLOCK.sub("", cell.strip())
    text = _WEEKDAY.sub("", text)
    if _COMPACT.fullmatch(text):
        return _build(int(text[:4]), int(text[4:6]), int(text[6:]))
    if found := _EASTERN.fullmatch(text):
        return _build(*map(int, found.groups()))
    if found := _FIGURES.fullmatch(text):
        return _parse_figures(found[1], found[3], found[4], order)
    return _parse_words(text)


def is_day_order_open(cell: str) -> bool:
    """Return whether a cell's figures may be read in more than one order."""
    found = _FIGURES.fullmatch(_CLOCK.sub("", cell.strip()))
    return found is not None and len(found[1]) < _YEAR_DIGITS


def _parse_figures(first: str, second: str, third: str, order: DayOrder) -> date | None:
    if len(first) == _YEAR_DIGITS or (order == "ymd" and len(third) < _YEAR_DIGITS):
        return _build(_year(first), int(second), int(third))
    if order == "ymd" or len(first) > len("31") or len(third) not in {2, 4}:
        return None
    day, month = (first, second) if order == "dmy" else (second, first)
    return _build(_year(third), int(month), int(day))


def _parse_words(text: str) -> date | None:
    if found := _DAY_FIRST.fullmatch(text):
        return _build(_year(found[3]), read_month(found[2]), int(found[1]))
    if found := _MONTH_FIRST.fullmatch(text):
        return _build(_year(found[3]), read_month(found[1]), int(found[2]))
    return None


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) == _YEAR_DIGITS:
        return year
    return year + (2000 if year < _PIVOT else 1900)


def _build(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
