"""Read days of the month by their number alone: `am 3.`, `on the 3rd`, `3号`, `16 числа`."""

from __future__ import annotations

from ledger.text.dates.calendar_days import find_latest_number, is_day
from ledger.text.lines.line import SPACELESS_WORD, Day, TextLine
from ledger.text.numbers.currency_matches import is_money

_CLOSING = ",;:.!)-–"


def read_day_number(line: TextLine, at: int) -> Day | None:
    """Read a number that words make a day of the latest month in which it has been."""
    key = line.key(at)
    if not (key.isdecimal() and len(key) <= 2 and is_day(int(key), 1)) or is_money(line, at):
        return None
    start, end = _bounds(line, at)
    if end == at:
        return None
    on = find_latest_number(line.context, int(key))
    return Day(start, end, on, None if on else "bad_date")


def _bounds(line: TextLine, at: int) -> tuple[int, int]:
    """Return the tokens of a day and its words; an empty range if it is none."""
    after = at + 1
    sign = line.role(after, "day_number_after") if _has_other_number(line, at) else None
    if sign and _ends_sign(line, after + sign.length, after):
        return at, after + sign.length
    before = line.role_before(at, "day_number")
    if before is None or before.language not in (line.context.vocabulary.language, ""):
        return at, at
    start = at - before.length
    if line.role_before(start, "every"):
        return at, at
    ordinal = line.role(after, "ordinals") if line.touches(after) else None
    dotted = line.is_sign(after, ".") and line.touches(after)
    end = after + (ordinal.length if ordinal else dotted)
    if line.is_sign(end, "'") and line.touches(end) and line.is_word(end + 1):
        end += 2  # ayın 3'ünde
    if line.role(end, "units", "counts", "month", "percent") or line.is_sign(end, "%/*:"):
        return at, at
    if line.context.vocabulary.language == "en" and not (ordinal and _closes(line, end)):
        return at, at
    return (start, end) if _has_other_number(line, at) else (at, at)


def _ends_sign(line: TextLine, end: int, sign: int) -> bool:
    """Return whether the sign of a day ends its word: 3号 does, 3号线 and 3日間 do not."""
    if line.tokens[sign].kind != SPACELESS_WORD:
        return True
    longer = line.role(sign, "units", "naming_after", "span")
    own = line.role(sign, "day_number_after")
    return not (longer and own and longer.length > own.length) and line.touches(sign) and end > 0


def _closes(line: TextLine, end: int) -> bool:
    """Return whether no noun follows an ordinal: `on the 1st floor` names no day."""
    return end >= len(line.tokens) or line.is_number(end) or line.is_sign(end, _CLOSING)


def _has_other_number(line: TextLine, at: int) -> bool:
    """Return whether another number can be the amount."""
    return any(line.is_number(i) for i in range(len(line.tokens)) if i != at)
