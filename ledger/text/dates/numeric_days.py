"""Read numeric dates: 2026-03-12, 12.3.2026, 12/03/26, and the short 12/3 and 12.03."""

from __future__ import annotations

from datetime import MAXYEAR, date

from ledger.text.dates.calendar_days import bad_day, exact_day, find_latest, is_day
from ledger.text.lines.line import SPACELESS_WORD, Day, ParseContext, TextLine


def read_numeric_day(line: TextLine, at: int) -> Day | None:
    """Read a full numeric date: with a year, in any order that its parts allow."""
    glued = line.touches(at) and line.is_word(at - 1)
    if line.owners[at] or (glued and line.tokens[at - 1].kind != SPACELESS_WORD):
        return None
    parts, separator, end = _parts(line, at)
    tied = line.touches(end) and (line.is_word(end) or line.is_sign(end, "-/"))
    if tied or len(parts) != 3 or not all(part.isdecimal() for part in parts):
        return None
    sizes = tuple(map(len, parts))
    first, second, third = map(int, (part[:4] for part in parts))
    if sizes[0] == 4 and max(sizes[1:]) <= 2:
        return exact_day(line.context, (at, end), (first, second, third))
    if max(sizes[:2]) > 2 or sizes[2] not in (2, 4):
        return None
    short = sizes[2] == 2
    found = _ordered(
        line.context, (at, end), (first, second, third), dotted=separator == ".", short=short
    )
    if found and short and separator == "." and found.reason == "future_date" and sizes[0] == 1:
        return None  # 1.2.34 is a version
    return found


def _parts(line: TextLine, at: int) -> tuple[list[str], str, int]:
    """Return the three parts of what may be a date, their separator, and the end."""
    key = line.key(at)
    if key.count(".") == 2 and "," not in key:
        return key.split("."), ".", at + 1
    for separator in "-/":
        signs = line.is_sign(at + 1, separator) and line.is_sign(at + 3, separator)
        numbers = line.is_number(at + 2) and line.is_number(at + 4)
        if signs and numbers and not any(line.tokens[i].space for i in range(at + 1, at + 5)):
            return [key, line.key(at + 2), line.key(at + 4)], separator, at + 5
    return [], "", at


def _ordered(
    context: ParseContext,
    tokens: tuple[int, int],
    parts: tuple[int, int, int],
    *,
    dotted: bool,
    short: bool,
) -> Day | None:
    """Find out which of the first two parts is the day."""
    first, second, year = parts
    year += 2000 if short else 0
    if not 0 < year <= MAXYEAR:
        return bad_day(*tokens)
    day_first, month_first = is_day(first, second), not dotted and is_day(second, first)
    if not day_first and not month_first:
        meant = max(first, second) <= 31 and not (short and dotted)
        return bad_day(*tokens) if meant else None
    swap = month_first and (context.conventions.month_first or not day_first)
    day, month = (second, first) if swap else (first, second)
    ambiguous = day_first and month_first and first != second
    return exact_day(context, tokens, (year, month, day), ambiguous=ambiguous)


def short_day(
    context: ParseContext, first: int, second: int, *, dotted: bool
) -> tuple[date | None, bool]:
    """Return the latest day that `12/3` or `12.3` names, and whether the order is a guess."""
    day_first, month_first = is_day(first, second), not dotted and is_day(second, first)
    if not day_first and not month_first:
        return None, False
    swap = month_first and (context.conventions.month_first or not day_first)
    day, month = (second, first) if swap else (first, second)
    return find_latest(context, month, day), day_first and month_first and first != second
