"""Read periods that have a name: months, quarters, seasons, weekends and years."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from typing import get_args

from ledger.inquiries.lexicon import SEASONS
from ledger.inquiries.periods.dated_parts import (
    Clock,
    Found,
    is_bound,
    is_led_by,
    number_of,
    unit_of,
    year_behind,
    year_in_front,
    year_number,
)
from ledger.inquiries.sentence import Part
from ledger.periods.period import Period, RecurringKind, day_period

_DAY = timedelta(days=1)
MONTHS = 12
_SATURDAY = 5
# 29 February is a day of some year; in any other it is read as the 28th.
_LEAP_YEAR = 2000


def read_named(parts: Sequence[Part], at: int, clock: Clock) -> Found | None:
    """Read words that name a period by themselves: 今月."""
    cue = parts[at].cue("named")
    if cue is None:
        return None
    which, _, unit = str(cue.value).partition("_")
    if unit not in get_args(RecurringKind):
        return None
    period = clock.unit(unit, {"this": 0, "last": -1, "next": 1}[which])  # type: ignore[arg-type]
    return Found(period, at, at + 1)


def read_month(parts: Sequence[Part], at: int, clock: Clock) -> Found | None:
    """Read a month with its year, or a day of it."""
    in_front, name = year_in_front(parts, at)
    if in_front is not None:
        return _read_month_of(parts, at, name, in_front, clock)
    month, start, end = _month_at(parts, at)
    if month is None or month > MONTHS:
        return None
    if end < len(parts) and unit_of(parts[end]) == "month" and not parts[end].cue("last", "next"):
        end += 1  # the word for month behind its name
    year, end = year_behind(parts, end, clock)
    if (day := _day_before(parts, start, month, year, clock)) is not None:
        return Found(day_period(day), start - 1, end)
    if (day := _day_behind(parts, end, month, year, clock)) is not None:
        return Found(day_period(day), start, end + 2)
    if year is None:
        # Questions look back, so in March `October` is that of last year.
        year = clock.today.year - (month > clock.today.month)
        if is_led_by(parts, start, "last") and month == clock.today.month:
            year -= 1
    if is_led_by(parts, start, "unit") and unit_of(parts[start - 1]) == "month":
        start -= 1  # the word for month in front of its name
    start = start - 1 if is_led_by(parts, start, "last", "this") else start
    return Found(clock.calendar.month_named(year, month), start, end)


def _read_month_of(
    parts: Sequence[Part], at: int, name: int, year: int, clock: Clock
) -> Found | None:
    """Read a month behind its year, or a day of it: 2025年10月, 2025 October."""
    month, _, end = _month_at(parts, name)
    # In `2024 October 2025` each year may be the one of the month.
    doubled = end < len(parts) and year_number(parts[end]) is not None
    if month is None or not 1 <= month <= MONTHS or doubled:
        return None
    if (day := _day_behind(parts, end, month, year, clock)) is not None:
        return Found(day_period(day), at, end + 2)
    return Found(clock.calendar.month_named(year, month), at, end)


def _day_before(
    parts: Sequence[Part], at: int, month: int, year: int | None, clock: Clock
) -> date | None:
    """Return the day that a number in front of a month names."""
    number = number_of(parts[at - 1]) if at and not parts[at - 1].taken else None
    return _day_of(number, month, year, clock)


def _day_behind(
    parts: Sequence[Part], at: int, month: int, year: int | None, clock: Clock
) -> date | None:
    """Return the day that a number with the word for day names behind a month: 9월 1일."""
    if at + 1 >= len(parts) or unit_of(parts[at + 1]) != "day" or not _touch(parts, at):
        return None
    return _day_of(number_of(parts[at]), month, year, clock)


def _day_of(number: int | None, month: int, year: int | None, clock: Clock) -> date | None:
    """Return a day of a month, the latest one without a year."""
    if number is None or not 1 <= number <= monthrange(_LEAP_YEAR, month)[1]:
        return None
    chosen = year if year is not None else clock.today.year
    day = date(chosen, month, min(number, monthrange(chosen, month)[1]))
    if year is None and day > clock.today:
        return date(chosen - 1, month, min(number, monthrange(chosen - 1, month)[1]))
    return day


def _touch(parts: Sequence[Part], at: int) -> bool:
    """Return whether a part and the next one are written without a space between them."""
    return parts[at].end == parts[at + 1].start


def _month_at(parts: Sequence[Part], at: int) -> tuple[int | None, int, int]:
    """Return a month by its name, or by its number next to the word for month."""
    if cue := parts[at].cue("month"):
        return int(cue.value), at, at + 1
    number = number_of(parts[at])
    joined = at + 1 < len(parts) and _touch(parts, at)
    if number and joined and unit_of(parts[at + 1]) == "month":
        return number, at, at + 2
    # In some languages the number follows: tháng 10, bulan 10.
    if unit_of(parts[at]) == "month" and at + 1 < len(parts) and parts[at].cue("month_before"):
        return number_of(parts[at + 1]), at, at + 2
    return None, at, at + 1


def read_year(parts: Sequence[Part], at: int, clock: Clock) -> Found | None:
    """Read a year."""
    year = year_number(parts[at])
    if year is None or is_bound(parts, at):
        return None
    end = at + 1 + (at + 1 < len(parts) and unit_of(parts[at + 1]) == "year")
    return Found(clock.calendar.year_named(year), at, end)


def read_season(parts: Sequence[Part], at: int, clock: Clock) -> Found | None:
    """Read a season or a weekend."""
    if cue := parts[at].cue("season"):
        year, end = year_behind(parts, at + 1, clock)
        last, start, end = _side(parts, at, end, "last")
        return Found(_season_of(str(cue.value), clock.today, year, earlier=last), start, end)
    if parts[at].cue("weekend"):
        last, start, end = _side(parts, at, at + 1, "last")
        return Found(_weekend(clock.today, earlier=last), start, end)
    return None


def _side(parts: Sequence[Part], at: int, end: int, role: str) -> tuple[bool, int, int]:
    """Return whether a word of time stands in front or behind, and the parts with it."""
    before = is_led_by(parts, at, role)
    behind = not before and end < len(parts) and bool(parts[end].cue(role))
    return before or behind, at - before, end + behind


def _season_of(season: str, today: date, year: int | None, *, earlier: bool) -> Period:
    # Seasons of whole months in the northern half; winter begins in December.
    first = 3 * SEASONS.index(season) + 3
    chosen = today.year if year is None else year
    if year is None and date(chosen, first, 1) > today:
        chosen -= 1
    period = Period(date(chosen, first, 1), _month_start(chosen, first + 3))
    if earlier and year is None and period.contains(today):
        period = Period(date(chosen - 1, first, 1), _month_start(chosen - 1, first + 3))
    return period


def _month_start(year: int, month: int) -> date:
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def _weekend(today: date, *, earlier: bool) -> Period:
    # Before Saturday it is the weekend that has passed, since questions look back.
    saturday = today - timedelta(days=(today.weekday() - _SATURDAY) % 7)
    if earlier and today.weekday() >= _SATURDAY:
        saturday -= timedelta(days=7)
    return Period(saturday, saturday + 2 * _DAY)
