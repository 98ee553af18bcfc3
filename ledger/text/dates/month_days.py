"""Read days with a named month: `12 march`, `March 12, 2025`, `12. März`, `12月30日`."""

from __future__ import annotations

from ledger.text.dates.calendar_days import bad_day, exact_day, is_day, latest_day
from ledger.text.lines.line import CURRENCY, NUMBER, Day, NonAmount, TextLine
from ledger.text.numbers.currency_matches import currency_at

YEARS_AROUND = 30
"""A number of four digits so near to this year is one behind a month."""


def read_number_month(line: TextLine, at: int) -> Day | None:
    """Read `12 march`, `12. März`, `12 de março de 2026`, `14th of february`."""
    if not _is_day_number(line, at) or (at and line.tokens[at - 1].kind == CURRENCY):
        return None
    after = at + 1
    if line.touches(after):
        ordinal = line.role(after, "ordinals")
        if line.is_sign(after, "."):
            after += 1
        elif ordinal:
            after += ordinal.length
    if of := line.role(after, "of"):
        after += of.length
    month = line.role(after, "month")
    if month is None or _is_month_first(line, at, after + month.length):
        return None
    return _with_year(line, at, after + month.length, (month.value, int(line.key(at))))


def _is_month_first(line: TextLine, at: int, after: int) -> bool:
    """Return whether the month belongs to the number behind it: `lunch 12 nov 3` is 3 November."""
    month = line.role(after - 1, "month")
    english = month is not None and month.language == "en"
    if not english or not _is_day_number(line, after) or not line.is_word(at - 1):
        return False
    end = after + 1
    if line.touches(end) and (ordinal := line.role(end, "ordinals")):
        end += ordinal.length
    return end >= len(line.tokens) or line.is_sign(end, ",;.")


def read_month_number(line: TextLine, at: int) -> Day | None:
    """Read `march 12`, the English order; `june 2025` claims its year as no amount."""
    month = line.role(at, "month")
    if month is None:
        return None
    after = at + month.length
    after += line.is_sign(after, ".") and line.touches(after)
    if month.language == "en" and _is_day_number(line, after) and _stands_alone(line, after):
        end = after + 1
        if line.touches(end) and (ordinal := line.role(end, "ordinals")):
            end += ordinal.length
        return _with_year(line, at, end, (month.value, int(line.key(after))))
    if of := line.role(after, "of"):
        after += of.length
    if _year_at(line, after) and _stands_alone(line, after):
        _claim_year(line, after, after + 1)
    return None


def read_signed_month(line: TextLine, at: int) -> Day | None:
    """Read `12月30日` and `2026年3月5日`; `3月` and `2026年` alone are claimed as no amount."""
    start, year = at, None
    if line.role(at + 1, "year_sign") and line.touches(at + 1) and _year_at(line, at):
        year, at = int(line.key(at)), at + 2
    day_at = at + 2
    whole = line.role(day_at + 1, "day_sign") is not None
    signed = line.role(at + 1, "month_sign") and (whole or line.touches(at + 1))
    if not (_is_short(line, at) and signed):
        if year:
            _claim_year(line, start, at)
        return None
    if not (_is_short(line, day_at) and line.role(day_at + 1, "day_sign")):
        _claim_year(line, start, day_at)
        return None
    month, day, end = int(line.key(at)), int(line.key(day_at)), day_at + 2
    if not is_day(day, month):
        return bad_day(start, end)
    if year:
        return exact_day(line.context, (start, end), (year, month, day))
    return latest_day(line.context, start, end, month, day)


def _claim_year(line: TextLine, start: int, end: int) -> None:
    line.non_amounts.append(NonAmount(start, end, "year"))
    line.claim(start, end, "non_amount")


def _is_short(line: TextLine, at: int) -> bool:
    return line.is_number(at) and line.key(at).isdecimal() and len(line.key(at)) <= 2


def _is_day_number(line: TextLine, at: int) -> bool:
    return _is_short(line, at) and is_day(int(line.key(at)), 1)


def _year_at(line: TextLine, at: int) -> int | None:
    """Return a year of four digits at this token, or None."""
    key = line.key(at)
    if line.is_number(at) and len(key) == 4 and key.isdecimal() and key[:2] in ("19", "20"):
        return int(key)
    return None


def _stands_alone(line: TextLine, at: int) -> bool:
    """Return whether nothing is tied to this number that would make it money or a sum."""
    after = at + 1
    if after >= len(line.tokens):
        return True
    if line.tokens[after].kind == NUMBER:
        return line.tokens[after].space
    tied = line.is_sign(after, "*/+") or line.role(after, "times")
    return not tied and currency_at(line, after, before=False) is None


def _with_year(line: TextLine, start: int, end: int, month_day: tuple[int, int]) -> Day:
    """Add the year behind a month, if there is one."""
    if line.is_sign(end, ".") and line.touches(end) and line.tokens[end - 1].kind != NUMBER:
        end += 1  # 12 дек. 2025
    after = end
    if of := line.role(after, "of"):
        after += of.length
    elif line.is_sign(after, ","):
        after += 1
    year = _year_at(line, after)
    if year and _stands_alone(line, after) and _is_year(line, year, after):
        end = after + 1
        if word := line.role(end, "year_after"):
            end += word.length
        return exact_day(line.context, (start, end), (year, *month_day))
    return latest_day(line.context, start, end, *month_day)


def _is_year(line: TextLine, year: int, at: int) -> bool:
    """Return whether this is the year rather than the amount: `12 march 1900` has no other number."""
    if abs(year - line.context.today.year) > YEARS_AROUND:
        return False
    others = (i for i in range(len(line.tokens)) if i != at and line.is_number(i))
    return year <= line.context.today.year + 1 or next(others, None) is not None
