"""Read `the same month last year` and `this week last year`: a period moved to the year before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from ledger.inquiries.periods.dated_parts import Clock, Found, unit_of
from ledger.inquiries.sentence import Part
from ledger.periods.comparison import year_before
from ledger.periods.period import Period

_NEAR_MAX = 5
"""Parts on either side of `last year` among which `the same month` stands."""
_WEEKS = timedelta(weeks=52)
_BETWEEN = ("versus", "compare", "than", "and")


def move_to_last_year(parts: Sequence[Part], found: list[Found], clock: Clock) -> list[Found]:
    """Return the periods with each that `last year` belongs to moved a year back."""
    last_year = clock.unit("year", -1)
    # `compare this month with last year` sets the two against each other instead.
    joins = len(found) > 2 or not any(part.cue("compare") for part in parts)  # noqa: PLR2004
    moved: list[Found] = []
    for one in found:
        before = moved[-1] if moved else None
        if one.period != last_year:
            moved.append(one)
        elif same := _find_same(parts, one):
            moved.append(_move_same(parts, one, same, before, clock))
        elif joins and before and _belongs(parts, before, one):
            moved[-1] = Found(_moved(before.period), before.start, one.end)
        else:
            moved.append(one)
    return moved


def _find_same(parts: Sequence[Part], one: Found) -> int | None:
    """Return where `same` stands near `last year`, with nothing but its unit between."""
    for side in (range(one.start - 1, -1, -1), range(one.end, len(parts))):
        for at in side[:_NEAR_MAX]:
            if parts[at].cue("same"):
                return at
            if not (parts[at].is_filler or unit_of(parts[at])):
                break
    return None


def _move_same(
    parts: Sequence[Part], one: Found, same: int, before: Found | None, clock: Clock
) -> Found:
    """Return the period a year before: of the unit that is named, or of the period in front."""
    start, end = min(one.start, same), max(one.end, same + 1)
    unit = next((kind for part in _around(parts, start, end) if (kind := unit_of(part))), None)
    for part in _around(parts, start, end):
        part.taken = part.taken or bool(part.cue("same") or unit_of(part))
    if before and (unit is None or before.period.kind == unit):
        return Found(_moved(before.period), start, end)
    if unit is None or unit == "year":
        return one
    return Found(_moved(clock.unit(unit)), start, end)


def _around(parts: Sequence[Part], start: int, end: int) -> Iterator[Part]:
    """Yield the parts from `same` to `last year`, and one more: in some languages the unit is last."""
    yield from (part for part in parts[start : end + 1] if not part.taken or part.cue("same"))


def _belongs(parts: Sequence[Part], before: Found, one: Found) -> bool:
    """Return whether `last year` only says of which year the period in front is."""
    between = parts[before.end : one.start]
    is_joined = all(part.is_filler and not part.cue(*_BETWEEN) for part in between)
    return is_joined and before.period.kind not in ("year", "custom")


def _moved(period: Period) -> Period:
    if period.kind in ("week", "fortnight"):
        # By whole weeks, so that it begins on the same day of the week.
        return Period(period.start - _WEEKS, period.end - _WEEKS, period.kind)
    whole = year_before(period, today=period.end)
    return Period(whole.start, whole.end, period.kind)
