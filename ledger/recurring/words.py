"""Read the words of a standing entry: `rent 850 monthly on 1`, `Gehalt 3200 am letzten Werktag`.

The words of the rule are taken out of the text one after the other; what is left is the entry, and the
chat's own grammar reads it.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from ledger.recurring.phrases import PhraseReader, next_of_name, words_of
from ledger.recurring.rules import EVERY_MAX, Plan, Rule, Unit

TEXT_MAX = 300
_STEPS: dict[str, tuple[Unit, int]] = {
    "day": ("day", 1),
    "week": ("week", 1),
    "fortnight": ("week", 2),
    "month": ("month", 1),
    "quarter": ("month", 3),
    "half": ("month", 6),
    "year": ("month", 12),
}
_UNITS: dict[str, tuple[Unit, int]] = {
    "days": ("day", 1),
    "weeks": ("week", 1),
    "months": ("month", 1),
    "quarters": ("month", 3),
    "years": ("month", 12),
}
_MONTH_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.)?(?!\d|[.,:/-]\d)", re.IGNORECASE)
_LAST_DAY = 31
_COUNT_MAX = 1200
_LASTING_MAX = _AHEAD_MAX = 999


@dataclass(frozen=True, slots=True)
class RecurringWords:
    """The rule that words describe, and the text that is left."""

    plan: Plan
    rest: str
    """The words of the entry."""
    stepped: bool = True
    """The words name a step; without one it is monthly, which the answer says."""
    varies: bool = False
    reminders: tuple[int, ...] = ()
    """Days before."""


def parse_recurring(text: str, today: date, language: str) -> RecurringWords | None:
    """Return the rule of a standing entry; None where no words are left for the entry.

    None as well where the words name a rule that cannot be, as `every 0 days` or `on 42`. Without a step
    it repeats monthly. The first occurrence is today or later, unless the words name a start.
    """
    code = language.replace("_", "-").split("-")[0].lower()
    reader = PhraseReader(" ".join(text[:TEXT_MAX].split()), words_of(code), code, today)
    for take in _TAKERS:
        take(reader)
    if reader.is_impossible or not reader.text.strip(" ,;:"):
        return None
    rule = _build_rule(reader)
    return RecurringWords(
        plan=Plan(rule, _end_of(reader, rule.start), reader.count),
        rest=reader.text.strip(" ,;:"),
        stepped=bool(reader.step or reader.last_workday or reader.month_day or reader.weekday_day),
        varies=reader.varies,
        reminders=tuple(sorted(set(reader.reminders), reverse=True)),
    )


def take_end_day(text: str, today: date, language: str) -> date | None:
    """Return the day behind `until`, or the one that the whole text names."""
    code = language.replace("_", "-").split("-")[0].lower()
    reader = PhraseReader(text, words_of(code), code, today)
    return reader.take_day("end") or reader.name_end(text.strip(" ,;:"))


def names_step(text: str, language: str) -> bool:
    """Return whether words plainly say that something comes again, as `monthly` does."""
    code = language.replace("_", "-").split("-")[0].lower()
    return _plain_steps(code).search(text) is not None


def without_step(text: str, language: str) -> str:
    """Return words without those that plainly name a step: `rent` of `rent monthly`."""
    code = language.replace("_", "-").split("-")[0].lower()
    return " ".join(_plain_steps(code).sub(" ", text).split())


def _take_reminders(reader: PhraseReader) -> None:
    pattern = rf"(?:(?:{reader.any_of('remind')})\s+)?(\d+)\s+(?:{reader.any_of('days_before')})"
    while found := reader.take(pattern):
        reader.is_impossible |= int(found[1]) > _AHEAD_MAX
        reader.reminders.append(int(found[1]))
    if reader.take(reader.any_of("remind")):
        reader.reminders.append(0)


def _take_end(reader: PhraseReader) -> None:
    reader.until = reader.take_day("end")
    if found := reader.take(rf"(\d+)\s*(?:{reader.any_of('times')})"):
        reader.count = int(found[1])
        reader.is_impossible |= not 1 <= reader.count <= _COUNT_MAX


def _take_lasting(reader: PhraseReader) -> None:
    for key, (unit, factor) in _UNITS.items():
        phrase = rf"(?:{reader.any_of('lasting')})\s+(\d+)\s+(?:{reader.any_of(key)})"
        if found := reader.take(phrase):
            reader.is_impossible |= not 1 <= int(found[1]) <= _LASTING_MAX
            reader.lasting = unit, int(found[1]) * factor
            return


def _end_of(reader: PhraseReader, start: date) -> date | None:
    """Return the last day that the words name, or that they reach from the first occurrence on."""
    if reader.until or reader.lasting is None:
        return reader.until
    unit, number = reader.lasting
    return Rule(unit, number, start).nominal(1) - timedelta(days=1)


def _take_start(reader: PhraseReader) -> None:
    reader.start = reader.take_day("start")


def _take_weekend(reader: PhraseReader) -> None:
    if reader.take(reader.any_of("before_weekend")):
        reader.weekend = "before"
    elif reader.take(reader.any_of("after_weekend")):
        reader.weekend = "after"


def _take_month_end(reader: PhraseReader) -> None:
    on = rf"(?:(?:{reader.any_of('on')})\s+)?(?:the\s+)?"
    if reader.take(rf"{on}(?:{reader.any_of('last_workday')})"):
        reader.last_workday = True
    elif reader.take(rf"{on}(?:{reader.any_of('last_day')})"):
        reader.month_day = _LAST_DAY


def _take_step(reader: PhraseReader) -> None:
    for key, unit in _UNITS.items():
        every = rf"(?:{reader.any_of('every')})\s+(?:(\d+)\.?|{reader.any_of('other')})\s+"
        if found := reader.take(rf"{every}(?:{reader.any_of(key)})"):
            number = int(found[1] or 2) * unit[1]
            reader.is_impossible |= not 1 <= number <= EVERY_MAX
            reader.step = (unit[0], max(1, min(number, EVERY_MAX)))
            return
    for key in sorted(_STEPS, key=lambda one: -max(map(len, reader.words[one]))):
        # A bare `month` could be part of the note, so it counts only at the end.
        if _STEPS[key][0] == "month" and _take_day_behind(reader, key):
            return
        if reader.take(reader.any_of(key)):
            reader.step = _STEPS[key]
            return


def _take_day_behind(reader: PhraseReader, key: str) -> bool:
    """Take a step with its day right behind it, as `850 monthly 10`; a single number is an amount."""
    phrase = rf"(?<!\w)(?:{reader.any_of(key)})\s+{_MONTH_DAY.pattern}\s*$"
    found = re.search(phrase, reader.text, re.IGNORECASE)
    if not found or not 1 <= int(found[1]) <= _LAST_DAY:
        return False
    if not any(map(str.isdecimal, reader.text[: found.start()])):
        return False
    reader.text = reader.text[: found.start()].strip()
    reader.step, reader.month_day = _STEPS[key], int(found[1])
    return True


def _take_on(reader: PhraseReader) -> None:
    behind = reader.any_of("on_after")
    if behind and (found := reader.take(rf"(\d{{1,2}})\s*(?:{behind})")):
        _set_month_day(reader, int(found[1]))
        return
    lead = rf"(?:{reader.any_of('on')})\s+"
    if found := reader.take(rf"{lead}{_MONTH_DAY.pattern}(?=\s*$|\s+(?!\d|{_month_names()}))"):
        _set_month_day(reader, int(found[1]))
        return
    reader.weekday_day = reader.take_day("on") or _take_every_weekday(reader)


def _set_month_day(reader: PhraseReader, day: int) -> None:
    reader.is_impossible |= not 1 <= day <= _LAST_DAY
    reader.month_day = day


def _take_every_weekday(reader: PhraseReader) -> date | None:
    """Take `every friday`, which names the step as well."""
    day = reader.take_day("every")
    if day and reader.step is None:
        reader.step = ("week", 1)
    return day


def _take_varying(reader: PhraseReader) -> None:
    reader.varies = reader.take(reader.any_of("varies")) is not None


_TAKERS = (
    _take_reminders,
    _take_end,
    _take_lasting,
    _take_start,
    _take_weekend,
    _take_month_end,
    _take_step,
    _take_on,
    _take_varying,
)


def _build_rule(reader: PhraseReader) -> Rule:
    unit, every = reader.step or _guess_step(reader)
    start = reader.start or reader.today
    rule = Rule(unit, every, start, reader.month_day, reader.last_workday, reader.weekend)
    if unit == "day":
        return rule
    if unit == "week":
        named = reader.weekday_day or start
        return replace(rule, start=start + timedelta(days=(named.weekday() - start.weekday()) % 7))
    if reader.weekday_day and every % 12 == 0:
        return replace(rule, start=next_of_name(reader.weekday_day, start))
    return replace(rule, start=_first_in_month(rule, start))


def _guess_step(reader: PhraseReader) -> tuple[Unit, int]:
    """Return the step that a day alone suggests; nothing at all is monthly."""
    named = reader.weekday_day
    near = named is not None and abs((named - reader.today).days) < 7  # noqa: PLR2004  # days of a week
    return ("week", 1) if near and reader.month_day is None else ("month", 1)


def _first_in_month(rule: Rule, earliest: date) -> date:
    """Return the first day of the rule from a day on, in that month or the next."""
    first = earliest.replace(day=1)
    for _ in range(2):
        day = (
            replace(rule, start=first).nominal(0)
            if rule.last_workday
            else _on_day(rule, first, earliest)
        )
        if day >= earliest:
            return day
        first = (first + timedelta(days=32)).replace(day=1)
    return first


def _on_day(rule: Rule, first: date, earliest: date) -> date:
    wanted = rule.month_day or earliest.day
    return first.replace(day=min(wanted, monthrange(first.year, first.month)[1]))


@cache
def _plain_steps(language: str) -> re.Pattern[str]:
    """Return the pattern of the words that plainly name a step; every typed note is looked at."""
    words = words_of(language)
    phrases = "|".join(map(re.escape, (*words["plain_step"], *words["last_workday"])))
    return re.compile(rf"(?<!\w)(?:{phrases})(?!\w)", re.IGNORECASE)


@cache
def _month_names() -> str:
    from ledger.receipt.fields.dates import list_month_names  # noqa: PLC0415  # loads with the first rule

    return "|".join(sorted(map(re.escape, list_month_names()), key=len, reverse=True))
