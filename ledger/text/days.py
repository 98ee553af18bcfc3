"""Days: `yesterday`, `3 days ago`, `last friday`, `12 march`, `25.11.2025`, in every language.

Numbers that are a date only when another number is the amount (`12/3`, `15.05`) are left to
`amounts` and settled in `choice`.
"""

from __future__ import annotations

from datetime import MAXYEAR, date, timedelta

from ledger.text.currency_tokens import currency_at
from ledger.text.line import CURRENCY, NUMBER, SPACELESS_WORD, Day, Line, Thing
from ledger.text.model import ReasonId
from ledger.text.vocabulary import Meaning

YEAR_MIN = 1970
"""Older days are a slip of the finger, not an expense."""
AGO_MAX_DAYS = 36_500


def read_days(line: Line) -> None:
    """Claim every date of a line with its prepositions and articles."""
    at = 0
    while at < len(line.tokens):
        if line.owners[at]:
            at += 1
            continue
        day = _find(line, at)
        if day is None:
            at += _plain_length(line, at)
            continue
        start, end = with_company(line, day.start, day.end)
        line.days.append(Day(start, end, day.on, day.reason, day.ambiguous))
        line.claim(start, end, "day")
        at = end
    _merge_weekdays(line)


def _plain_length(line: Line, at: int) -> int:
    """Return the length of a phrase that holds no date though its words could: black friday."""
    return max((m.length for m in line.meanings[at] if m.role == "plain"), default=1)


def _find(line: Line, at: int) -> Day | None:
    if line.tokens[at].kind == NUMBER:
        return (
            _numeric(line, at)
            or _cjk(line, at)
            or _number_month(line, at)
            or _ago_after(line, at)
            or _month_sign(line, at)
        )
    if not line.meanings[at]:
        return None
    if _plain_length(line, at) > 1:
        return None
    return _relative(line, at) or _weekday(line, at) or _ago(line, at) or _month_number(line, at)


def with_company(line: Line, start: int, end: int) -> tuple[int, int]:
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


def _merge_weekdays(line: Line) -> None:
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


def _is_numbered(line: Line, day: Day) -> bool:
    return any(line.tokens[i].kind == NUMBER for i in range(day.start, day.end))


def _checked(line: Line, start: int, end: int, on: date, *, ambiguous: bool = False) -> Day:
    reason: ReasonId | None = None
    if on > line.scene.latest:
        reason = "future_date"
    elif on.year < YEAR_MIN:
        reason = "bad_date"
    return Day(start, end, on, reason, ambiguous)


def _relative(line: Line, at: int) -> Day | None:
    if meaning := line.role(at, "day"):
        on = line.scene.today + timedelta(days=meaning.value)
        return _checked(line, at, at + meaning.length, on)
    return None


# --- weekdays


def _weekday(line: Line, at: int) -> Day | None:
    """A weekday is the most recent one; with `last` it is never today."""
    start = at
    last = line.role(at, "last")
    if last:
        at += last.length
    week = line.role(at, "last_week")
    if week:
        monday = line.scene.today - timedelta(days=line.scene.today.weekday() + 7)
        return Day(start, at + week.length, monday + timedelta(days=week.value))
    meaning = line.role(at, "weekday") or _short_weekday(line, at, led=last is not None)
    if meaning is None:
        return None
    end = at + meaning.length
    if not last and (last := line.role(end, "last")):
        end += last.length
    start, end, coming = _with_next(line, start, end)
    back = (line.scene.today.weekday() - meaning.value) % 7
    if coming:
        return _checked(line, start, end, line.scene.today + timedelta(days=7 - back))
    if last and back == 0 and line.key(start) not in _THIS:
        back = 7
    return Day(start, end, line.scene.today - timedelta(days=back))


def _with_next(line: Line, start: int, end: int) -> tuple[int, int, bool]:
    """Widen a weekday by a `next` before or behind it."""
    if before := line.role_before(start, "next"):
        return start - before.length, end, True
    if after := line.role(end, "next"):
        return start, end + after.length, True
    return start, end, False


_THIS = frozenset(
    "this diesen este ce questo nesta neste этот эту цей цю ten tę bu इस هذا 이번".split()
)


def _short_weekday(line: Line, at: int, *, led: bool) -> Meaning | None:
    """Accept `fri` in the chat's own language where it cannot be another word."""
    meaning = line.role(at, "weekday_short")
    if meaning is None or meaning.language != line.scene.vocabulary.language:
        return None
    edge = at == 0 or at + 1 == len(line.tokens) or line.role_before(at, "with")
    alone = not line.is_word(at + 1) or line.is_sign(at + 1, ".,:")
    return meaning if led or (edge and alone and at != 0) or line.is_sign(at + 1, ".:") else None


# --- so long ago


def _span(line: Line, at: int) -> tuple[int, int, int] | None:
    """Read `3 days` or `two weeks`: days, and the range's ends."""
    token = line.tokens[at] if at < len(line.tokens) else None
    if token is None:
        return None
    small = line.role(at, "small")
    if token.kind == NUMBER and token.key.isdecimal():
        count = int(token.key[:12])
    elif small:
        count = small.value
    else:
        return None
    unit = line.role(at + 1, "span")
    if unit is None:
        return (count, at, at + 1) if small and small.language == "ar" else None
    if count != 1 and token.kind == NUMBER and line.role(at + 1, "single"):
        return None  # 450 неделю назад: the week stands alone
    return count * unit.value, at, at + 1 + unit.length


def _back(line: Line, start: int, end: int, days: int) -> Day:
    if days > AGO_MAX_DAYS:
        return Day(start, end, None, "bad_date")
    return _checked(line, start, end, line.scene.today - timedelta(days=days))


def _ago(line: Line, at: int) -> Day | None:
    """`vor 3 Tagen`, `il y a 3 jours`, and `a week ago` with its number as a word."""
    before = line.role(at, "ago_before")
    if before and (span := _span(line, at + before.length)):
        end = span[2]
        after = line.role(end, "ago_after")  # há 3 dias atrás
        return _back(line, at, end + (after.length if after else 0), span[0])
    if before and before.language == "ar" and (unit := line.role(at + before.length, "span")):
        return _back(line, at, at + before.length + unit.length, unit.value)
    if line.role(at, "small"):
        return _ago_after(line, at)
    unit = line.role(at, "span")  # неделю назад
    if unit and (after := line.role(at + unit.length, "ago_after")):
        return _back(line, at, at + unit.length + after.length, unit.value)
    return None


def _ago_after(line: Line, at: int) -> Day | None:
    span = _span(line, at)
    if span and (after := line.role(span[2], "ago_after")):
        return _back(line, at, span[2] + after.length, span[0])
    return None


# --- months by name


def _is_day_number(line: Line, at: int) -> bool:
    token = line.tokens[at] if at < len(line.tokens) else None
    return (
        token is not None
        and token.kind == NUMBER
        and not line.owners[at]
        and token.key.isdecimal()
        and len(token.key) <= 2
        and 1 <= int(token.key) <= 31
    )


def _year_at(line: Line, at: int) -> int | None:
    """Return a year of four digits at this token, or None."""
    key = line.key(at)
    if line.is_number(at) and len(key) == 4 and key.isdecimal() and key[:2] in ("19", "20"):
        return int(key)
    return None


def _number_month(line: Line, at: int) -> Day | None:
    """`12 march`, `12. März`, `12 de março de 2026`, `14th of february`."""
    if not _is_day_number(line, at) or line.tokens[at - 1].kind == CURRENCY and at:
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
    if month is None:
        return None
    return _day_month_year(line, at, after + month.length, int(line.key(at)), month.value)


def _month_number(line: Line, at: int) -> Day | None:
    """`march 12`, the English order; `june 2025` claims its year as no amount."""
    month = line.role(at, "month")
    if month is None:
        return None
    after = at + month.length
    dotted = line.is_sign(after, ".") and line.touches(after)
    after += dotted
    if month.language == "en" and _is_day_number(line, after) and _stands_alone(line, after):
        end = after + 1
        if line.touches(end) and (ordinal := line.role(end, "ordinals")):
            end += ordinal.length
        return _day_month_year(line, at, end, int(line.key(after)), month.value)
    if of := line.role(after, "of"):
        after += of.length
    if _year_at(line, after) and _stands_alone(line, after):
        line.things.append(Thing(after, after + 1, "year"))
        line.claim(after, after + 1, "thing")
    return None


def _stands_alone(line: Line, at: int) -> bool:
    """Say whether nothing is tied to this number that would make it money or a sum."""
    after = at + 1
    if after >= len(line.tokens):
        return True
    token = line.tokens[after]
    if token.kind == CURRENCY or line.role(after, "times"):
        return False
    if token.kind == NUMBER or line.is_sign(after, "*/+"):
        return token.space and token.kind == NUMBER
    return currency_at(line, after, before=False) is None


def _day_month_year(line: Line, start: int, end: int, day: int, month: int) -> Day:
    if line.is_sign(end, ".") and line.touches(end) and line.tokens[end - 1].kind != NUMBER:
        end += 1
    after = end
    if of := line.role(after, "of"):
        after += of.length
    elif line.is_sign(after, ","):
        after += 1
    year = _year_at(line, after) if after == end or after < len(line.tokens) else None
    if year and _stands_alone(line, after) and _is_past_year(line, year, after):
        end = after + 1
        if end < len(line.tokens) and line.key(end) in ("года", "г", "року", "р", "roku", "r"):
            end += 1
        return _exact(line, start, end, year, month, day)
    on = _latest(line.scene.today, month, day)
    return Day(start, end, on, None if on else "bad_date")


def _is_past_year(line: Line, year: int, at: int) -> bool:
    """Say whether this can be the year: always, unless it is the only number that is left."""
    others = (i for i in range(len(line.tokens)) if i != at and line.is_number(i))
    return abs(year - line.scene.today.year) <= 30 and (
        any(True for _ in others) or year <= line.scene.today.year + 1
    )


def _latest(today: date, month: int, day: int) -> date | None:
    """Return the most recent such day that is not in the future, None if there is none."""
    for year in range(today.year, today.year - 9, -1):
        try:
            on = date(year, month, day)
        except ValueError:
            continue
        if on <= today:
            return on
    return None


def _exact(line: Line, start: int, end: int, year: int, month: int, day: int) -> Day:
    try:
        return _checked(line, start, end, date(year, month, day))
    except ValueError:
        return Day(start, end, None, "bad_date")


# --- months by sign: 12月30日


def _cjk(line: Line, at: int) -> Day | None:
    start, year = at, None
    if line.role(at + 1, "year_sign") and line.touches(at + 1) and len(line.key(at)) == 4:
        year = int(line.key(at)) if line.key(at).isdecimal() else None
        at += 2
    month_end = at + 1
    if not (line.is_number(at) and line.key(at).isdecimal() and line.role(month_end, "month_sign")):
        return None
    day_at = month_end + 1
    if not (line.is_number(day_at) and line.role(day_at + 1, "day_sign")):
        return None
    month, day = (
        int(line.key(at)[:4]),
        int(line.key(day_at)[:4]) if line.key(day_at).isdecimal() else 0,
    )
    end = day_at + 2
    if not 1 <= month <= 12 or not 1 <= day <= 31:
        return Day(start, end, None, "bad_date")
    if year:
        return _exact(line, start, end, year, month, day)
    on = _latest(line.scene.today, month, day)
    return Day(start, end, on, None if on else "bad_date")


def _month_sign(line: Line, at: int) -> Day | None:
    """Claim `3月`, `2026年3月` and `5日`, which name no day of their own, as no amount."""
    sign = line.role(at + 1, "year_sign", "month_sign")
    if sign and line.touches(at + 1) and line.key(at).isdecimal():
        is_year = sign.role == "year_sign" and len(line.key(at)) != 4
        if not is_year:
            line.things.append(Thing(at, at + 2, "year"))
            line.claim(at, at + 2, "thing")
    return None


# --- numeric dates


def _numeric(line: Line, at: int) -> Day | None:
    """Read a full numeric date: with a year, in any order that its parts allow."""
    if (
        line.owners[at]
        or line.touches(at)
        and line.is_word(at - 1)
        and line.tokens[at - 1].kind != SPACELESS_WORD
    ):
        return None
    parts, separator, end = _numeric_parts(line, at)
    if len(parts) != 3 or not all(part.isdecimal() and len(part) <= 4 for part in parts):
        return None
    first, second, third = parts
    if line.touches(end) and (line.is_word(end) or line.is_sign(end, "-/")):
        return None
    if len(first) == 4:
        if len(second) > 2 or len(third) > 2:
            return None
        return _exact(line, at, end, int(first), int(second), int(third))
    if len(first) > 2 or len(second) > 2 or len(third) not in (2, 4):
        return None
    return _day_first_or_month_first(line, at, end, (first, second, third), separator)


def _numeric_parts(line: Line, at: int) -> tuple[list[str], str, int]:
    key = line.key(at)
    if key.count(".") == 2 and "," not in key:
        return key.split("."), ".", at + 1
    for separator in "-/":
        if (
            line.is_sign(at + 1, separator)
            and line.is_sign(at + 3, separator)
            and line.is_number(at + 2)
            and line.is_number(at + 4)
            and not any(line.tokens[i].space for i in range(at + 1, at + 5))
        ):
            return [key, line.key(at + 2), line.key(at + 4)], separator, at + 5
    return [], "", at


def _day_first_or_month_first(
    line: Line, at: int, end: int, parts: tuple[str, str, str], separator: str
) -> Day | None:
    a, b, year = int(parts[0]), int(parts[1]), int(parts[2])
    short = len(parts[2]) == 2
    year += 2000 if short else 0
    if year > MAXYEAR or year == 0:
        return Day(at, end, None, "bad_date")
    day_first = 1 <= a <= 31 and 1 <= b <= 12
    month_first = separator != "." and 1 <= b <= 31 and 1 <= a <= 12
    if not day_first and not month_first:
        looks = a <= 31 and b <= 31 and not (short and separator == ".")
        return Day(at, end, None, "bad_date") if looks else None
    swap = month_first and (line.scene.customs.month_first or not day_first)
    day, month = (b, a) if swap else (a, b)
    found = _exact(line, at, end, year, month, day)
    if short and separator == "." and found.reason == "future_date" and len(parts[0]) == 1:
        return None  # 1.2.34 is a version
    ambiguous = day_first and month_first and a != b and found.reason is None
    return Day(found.start, found.end, found.on, found.reason, ambiguous)


def short_day(line: Line, first: int, second: int, *, dotted: bool) -> tuple[date | None, bool]:
    """Return the latest day that `12/3` or `12.3` names, and whether the order is a guess."""
    day_first = 1 <= first <= 31 and 1 <= second <= 12
    month_first = not dotted and 1 <= second <= 31 and 1 <= first <= 12
    if not day_first and not month_first:
        return None, False
    swap = month_first and (line.scene.customs.month_first or not day_first)
    day, month = (second, first) if swap else (first, second)
    return _latest(line.scene.today, month, day), day_first and month_first and first != second
