"""Find the periods in the parts of a question.

A period is named by a unit with a word of time and a number (`last month`, `the last 30 days`, `two
weeks ago`), by a month, a year, a quarter, a season, a weekend or a day, and by two of them with words
between (`from June to August`, `since 1 September`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from ledger.inquiries.periods.dated_parts import Clock, Found, is_bound, number_of
from ledger.inquiries.periods.named import read_month, read_named, read_season, read_year
from ledger.inquiries.periods.units import read_unit
from ledger.inquiries.periods.years_before import move_to_last_year
from ledger.inquiries.sentence import Part
from ledger.periods.period import Period, day_period

_DAY = timedelta(days=1)
# The first year that a question can name (`dated_parts.YEARS`).
_OPEN_START = date(1990, 1, 1)


def find_periods(parts: Sequence[Part], clock: Clock) -> list[Found]:
    """Return every period, in the order of the words; their parts are taken."""
    found: list[Found] = []
    at = 0
    while at < len(parts):
        one = _read(parts, at, clock)
        if one is None:
            at += 1
            continue
        for part in parts[one.start : one.end]:
            part.taken = True
        found.append(one)
        at = one.end
    return _join(parts, move_to_last_year(parts, found, clock), clock)


def _read(parts: Sequence[Part], at: int, clock: Clock) -> Found | None:
    for reader in (_read_day, read_named, read_month, read_unit, read_season, read_year):
        if found := reader(parts, at, clock):
            return found
    return None


def _read_day(parts: Sequence[Part], at: int, _: Clock) -> Found | None:
    """Read a day, or the days from a number in front of it on: `from 1 to 15 October`."""
    part = parts[at]
    if part.day is None or (part.amount is not None and is_bound(parts, at)):
        return None
    first = _first_of_days(parts, at, part.day)
    if first is not None:
        start, on = first
        return Found(Period(on, part.day + _DAY), start, at + 1)
    return Found(day_period(part.day), at, at + 1)


def _first_of_days(parts: Sequence[Part], at: int, last: date) -> tuple[int, date] | None:
    """Return where days begin that end with a date, and the first of them."""
    joint = at - 1
    while joint > 0 and parts[joint].is_filler and not parts[joint].cue("to", "until"):
        joint -= 1
    if joint < 1 or not parts[joint].cue("to", "until"):
        return None
    number = number_of(parts[joint - 1])
    if number is None or not 1 <= number < last.day or parts[joint - 1].taken:
        return None
    leads = joint > 1 and parts[joint - 2].cue("from", "since") is not None
    if leads:
        parts[joint - 2].taken = True
    return joint - 1, last.replace(day=number)


# --- two periods, or one with an open end


def _join(parts: Sequence[Part], found: list[Found], clock: Clock) -> list[Found]:
    joined: list[Found] = []
    # Two periods that are compared stay two, even where one follows the other.
    compares = any(part.cue("compare") for part in parts)
    for one in found:
        before = joined[-1] if joined else None
        if (
            before
            and not compares
            and (_is_range(parts, before, one) or _follows(parts, before, one))
        ):
            period = Period(before.period.start, max(before.period.end, one.period.end))
            joined[-1] = Found(period, before.start, one.end)
        else:
            joined.append(one)
    return [_open(parts, one, clock) for one in joined]


def _follows(parts: Sequence[Part], left: Found, right: Found) -> bool:
    """Return whether a period goes on where the one before it ends: October and November."""
    between = parts[left.end : right.start]
    joined = all(part.is_filler or part.cue("and", "to") for part in between)
    return joined and left.period.end == right.period.start


def _is_range(parts: Sequence[Part], left: Found, right: Found) -> bool:
    """Return whether words between two periods make one of them: from June to August."""
    between = [part for part in parts[left.end : right.start] if not part.is_free]
    leads = left.start > 0 and parts[left.start - 1].cue("from") is not None
    joint = any(part.cue("to") for part in between)
    if len(between) != right.start - left.end or left.period.start > right.period.start:
        return False
    behind = parts[right.end].cue("until_after") if right.end < len(parts) else None
    closed = behind is not None and any(part.cue("since_after", "to") for part in between)
    days = left.period.days == 1 and right.period.days == 1
    plain = any(part.cue("until") for part in between) or days
    if closed or (joint and leads) or (plain and (joint or not between)):
        for part in parts[max(0, left.start - leads) : right.end + closed]:
            part.taken = True
        return True
    return False


def _open(parts: Sequence[Part], one: Found, clock: Clock) -> Found:
    """Let a period begin at one that `since` leads, or end at one that `until` leads."""
    compares = any(part.cue("compare") for part in parts)
    for at in _near(parts, one):
        if compares and parts[at].cue("versus", "to"):
            continue
        roles = ("since_after", "until_after") if at >= one.end else ("since", "until")
        if parts[at].cue(roles[0]) and one.period.start <= clock.today and not parts[at].taken:
            parts[at].taken = True
            period = Period(one.period.start, max(clock.today + _DAY, one.period.start + _DAY))
            return replace_found(one, period)
        if parts[at].cue(roles[1]) and not parts[at].taken:
            parts[at].taken = True
            return replace_found(one, Period(_OPEN_START, one.period.end))
    return one


def _near(parts: Sequence[Part], one: Found) -> list[int]:
    """List the parts next to a period, nearest first, beyond words without a meaning."""
    near = []
    for at in range(one.start - 1, max(-1, one.start - 3), -1):
        near.append(at)
        if not (parts[at].is_filler or parts[at].taken):
            break
    if one.end < len(parts):
        near.append(one.end)
    return near


def replace_found(one: Found, period: Period) -> Found:
    """Return a finding with another period."""
    return one._replace(period=replace(period, kind="custom"))
