"""Read days relative to today: `yesterday`, `last friday`, `3 days ago`, `неделю назад`."""

from __future__ import annotations

from datetime import timedelta

from ledger.text.dates.calendar_days import checked_day, days_ago
from ledger.text.dates.conventions import is_no_day
from ledger.text.lines.line import Day, TextLine
from ledger.text.numbers.currencies import find_word
from ledger.text.vocabulary import Meaning

WEEK = 7
COUNT_DIGITS = 12


def read_day_word(line: TextLine, at: int) -> Day | None:
    """Read `today`, `yesterday`, `the day before yesterday`, `tomorrow`."""
    meaning = line.role(at, "day")
    if meaning is None or is_no_day(line.key(at), line.context.conventions.region):
        return None
    on = line.context.today + timedelta(days=meaning.value)
    return checked_day(line.context, at, at + meaning.length, on)


# --- weekdays


def read_weekday(line: TextLine, at: int) -> Day | None:
    """Read a weekday: the most recent one; with `last` it is never today, with `next` it comes."""
    start, today = at, line.context.today
    led = line.role(at, "last", "this", "next")
    at += led.length if led else 0
    if week := line.role(at, "last_week"):
        monday = today - timedelta(days=today.weekday() + WEEK)
        return Day(start, at + week.length, monday + timedelta(days=week.value))
    meaning = line.role(at, "weekday") or _short_weekday(line, at, led=led is not None)
    if meaning is None:
        return None
    end = at + meaning.length
    if led is None and (led := line.role(end, "last", "next")):
        end += led.length
    back = (today.weekday() - meaning.value) % WEEK
    if led and led.role == "next":
        return checked_day(line.context, start, end, today + timedelta(days=WEEK - back))
    if led and led.role == "last":
        back = back or WEEK
    return Day(start, end, today - timedelta(days=back))


def _short_weekday(line: TextLine, at: int, *, led: bool) -> Meaning | None:
    """Accept `fri` in the chat's own language where it cannot be another word."""
    meaning = line.role(at, "weekday_short")
    if meaning is None or meaning.language != line.context.vocabulary.language:
        return None
    if _is_own_currency(line, at):
        return None
    if led or line.is_sign(at + 1, ".:"):
        return meaning
    edge = at + 1 == len(line.tokens) or line.role_before(at, "with")
    if at and edge and not line.is_word(at + 1):
        return meaning
    leads = not at and line.is_word(1) and not line.role(at, "plain")
    return meaning if leads and len(line.key(at)) > 1 and _has_amount(line) else None


def _has_amount(line: TextLine) -> bool:
    """Return whether a number is there that may be an amount."""
    return any(line.is_number(i) for i in range(len(line.tokens)))


def _is_own_currency(line: TextLine, at: int) -> bool:
    """Return whether this is the chat's currency next to its number: `Fr. 4.50` in Swiss francs."""
    word = find_word(line.key(at))
    if word is None or line.context.chat.currency not in word.codes:
        return False
    after = at + 2 if line.is_sign(at + 1, ".") else at + 1
    is_led = line.role_before(at, "with") is not None
    return line.is_number(at - 1) or (line.is_number(after) and not is_led)


# --- so long ago


def read_ago(line: TextLine, at: int) -> Day | None:
    """Read `vor 3 Tagen`, `il y a 3 jours`, `a week ago`, `неделю назад`."""
    if before := line.role(at, "ago_before"):
        return _behind(line, at, at + before.length, arabic=before.language == "ar")
    if line.role(at, "small"):
        return read_number_ago(line, at)
    unit = line.role(at, "span")
    if unit and (after := line.role(at + unit.length, "ago_after")):
        return days_ago(line.context, at, at + unit.length + after.length, unit.value)
    return None


def read_number_ago(line: TextLine, at: int) -> Day | None:
    """Read `3 days ago`, `3天前`."""
    span = _span(line, at)
    if span and (after := line.role(span[1], "ago_after")):
        return days_ago(line.context, at, span[1] + after.length, span[0])
    return None


def _behind(line: TextLine, start: int, at: int, *, arabic: bool) -> Day | None:
    """Read the span behind `vor`, `hace`, `قبل`; a word such as atrás may close it."""
    span = _span(line, at)
    unit = line.role(at, "span")
    if span is None and arabic and unit:  # قبل أسبوع
        span = unit.value, at + unit.length
    if span is None:
        return None
    after = line.role(span[1], "ago_after")
    return days_ago(line.context, start, span[1] + (after.length if after else 0), span[0])


def _span(line: TextLine, at: int) -> tuple[int, int] | None:
    """Read `3 days` or `two weeks`: how many days, and the token behind."""
    small = line.role(at, "small")
    numeric = line.is_number(at) and line.key(at).isdecimal()
    if not numeric and small is None:
        return None
    count = small.value if small else int(line.key(at)[:COUNT_DIGITS])
    unit = line.role(at + 1, "span")
    if unit is None:  # the Arabic dual is one word: يومين
        return (count, at + 1) if small and small.language == "ar" else None
    if numeric and count != 1 and line.role(at + 1, "single"):
        return None  # 450 неделю назад: the number is the amount
    return count * unit.value, at + 1 + unit.length
