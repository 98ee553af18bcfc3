"""Claim every date of a line, with the prepositions and articles that belong to it.

Numbers that are a date only when another number is the amount (`12/3`, `15.05`) are left to
`amounts` and settled in `choice`.
"""

from __future__ import annotations

from ledger.text.dates.day_numbers import read_day_number
from ledger.text.dates.month_days import read_month_number, read_number_month, read_signed_month
from ledger.text.dates.numeric_days import read_numeric_day
from ledger.text.dates.relative_days import read_ago, read_day_word, read_number_ago, read_weekday
from ledger.text.lines.line import NUMBER, SPACELESS_WORD, Day, TextLine


def read_days(line: TextLine) -> None:
    """Claim every date of a line."""
    at = 0
    while at < len(line.tokens):
        day = None if line.owners[at] else _find(line, at)
        if day is None:
            at += _plain_length(line, at)
            continue
        start, end = with_company(line, day.start, day.end)
        end = _with_day_part(line, day, end)
        # What is due is not paid yet, whatever past day its number would name.
        ahead = line.role_before(start, "due") or line.role_before(day.start, "due")
        reason = day.reason or ("future_date" if ahead else None)
        line.days.append(Day(start, end, day.on, reason, day.ambiguous))
        line.claim(start, end, "day")
        at = end
    _merge_weekdays(line)


def with_company(line: TextLine, start: int, end: int) -> tuple[int, int]:
    """Widen a date by the prepositions and articles that belong to it."""
    for _ in range(2):
        before = line.role_before(start, "with")
        if before is None or any(line.owners[start - before.length : start]):
            break
        start -= before.length
    after = line.role(end, "with_after")
    if after and line.touches(end) and line.tokens[end].kind == SPACELESS_WORD:
        end += after.length
    return start, end


def _with_day_part(line: TextLine, day: Day, end: int) -> int:
    """Let the time of day behind a day go with it: gestern Abend, 昨天晚上."""
    part = line.role(end, "day_part")
    by_number = any(line.tokens[i].kind == NUMBER for i in range(day.start, day.end))
    if part is None or by_number or any(line.owners[end : end + part.length]):
        return end
    after = end + part.length
    if line.is_number(after) and line.role(after + 1, "time_after"):
        return end  # 昨天早上8点: the hour stays, and so does its part of the day
    joined = len(line.key(end)) == 1 and line.touches(after)
    return end if joined and line.tokens[after].kind == SPACELESS_WORD else after


def _plain_length(line: TextLine, at: int) -> int:
    """Return the length of a phrase that holds no date though its words could: black friday."""
    return max((m.length for m in line.meanings[at] if m.role == "plain"), default=1)


def _find(line: TextLine, at: int) -> Day | None:
    if line.tokens[at].kind == NUMBER:
        return (
            read_numeric_day(line, at)
            or read_signed_month(line, at)
            or read_number_month(line, at)
            or read_number_ago(line, at)
            or read_day_number(line, at)
        )
    if not line.meanings[at] or _plain_length(line, at) > 1:
        return None
    return (
        read_day_word(line, at)
        or read_weekday(line, at)
        or read_ago(line, at)
        or read_month_number(line, at)
    )


def _merge_weekdays(line: TextLine) -> None:
    """Let `Monday, 12 March` be one date: the one with the number."""
    merged: list[Day] = []
    for day in line.days:
        before = merged[-1] if merged else None
        if before and _is_numbered(line, before) != _is_numbered(line, day):
            gap = range(before.end, day.start)
            if len(gap) <= 1 and all(line.is_sign(i, ",") for i in gap):
                kept = day if _is_numbered(line, day) else before
                merged[-1] = Day(before.start, day.end, kept.on, kept.reason, kept.ambiguous)
                line.claim(before.end, day.start, "day")
                continue
        merged.append(day)
    line.days = merged


def _is_numbered(line: TextLine, day: Day) -> bool:
    return any(line.tokens[i].kind == NUMBER for i in range(day.start, day.end))
