"""Read periods that a unit names, with a number and words of time on either side of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from ledger.inquiries.periods.dated_parts import (
    QUARTERS,
    Clock,
    Found,
    number_of,
    unit_of,
    year_behind,
)
from ledger.inquiries.sentence import Part
from ledger.periods.period import Period, RecurringKind

SPAN_MAX = 400
"""Units of the longest stretch."""
_DAY = timedelta(days=1)
_NEAR_MAX = 4
"""Parts among which the words of one period stand."""


def _quarter(parts: Sequence[Part], at: int, end: int, clock: Clock) -> Found | None:
    """Read a quarter by its number, the latest one without a year."""
    number = next((n for part in parts[at:end] if (n := number_of(part)) is not None), 0)
    year, end = year_behind(parts, end, clock)
    chosen = clock.today.year if year is None else year
    period = clock.calendar.quarter_named(chosen, number)
    if year is None and period.start > clock.today:
        period = clock.calendar.quarter_named(chosen - 1, number)
    return Found(period, at, end)


def read_unit(parts: Sequence[Part], at: int, clock: Clock) -> Found | None:
    """Read a unit with its number and its words of time, which stand on either side of it."""
    unit, number, roles, end = _gather(parts, at)
    if unit is None:
        return None
    if number is None:
        offset = _offset(roles)
        return None if offset is None else Found(clock.unit(unit, offset), at, end)
    if not roles and any(part.cue("recurring") for part in parts):
        roles = {"next"}  # what comes again is asked for ahead
    if not roles and any(part.cue("trend", "average") for part in parts):
        roles = {"past"}
    period = _counted(unit, number, roles, clock) if 0 < number <= SPAN_MAX else None
    if period is not None:
        return Found(period, at, end)
    return _quarter(parts, at, end, clock) if unit == "quarter" and number in QUARTERS else None


def _offset(roles: set[str]) -> int | None:
    """Return which unit is meant: the next one, the last one or the running one."""
    named = (("next", 1), ("last", -1), ("this", 0))
    return next((offset for role, offset in named if role in roles), None)


def _counted(unit: RecurringKind, number: int, roles: set[str], clock: Clock) -> Period | None:
    if "ago" in roles:
        return clock.unit(unit, -number)
    if "next" in roles:
        return _ahead(unit, number, clock)
    return _behind(unit, number, clock) if roles & {"last", "past"} else None


_TIME = ("this", "last", "next", "past", "ago")


def _gather(
    parts: Sequence[Part], at: int
) -> tuple[RecurringKind | None, int | None, set[str], int]:
    """Collect the unit, the number and the words of time of the parts from here on."""
    unit, number, roles = None, None, set[str]()
    end = at
    for i in range(at, min(at + _NEAR_MAX, len(parts))):
        part = parts[i]
        if part.taken:
            break
        time = part.cue(*_TIME)
        if (kind := unit_of(part)) is not None and unit is None:
            unit = kind
        elif time and unit and i + 1 < len(parts) and unit_of(parts[i + 1]):
            break  # `by month this year`: the word of time belongs to the next unit
        elif time and not (unit and roles):
            roles |= {cue.role for cue in part.cues if cue.role in _TIME}
        elif (said := number_of(part)) is not None and number is None and unit in (None, "quarter"):
            number = said
        elif part.is_filler and i > at:
            continue
        else:
            break
        end = i + 1
    return unit, number, roles, end


def _behind(unit: RecurringKind, number: int, clock: Clock) -> Period:
    """Return so many units up to today, by days and not by the calendar."""
    end = clock.today + _DAY
    if unit in ("day", "week", "fortnight"):
        return Period(end - timedelta(days=number * _DAYS[unit]), end)
    return Period(_months_later(clock.today, -number * _MONTHS[unit]) + _DAY, end)


def _ahead(unit: RecurringKind, number: int, clock: Clock) -> Period:
    today = clock.today
    if unit in ("day", "week", "fortnight"):
        return Period(today, today + timedelta(days=number * _DAYS[unit]))
    return Period(today, _months_later(today, number * _MONTHS[unit]))


_DAYS = {"day": 1, "week": 7, "fortnight": 14}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def _months_later(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, min(day.day, 28))
