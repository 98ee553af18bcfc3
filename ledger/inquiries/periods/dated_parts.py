"""Hold today and the calendar of a question, and read single parts of a period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, get_args

from ledger.inquiries.sentence import Part
from ledger.periods.period import Calendar, Period, RecurringKind

# A number outside of these is an amount, as in `over 3000`.
YEARS = (1990, 2100)
QUARTERS = range(1, 5)


class Found(NamedTuple):
    """A period, with the parts that name it."""

    period: Period
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Clock:
    """Today, and the calendar of the chat."""

    today: date
    calendar: Calendar

    def unit(self, kind: RecurringKind, offset: int = 0) -> Period:
        """Return the running period of a kind, or one before or after it."""
        period = self.calendar.of(kind, self.today)
        for _ in range(abs(offset)):
            period = self.calendar.next(period) if offset > 0 else self.calendar.previous(period)
        return period


def is_bound(parts: Sequence[Part], at: int) -> bool:
    """Return whether a word of comparing stands next to an amount."""
    near = [*parts[max(0, at - 1) : at], *parts[at + 1 : at + 2]]
    return any(part.cue("over", "under") for part in near)


def unit_of(part: Part) -> RecurringKind | None:
    """Return the unit that a part names."""
    cue = part.cue("unit")
    return cue.value if cue and cue.value in get_args(RecurringKind) else None  # type: ignore[return-value]


def number_of(part: Part) -> int | None:
    """Return the whole number that a part is."""
    if part.amount is not None and not part.currency and part.amount == part.amount.to_integral():
        return int(part.amount)
    cue = part.cue("number")
    return int(cue.value) if cue else None


def is_led_by(parts: Sequence[Part], at: int, *roles: str) -> bool:
    """Return whether a free part with one of these roles stands in front."""
    return at > 0 and not parts[at - 1].taken and parts[at - 1].cue(*roles) is not None


def year_behind(parts: Sequence[Part], at: int, clock: Clock) -> tuple[int | None, int]:
    """Return the year behind a name, and the position behind it."""
    compares = any(part.cue("compare") for part in parts)
    for end in range(at, min(at + 2, len(parts))):
        if compares and parts[end].cue("versus") and end + 1 < len(parts):
            break  # compare October with 2025
        if (year := year_number(parts[end])) is not None:
            return year, end + 1
        if (
            parts[end].cue("last", "this")
            and end + 1 < len(parts)
            and unit_of(parts[end + 1]) == "year"
        ):
            return clock.today.year - bool(parts[end].cue("last")), end + 2
        if not parts[end].is_filler:
            break
    return None, at


def year_in_front(parts: Sequence[Part], at: int) -> tuple[int | None, int]:
    """Return the year in front of a name, and the position of the name: 2025年10月."""
    if is_bound(parts, at) or (year := year_number(parts[at])) is None:
        return None, at
    name = at + 1
    if name < len(parts) and unit_of(parts[name]) == "year":
        name += 1
        # Only behind the word for year, since `in 2025 the` goes on with something else.
        name += name < len(parts) and parts[name].is_filler
    return (year, name) if name < len(parts) else (None, at)


def year_number(part: Part) -> int | None:
    """Return the year that a part is."""
    number = None if part.currency else number_of(part)
    return number if number is not None and YEARS[0] <= number <= YEARS[1] else None
